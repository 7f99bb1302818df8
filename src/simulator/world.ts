import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import { concerns, isDuring, type Scenario, type ScenarioEvent, type ScenarioHub, type Season } from './scenario.ts';

/** What is true of a hub in one minute, before anybody publishes it. */
interface DayOfHub {
  readonly attempts: Float64Array;
  readonly accepted: Float64Array;
  readonly throttled: Float64Array;
  readonly used: Float64Array;
  readonly connected: Float64Array;
}

export interface HubFacts {
  readonly sku: string;
  readonly units: number;
  readonly state: string;
  readonly deleted: boolean;
}

/** The simulated Azure: what happens in it is a pure function of the scenario and the minute. */
export interface World {
  readonly scenario: Scenario;
  /** The true value of a metric in the minute that starts at `at`; `undefined` where the hub has no such traffic. */
  truth(hub: ScenarioHub, metric: string, at: EpochMs): number | undefined;
  /** SKU, units and state as Azure Resource Manager shows them at `now`. */
  facts(hub: ScenarioHub, now: EpochMs): HubFacts;
  messagesPerDay(hub: ScenarioHub, now: EpochMs): number;
  /** The events that concern the hub, in the order of the file. */
  eventsOf(hub: ScenarioHub): readonly ScenarioEvent[];
}

/** Device-to-cloud sends per second that one hub takes. @see https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling */
function sendsPerSecond(sku: string, units: number): number {
  if (/3$/.test(sku)) return 6000 * units;
  if (/2$/.test(sku)) return 120 * units;
  return Math.max(100, 12 * units);
}

const perUnit: ReadonlyMap<string, number> = new Map(
  Object.entries({
    F1: 8_000,
    B1: 400_000,
    S1: 400_000,
    B2: 6_000_000,
    S2: 6_000_000,
    B3: 300_000_000,
    S3: 300_000_000,
  }),
);

/** Traffic shaping queues this many minutes of the limit's worth before it refuses. */
const queueMinutes = 2;
/** Days kept; a day is simulated again when it is asked for after having been dropped. */
const daysKept = 6_000;

export function createWorld(scenario: Scenario): World {
  const events = new Map<number, readonly ScenarioEvent[]>();
  const days = new Map<string, DayOfHub>();

  function eventsOf(hub: ScenarioHub): readonly ScenarioEvent[] {
    let own = events.get(hub.index);
    if (!own) {
      own = scenario.events.filter((event) => concerns(event, hub.name));
      events.set(hub.index, own);
    }
    return own;
  }

  function facts(hub: ScenarioHub, now: EpochMs): HubFacts {
    let { sku, units } = hub;
    let state = 'Active';
    let deleted = false;
    for (const event of eventsOf(hub)) {
      if (!isDuring(event, now - scenario.startsAt)) continue;
      if (event.kind === 'sku') {
        sku = event.sku ?? sku;
        units = event.units ?? units;
      } else if (event.kind === 'state') state = event.state;
      else if (event.kind === 'deleted') deleted = true;
    }
    return { sku, units, state, deleted };
  }

  function messagesPerDay(hub: ScenarioHub, now: EpochMs): number {
    const { sku, units } = facts(hub, now);
    return hub.messagesPerDay ?? (perUnit.get(sku) ?? 400_000) * units;
  }

  function day(hub: ScenarioHub, at: EpochMs): DayOfHub {
    const from = floorTo(at, DAY);
    // Hubs of one `count` that nothing tells apart share their days; otherwise thousands of hubs would not fit.
    const own = eventsOf(hub).map((event) => scenario.events.indexOf(event));
    const key = `${String(from)} ${String(own)} ${hub.name.replace(/-\d+$/, '')} ${String(hub.index % 100)}`;
    let found = days.get(key);
    if (!found) {
      found = simulateDay(hub, from);
      if (days.size >= daysKept) days.delete(days.keys().next().value ?? '');
      days.set(key, found);
    }
    return found;
  }

  function simulateDay(hub: ScenarioHub, from: EpochMs): DayOfHub {
    const minutes = DAY / MINUTE;
    const result: DayOfHub = {
      attempts: new Float64Array(minutes),
      accepted: new Float64Array(minutes),
      throttled: new Float64Array(minutes),
      used: new Float64Array(minutes),
      connected: new Float64Array(minutes),
    };
    const own = eventsOf(hub);
    const startMinute = Math.floor((scenario.startsAt - from) / MINUTE);
    let backlog = 0;
    let used = 0;
    let quotaSet = -1;
    for (let i = 0; i < minutes; i++) {
      const at = from + i * MINUTE;
      const since = at - scenario.startsAt;
      const usual =
        hub.connected * swing(hub.presence, at) * (1 + hub.noise * 0.3 * noise(scenario.seed, hub.index, 1, at));
      let present = 1;
      let factor = 1;
      let perMinute: number | undefined;
      if (since >= 0)
        for (const [index, event] of own.entries()) {
          if (event.kind === 'devices') present *= presence(event, since);
          if (!isDuring(event, since)) continue;
          if (event.kind === 'sends') {
            factor *= event.factor ?? 1;
            perMinute = event.perMinute ?? perMinute;
          } else if (event.kind === 'quota' && quotaSet !== index) {
            quotaSet = index;
            used = event.share * messagesPerDay(hub, at);
          }
        }
      if (hub.renewal) present *= 1 - renewalDip(hub.renewal, at);
      result.connected[i] = Math.max(0, Math.round(usual * present));

      const base = perMinute ?? hub.sendsPerMinute * swing(hub.season, at) * factor;
      const attempts = Math.max(
        0,
        Math.round(base * Math.min(present, 1.5) * (1 + hub.noise * noise(scenario.seed, hub.index, 2, at))),
      );
      const { sku, units } = facts(hub, at);
      const limit = sendsPerSecond(sku, units) * 60;
      const quota = messagesPerDay(hub, at);
      if (i === startMinute && hub.quotaUsed !== undefined) used = hub.quotaUsed * quota;
      const served = Math.min(limit, backlog + attempts, Math.max(0, quota - used));
      const waiting = backlog + attempts - served;
      const refused = used + served >= quota ? 0 : Math.max(0, waiting - limit * queueMinutes);
      backlog = used + served >= quota ? 0 : waiting - refused;
      used += served;
      result.attempts[i] = attempts;
      result.accepted[i] = served;
      result.throttled[i] = Math.round(refused);
      result.used[i] = Math.round(used);
    }
    return result;
  }

  function truth(hub: ScenarioHub, metric: string, at: EpochMs): number | undefined {
    const since = at - scenario.startsAt;
    for (const event of eventsOf(hub)) {
      if (!isDuring(event, since)) continue;
      if (event.kind === 'metric' && event.metric === metric)
        return event.value * (1 + hub.noise * noise(scenario.seed, hub.index, 3, at));
      if (event.kind === 'stuck' && event.metrics.includes(metric))
        return truthOf(hub, metric, scenario.startsAt + event.at);
    }
    return truthOf(hub, metric, at);
  }

  function truthOf(hub: ScenarioHub, metric: string, at: EpochMs): number | undefined {
    const minute = Math.floor((at % DAY) / MINUTE);
    switch (metric) {
      case 'd2c.telemetry.ingress.allProtocol':
        return day(hub, at).attempts[minute];
      case 'd2c.telemetry.ingress.success':
        return day(hub, at).accepted[minute];
      case 'd2c.telemetry.ingress.sendThrottle': {
        // Azure leaves it to the provider whether a quiet minute is a zero or nothing at all: half of the hubs do either.
        const throttled = day(hub, at).throttled[minute];
        return throttled === 0 && hub.index % 2 === 1 ? undefined : throttled;
      }
      case 'dailyMessageQuotaUsed':
        return day(hub, at).used[minute];
      case 'connectedDeviceCount':
        return day(hub, at).connected[minute];
      case 'totalDeviceCount':
        return hub.devices;
      default:
        return undefined;
    }
  }

  return { scenario, truth, facts, messagesPerDay, eventsOf };
}

/** How far a daily and weekly season lifts or lowers the usual level at `at`: a factor around 1. */
export function swing(season: Season, at: EpochMs): number {
  const hour = (at % DAY) / HOUR;
  const weekday = new Date(at).getUTCDay();
  const weekend = weekday === 0 || weekday === 6 ? 1 - season.weekend : 1;
  return weekend * (1 + season.day * Math.cos(((hour - season.peakHour) / 24) * 2 * Math.PI));
}

/** The share of devices that the event leaves connected: falls along the ramp, and comes back along it too. */
function presence(event: Extract<ScenarioEvent, { kind: 'devices' }>, since: number): number {
  const inside = since - event.at;
  if (inside < 0) return 1;
  const down = event.ramp === 0 ? 1 : Math.min(1, inside / event.ramp);
  const back = inside - event.for;
  const up = back < 0 ? 0 : event.ramp === 0 ? 1 : Math.min(1, back / event.ramp);
  return 1 + (event.share - 1) * Math.max(0, down - up);
}

function renewalDip(renewal: { readonly every: number; readonly share: number }, at: EpochMs): number {
  const phase = at % renewal.every;
  return phase < 2 * MINUTE ? renewal.share * (1 - phase / (2 * MINUTE)) : 0;
}

/** Roughly standard normal, the same for the same hub, stream and minute. */
export function noise(seed: number, hub: number, stream: number, at: EpochMs): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) sum += uniform(seed, hub, stream * 8 + i, at);
  return (sum - 2) * Math.sqrt(3);
}

/** Uniform in [0, 1), the same for the same arguments. */
export function uniform(seed: number, hub: number, stream: number, at: EpochMs): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(hub + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15) ^ stream, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 13) ^ Math.floor(at / MINUTE), 0x165667b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h ^= h >>> 13;
  return (h >>> 0) / 0x1_0000_0000;
}
