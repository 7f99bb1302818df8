import type { Signal } from '../../detection/evaluation.ts';
import { isLogSignal } from '../../diagnosis/log-watch.ts';
import { formats } from './format.ts';
import { differencePercent, fromRuleName, worthTelling, type Told } from './problem.ts';

const { number, percent, time } = formats('en-GB', { d: 'd', h: 'h', min: 'min', s: 's' });

const signals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    throttling: 'Throttling',
    quota: 'Daily message quota',
    'connected-devices': 'Connected devices',
    telemetry: 'Messages from devices',
    'no-data': 'No data',
    visibility: 'Hubwatch cannot see',
    'logs-429': 'Throttling in the logs',
    'logs-403002': 'Quota refusals in the logs',
    'logs-403004': 'Full queues in the logs',
    'logs-409002': 'Duplicate identities in the logs',
    'logs-401': 'Refused credentials in the logs',
    'logs-500': 'Server errors in the logs',
    'logs-504101': 'Gateway timeouts in the logs',
    'logs-connections': 'New connections',
    'twin-reads': 'Twin reads',
    'twin-updates': 'Twin updates',
    'twin-queries': 'Twin queries',
    'direct-methods': 'Direct method calls',
  }),
);

export function signalEn(signal: Signal): string {
  return signals.get(signal) ?? fromRuleName(signal);
}

/** What is wrong, as the beginning of a sentence. */
export function problemEn(told: Told): string {
  const { signal, numbers, metric, reason, code } = told;
  const { value, expected, total } = numbers;
  if (reason === 'many-hubs')
    return `${number(total ?? 0)} hubs have the same trouble (${signalEn(signal).toLowerCase()}), ${number(value ?? 0)} of them still`;
  if (reason === 'near-rate') return nearRate(told);
  if (isLogSignal(signal))
    return `The logs show ${code ?? 'errors'}: ${number(value ?? 0)} records in ten minutes, where ${number(expected ?? 0)} are usual`;
  switch (signal) {
    case 'throttling':
      return throttling(told);
    case 'quota':
      return quota(told);
    case 'connected-devices':
      return connected(told);
    case 'telemetry':
      return `Devices are connected but send little: ${number(value ?? 0)} messages in half an hour${expected === undefined ? '' : `, where ${number(expected)} are usual`}`;
    case 'no-data':
      return noData(told);
    case 'visibility':
      if (reason === 'undeliverable')
        return `Cards do not reach ${number(value ?? 0)} ${value === 1 ? 'conversation' : 'conversations'} that should receive alerts: Teams refuses them, or the bot is no longer a member there`;
      if (reason === 'rules-unread')
        return 'The metrics of some rules cannot be read, so these rules are blind: "why not <hub>" names them. A metric name that Azure does not know, in the rules file, is a usual reason';
      return `No metrics can be read: ${blindness.get(reason) ?? reason}. The state of these hubs is unknown`;
    default:
      return `${metric} is unusual${value === undefined ? '' : `: ${number(value)} in five minutes`}${expected === undefined ? '' : `, expected about ${number(expected)}`}`;
  }
}

function nearRate({ signal, numbers }: Told): string {
  return `${signalEn(signal)} are at ${percent(numbers.ratio ?? 0)} of what this hub takes (${rateEn(numbers)})`;
}

/** `94 of 100 per second` */
export function rateEn({ value = 0, limit = 0 }: Told['numbers']): string {
  // Rates such as 20 a minute read badly as a third of a call per second.
  const [factor, unit] = limit < 2 ? [60, 'minute'] : [1, 'second'];
  return `${number(value * factor)} of ${number(limit * factor)} per ${unit}`;
}

function throttling({ reason, numbers: { ratio, total } }: Told): string {
  // Attempts far below the rate are the calm after it, and say nothing about what was refused.
  const attempts =
    ratio === undefined || ratio < worthTelling ? '' : ` (attempts are at ${percent(ratio)} of its send rate)`;
  const refused = total === undefined || total === 0 ? '' : `: ${number(total)} refused so far`;
  if (reason === 'attempts-above-rate') return `Devices try to send more than this hub takes${refused}${attempts}`;
  const again = reason === 'recurring-throttling' ? 'again and again ' : '';
  return `The hub ${again}refuses messages from devices${refused}${attempts}`;
}

function quota({
  numbers: { value, limit, ratio = 0, forecastAt, forecastEarliestAt, forecastLatestAt },
}: Told): string {
  if (ratio >= 1)
    return `Today's message quota is used up${limit === undefined ? '' : ` (${number(limit)} messages)`}; the hub refuses messages until 00:00 UTC`;
  const used = `${percent(ratio)} of today's message quota is used${limit === undefined || value === undefined ? '' : ` (${number(value)} of ${number(limit)})`}`;
  if (forecastAt === undefined) return used;
  const early = forecastEarliestAt === undefined ? undefined : time(forecastEarliestAt);
  const late = forecastLatestAt === undefined ? undefined : time(forecastLatestAt);
  const range = early === undefined || late === undefined || early === late ? '' : ` (between ${early} and ${late})`;
  return `${used}; as it goes on it is used up at about ${time(forecastAt)}${range}`;
}

function connected({ reason, numbers: { value, expected, confidence } }: Told): string {
  if (value === undefined || expected === undefined) return 'The number of connected devices is unusual';
  const usual = `${number(expected)} are usual at this hour`;
  const unsure = confidence !== undefined && confidence < 0.3 ? ', as far as the short history tells' : '';
  if (value === 0) return `No device is connected where ${usual}${unsure}`;
  const figures = `${number(value)} devices are connected where ${usual} (${number(differencePercent(value, expected))}%)${unsure}`;
  switch (reason) {
    case 'slow-drain':
      return `Devices have been leaving for hours: ${figures}`;
    case 'slow-leak':
      return `Devices have been getting fewer for days: ${figures}`;
    case 'reconnect-storm':
      return `Devices drop and connect again and again: ${figures}`;
    default:
      return figures;
  }
}

function noData({ reason, metric, numbers: { value } }: Told): string {
  if (reason === 'stuck-metric')
    return `${metric} repeats the same value${value === undefined ? '' : ` (${number(value)})`}, which it never did for so long: it may have stopped telling the truth`;
  if (reason === 'silent-metric')
    return `Azure Monitor has no new points of ${metric}, while other metrics of the hub go on`;
  return 'Azure Monitor has no new points for this hub, while it answers for others';
}

const blindness: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'azure.auth': 'Azure refuses access: the identity lacks a role',
    'azure.throttled': 'Azure throttles the reads',
    'azure.unavailable': 'Azure does not answer',
    'azure.malformed': 'Azure answers in a form that cannot be read',
    'azure.refused': 'Azure refuses the reads',
    'azure.not-found': 'Azure does not know them',
    'timer-missed': 'the timer of Hubwatch did not run',
  }),
);
