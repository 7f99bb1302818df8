import type { AllReasons, UnavailableWords } from './reasons.ts';

export const reasonsEn: AllReasons = {
  'throttle-metric': {
    why: (figure) => `the hub counted ${figure('count')} refused sends, and this metric counts nothing else`,
    check: 'Attempts per second near the limit of the tier and units confirm it.',
  },
  'near-send-limit': {
    why: () => 'devices try to send nearly as much as the hub takes; it refuses nothing yet',
    check: 'It is confirmed as soon as the metric of refused sends leaves zero.',
  },
  'near-operation-rate': {
    why: (_, percent) =>
      `calls of this operation are at ${percent('ratio')} of the rate that the size of the hub gives it; above it they are refused with 429`,
    check:
      'The logs then show 429 in the category of the operation; a back end that polls in a loop is the usual reason.',
    steps: [
      'Find the caller: most often a back end or a new release that polls in a loop. Its own log, or the category of the operation in the logs of the hub, tells.',
      'Let it ask less often: keep what it has read, or react to notifications of changes instead.',
      'Spread scheduled runs over all devices out in time.',
    ],
  },
  'near-connection-rate': {
    why: (_, percent) =>
      `devices connect at ${percent('ratio')} of the rate that the size of the hub allows; above it they are turned away and try again`,
    check: 'Devices that wait a random time before they connect again keep below it.',
    steps: [
      'Look at why connections end: 404104, 401003 and 409002 in the logs each have another reason.',
      'Let devices wait longer after each attempt, with a random part, before they connect again.',
      'Leave the hub as it is meanwhile: a failover makes every device connect again.',
    ],
  },
  'one-noisy-device': {
    why: (figure, percent) => `one device makes ${percent('share')} of these errors`,
    check: 'If the errors go on after that device is stopped, the fleet as a whole is over the limit.',
  },
  'sends-refused-in-logs': {
    why: (figure) => `${figure('count')} refused sends in the logs; the metric of refused sends does not show them yet`,
    check: 'The metric follows within minutes; attempts per second near the limit of the tier and units confirm it.',
  },
  'throttled-operation': {
    why: (figure) =>
      `${figure('count')} records in ${figure('category')}, while the metric of refused sends is quiet: another operation than telemetry is over its rate`,
    check: 'The log category names the operation: twins, methods, registry, jobs or connections.',
  },
  'throttling-drops-connections': {
    why: () => 'over MQTT the hub closes connections instead of answering 429',
    check: 'Connections should come back as soon as the throttling ends.',
  },
  'quota-exhausted': {
    why: () => 'the daily message counter has reached the limit of the hub',
    check: 'Accepted messages are zero while attempts go on; it ends at 00:00 UTC.',
  },
  'quota-near': {
    why: (figure, percent) => `${percent('ratio')} of the daily messages are used; this is what devices get at 100%`,
    check: 'It is avoided if the day ends before the counter reaches the limit.',
  },
  'quota-drops-connections': {
    why: () => 'the daily quota is used up, and the hub then closes MQTT connections',
    check: 'A drop that began before the quota reached 100% has another cause.',
  },
  'quota-soon': {
    why: (figure, percent) =>
      `${percent('ratio')} of the daily quota is used, and traffic at the throttle limit empties it fast`,
    check: 'Compare the quota of the day with the rate of accepted messages.',
  },
  'platform-unhealthy': {
    why: (figure) => `Azure Resource Health calls the hub ${figure('state')}, and not because of its own load`,
    check: 'Resource Health and Azure status show when Microsoft has repaired it.',
  },
  'server-errors': {
    why: (figure) => `${figure('count')} server errors in the logs, far more than before`,
    check: 'Resource Health tells whether the platform or the load is behind them.',
  },
  'platform-upgrade': {
    why: (figure) => `${figure('count')} records that Azure writes while it upgrades the service`,
    check: 'It passes within minutes; if it lasts over a quarter of an hour it is something else.',
  },
  'hub-not-active': {
    why: (figure) => `Azure says the hub is "${figure('state')}", not Active`,
    check: 'The activity log of the hub shows who or what changed it.',
  },
  'credentials-refused': {
    why: (figure) => `${figure('devices')} devices were refused, and they have not come back`,
    check: 'Descriptions in the log name an expired token, a wrong key or thumbprint, or a wrong clock.',
  },
  'token-renewal': {
    why: (figure, percent) =>
      `devices renewed their tokens: ${percent('back')} of those that dropped were back within two minutes`,
    check: 'It repeats at the lifetime of the tokens. If devices stay away it is no renewal.',
  },
  'devices-disabled': {
    why: (figure) => `${figure('devices')} devices were refused because they are disabled`,
    check: 'The registry shows them as disabled; the number of registered devices has not changed.',
  },
  'devices-deleted': {
    why: (figure) => `${figure('devices')} devices are not in the registry any more`,
    check: 'The number of registered devices has fallen.',
  },
  'duplicate-identity': {
    why: (figure) => `${figure('count')} connections pushed out an older one with the same identity`,
    check: 'A few devices that flap without end share one identity; a whole fleet would be recovering from a drop.',
  },
  'reconnecting-after-drop': {
    why: () => 'devices come back before the hub has noticed that they were gone: an effect of the drop',
    check: 'It fades within minutes once the drop is over.',
  },
  'connections-closed-at-once': {
    why: (figure) =>
      `${figure('devices')} devices lost their connection in the same minute, and nothing else is logged`,
    check: 'A cut in one bin points to the hub or one network path; look for 500xxx and at one common address range.',
  },
  'connections-closed-gradually': {
    why: (figure) =>
      `${figure('devices')} devices vanished one keep-alive after the other, as when a network or site is lost`,
    check: 'A shared address range, mobile operator or site confirms it.',
  },
  'endpoint-full': {
    why: (figure) => `a routing endpoint refused ${figure('count')} deliveries because it is full`,
    check: 'The Routes records name the endpoint; its own quota and consumers tell why.',
  },
  'queue-full': {
    why: (figure) => `${figure('count')} commands met a full queue: 50 are already waiting for the device`,
    check: 'Devices that are offline or do not complete their commands have full queues.',
  },
  'logged-errors': {
    why: (figure) => `${figure('count')} records in ${figure('category')}, far more than before`,
    check: 'Open the query to see which devices and operations they come from.',
  },
  'look-at-network': {
    why: () => 'devices that lose their network are missed one after the other, within minutes',
    check: 'Look for a site, operator or address range that the missing devices share.',
  },
  'look-at-server-errors': {
    why: () => 'a fault of the hub closes connections and logs 500xxx at the same minute',
    check: 'Look at Resource Health and for 500xxx records.',
  },
  'look-at-credentials': {
    why: () => 'an expired or rotated credential keeps devices out',
    check: 'Look for 401003 records, and ask what was rotated or deployed.',
  },
  'rule-names-family': {
    why: () => 'the metric of this rule points to it',
    check: 'The resource logs of the hub name the code.',
  },
};

export const unavailableEn: UnavailableWords = {
  'switched-off': 'reading logs is switched off (HUBWATCH_LOGS=off)',
  'no-permission': 'access is refused: give the identity of Hubwatch the role "Log Analytics Reader"',
  'no-workspace': 'there is no such workspace: check HUBWATCH_LOGS',
  'no-diagnostic-setting': 'no records at all: the hub has no diagnostic setting that sends its logs to a workspace',
  throttled: 'Azure throttles the log queries; they are tried again',
  'no-answer': 'Azure does not answer the log queries; they are tried again',
  unreadable: 'the answer of Azure cannot be read',
};
