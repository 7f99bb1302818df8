import { DAY, HOUR, MINUTE, type EpochMs, type Span } from '../../../src/time/time.ts';
import { arrivals, between, chance, pick, scaleBetween, whole, type Random } from './random.ts';
import { fleetOf, type Fleet } from './fleet.ts';

/** Something that happens to the number of connected devices: a factor over time. */
export interface DeviceEvent extends Span {
  readonly kind:
    | 'cliff'
    | 'partial-drop'
    | 'drain'
    | 'leak'
    | 'surge'
    | 'storm'
    | 'deployment'
    | 'restart'
    | 'level-shift'
    | 'maintenance-dip';
  /** Share of devices lost (or gained, if negative). */
  readonly share: number;
  /** How long it takes to get there, and to come back. */
  readonly rampMs: number;
  readonly recoveryMs: number;
  /** Storms: period of the waves. */
  readonly periodMs: number;
}

/** Something that happens to the messages of a hub. */
export interface TrafficEvent extends Span {
  readonly kind:
    'burst' | 'hourly-bursts' | 'sustained-throttle' | 'recurring-throttle' | 'runaway' | 'stall' | 'busy-day';
  /** Refused sends per busy minute; or the factor on messages. */
  readonly size: number;
  /** Recurring throttling: a burst every so many minutes, so many minutes long. */
  readonly everyMs: number;
  readonly lastsMs: number;
}

/** Something that happens to the data on its way. */
export interface DataFault extends Span {
  readonly kind: 'late' | 'partial-first' | 'zero-first' | 'missing' | 'stuck';
  readonly delayMs: number;
  readonly share: number;
}

/** What one hub lives through, all chosen by the seed. */
export interface Story {
  readonly span: Span;
  readonly grainMs: number;
  readonly sku: string;
  readonly units: number;
  readonly quotaPerDay: number;
  readonly sendsPerSecond: number;
  readonly fleet: Fleet;
  readonly holidays: readonly number[];
  /** When local clocks go forward one hour; after the span if they do not. */
  readonly clockChangeAt: EpochMs;
  readonly devices: readonly DeviceEvent[];
  readonly traffic: readonly TrafficEvent[];
  readonly faults: readonly DataFault[];
  readonly maintenance: readonly Span[];
  /** Share of the daily quota that a usual day needs. */
  readonly quotaShare: number;
  /** Month's end needs so much more. */
  readonly monthEnd: number;
  readonly monthEndDay: number;
  readonly dataDelayMs: number;
  readonly singleFaults: { readonly missing: number; readonly late: number; readonly partial: number };
  /** Idle counters publish nothing at all instead of zero. */
  readonly silentZeros: boolean;
}

const WARM_UP_DAYS = 8;

export function storyOf(random: Random, grainMs: number, weeks: number): Story {
  const start = Date.UTC(2026, 2, 2 + whole(random, 0, 6)) + (chance(random, 0.5) ? whole(random, 0, 23) * HOUR : 0);
  const span = { from: start, to: start + weeks * 7 * DAY };
  const fleet = fleetOf(random);
  const edition = editionFor(random, fleet.devices);
  const clear: Span = { from: start + WARM_UP_DAYS * DAY, to: span.to - 12 * HOUR };
  const devices = deviceEvents(random, span, clear, fleet);
  const maintenance = maintenanceOf(random, clear, devices);
  return {
    span,
    grainMs,
    ...edition,
    fleet,
    holidays: arrivals(random, span.from + 9 * DAY, span.to, chance(random, 0.3) ? 0.4 : 0).map((at) =>
      Math.floor(at / DAY),
    ),
    clockChangeAt: chance(random, 0.25) ? Date.UTC(2026, 2, 29, 1) : Number.POSITIVE_INFINITY,
    devices: [...devices, ...maintenance.dips],
    maintenance: maintenance.spans,
    traffic: trafficEvents(random, span, clear, edition.sendsPerSecond),
    faults: faultsOf(random, span),
    quotaShare: pick(random, [between(random, 0.05, 0.6), between(random, 0.3, 0.8), between(random, 0.75, 0.93)]),
    monthEnd: chance(random, 0.4) ? between(random, 1.02, 1.15) : 1,
    monthEndDay: whole(random, 12, 20),
    dataDelayMs: between(random, 0.8, 2.6) * MINUTE,
    singleFaults: {
      missing: pick(random, [0, 0.001, 0.01]),
      late: pick(random, [0, 0.002, 0.02]),
      partial: pick(random, [0, 0, 0.01, 0.1]),
    },
    silentZeros: chance(random, 0.4),
  };
}

function editionFor(random: Random, devices: number): Pick<Story, 'sku' | 'units' | 'quotaPerDay' | 'sendsPerSecond'> {
  if (devices < 100 && chance(random, 0.3)) return { sku: 'F1', units: 1, quotaPerDay: 8_000, sendsPerSecond: 100 };
  const sku = devices > 50_000 && chance(random, 0.3) ? 'S3' : pick(random, ['S1', 'S1', 'S2']);
  const units = sku === 'S3' ? 1 : whole(random, 1, 4);
  if (sku === 'S3') return { sku, units, quotaPerDay: 300_000_000, sendsPerSecond: 6_000 };
  if (sku === 'S2') return { sku, units, quotaPerDay: 6_000_000 * units, sendsPerSecond: 120 * units };
  return { sku, units, quotaPerDay: 400_000 * units, sendsPerSecond: Math.max(100, 12 * units) };
}

function deviceEvents(random: Random, span: Span, clear: Span, fleet: Fleet): DeviceEvent[] {
  const events: DeviceEvent[] = [];
  const perWeek = pick(random, [0, 0.5, 1, 2, 3]);
  // What a person would call an incident stands out of the noise of this very fleet.
  const noise =
    fleet.minuteNoise + fleet.correlated.size + fleet.wander.size + fleet.dayNoise + fleet.renewal.share / 4;
  const least = Math.min(0.9, Math.max(0.1, 6 / fleet.devices + 2 / Math.sqrt(fleet.devices), 6 * noise));
  const free = (from: number, to: number): boolean =>
    events.every((event) => to + 8 * HOUR < event.from || from > event.to + 8 * HOUR);
  const add = (event: DeviceEvent): void => {
    if (event.to < clear.to && free(event.from, event.to)) events.push(event);
  };
  for (const at of arrivals(random, clear.from, clear.to, perWeek)) {
    const kind = pick(random, ['cliff', 'partial-drop', 'partial-drop', 'drain', 'surge', 'storm', 'leak'] as const);
    const event = { kind, from: at, rampMs: 0, recoveryMs: between(random, 0, 25) * MINUTE, periodMs: 0 };
    if (kind === 'cliff')
      add({
        ...event,
        share: between(random, 0.85, 1),
        to: at + scaleBetween(random, 25, 500) * MINUTE,
        rampMs: whole(random, 0, 6) * MINUTE,
      });
    else if (kind === 'partial-drop')
      add({
        ...event,
        share: between(random, least, Math.max(least, 0.6)),
        to: at + scaleBetween(random, 30, 900) * MINUTE,
        rampMs: whole(random, 0, 8) * MINUTE,
      });
    else if (kind === 'drain') {
      const rampMs = between(random, 1.5, 9) * HOUR;
      add({
        ...event,
        share: between(random, Math.max(0.2, least), 0.75),
        to: at + rampMs + between(random, 0.5, 4) * HOUR,
        rampMs,
      });
    } else if (kind === 'surge')
      add({
        ...event,
        share: -between(random, Math.max(0.25, 2 * least), 1.5),
        to: at + scaleBetween(random, 30, 400) * MINUTE,
        rampMs: whole(random, 0, 10) * MINUTE,
      });
    else if (kind === 'storm')
      add({
        ...event,
        share: between(random, Math.max(0.25, 2 * least), 0.7),
        to: at + scaleBetween(random, 50, 240) * MINUTE,
        periodMs: between(random, 6, 25) * MINUTE,
      });
    else {
      const rampMs = between(random, 2.5, 7) * DAY;
      add({
        ...event,
        share: between(random, Math.max(0.15, 1.5 * least), 0.5),
        to: at + rampMs + 6 * HOUR,
        rampMs,
        recoveryMs: 3 * HOUR,
      });
    }
  }
  // Harmless, and not declared by anybody.
  for (const at of arrivals(random, span.from + DAY, clear.to, pick(random, [0, 0.5, 1.5])))
    add({
      kind: 'deployment',
      from: at,
      to: at + whole(random, 1, 3) * MINUTE,
      share: between(random, 0.03, 0.5),
      rampMs: 0,
      recoveryMs: MINUTE,
      periodMs: 0,
    });
  for (const at of arrivals(random, span.from + DAY, clear.to, pick(random, [0, 0.2])))
    add({
      kind: 'restart',
      from: at,
      to: at + 2 * MINUTE,
      share: 1,
      rampMs: 0,
      recoveryMs: whole(random, 1, 4) * MINUTE,
      periodMs: 0,
    });
  if (chance(random, 0.2)) {
    const at = between(random, clear.from, clear.to - 3 * DAY);
    const share = pick(random, [1, -1]) * between(random, 0.06, 0.25);
    add({
      kind: 'level-shift',
      from: at,
      to: at + HOUR,
      share,
      rampMs: whole(random, 5, 60) * MINUTE,
      recoveryMs: 0,
      periodMs: 0,
    });
  }
  // The first week has cliffs only: nothing else can be told before a week is known.
  for (const at of arrivals(random, span.from + 3 * HOUR, clear.from - 12 * HOUR, perWeek / 3))
    add({
      kind: 'cliff',
      from: at,
      to: at + between(random, 40, 300) * MINUTE,
      share: between(random, 0.85, 1),
      rampMs: whole(random, 0, 4) * MINUTE,
      recoveryMs: 5 * MINUTE,
      periodMs: 0,
    });
  return events;
}

function maintenanceOf(
  random: Random,
  clear: Span,
  events: readonly DeviceEvent[],
): { spans: Span[]; dips: DeviceEvent[] } {
  const spans: Span[] = [];
  const dips: DeviceEvent[] = [];
  for (const at of arrivals(random, clear.from, clear.to - 6 * HOUR, pick(random, [0, 0.5, 1.5]))) {
    const to = at + between(random, 0.5, 4) * HOUR;
    if (spans.some((other) => at < other.to + HOUR && to > other.from - HOUR)) continue;
    // Incidents may overlap maintenance, but what happens in both is nobody's to judge.
    if (events.some((event) => at < event.to && to > event.from) && chance(random, 0.7)) continue;
    spans.push({ from: at, to });
    dips.push({
      kind: 'maintenance-dip',
      from: at + between(random, 0, 0.2) * (to - at),
      to: to - between(random, 0.05, 0.2) * (to - at),
      share: between(random, 0.2, 1),
      rampMs: whole(random, 0, 10) * MINUTE,
      recoveryMs: whole(random, 0, 5) * MINUTE,
      periodMs: 0,
    });
  }
  return { spans, dips };
}

function trafficEvents(random: Random, span: Span, clear: Span, rate: number): TrafficEvent[] {
  const events: TrafficEvent[] = [];
  const minute = rate * 60;
  const base = { everyMs: 0, lastsMs: 0 };
  for (const at of arrivals(random, span.from, span.to, pick(random, [0, 1, 4, 10])))
    events.push({
      ...base,
      kind: 'burst',
      from: at,
      to: at + whole(random, 1, 3) * MINUTE,
      size: scaleBetween(random, 0.001, 0.5) * minute,
    });
  if (chance(random, 0.2))
    events.push({
      kind: 'hourly-bursts',
      from: span.from + whole(random, 0, 59) * MINUTE,
      to: span.to,
      size: scaleBetween(random, 0.002, 0.1) * minute,
      everyMs: HOUR,
      lastsMs: whole(random, 1, 4) * MINUTE,
    });
  const free = (from: number, to: number): boolean =>
    events.every(
      (event) =>
        event.kind === 'hourly-bursts' ||
        event.kind === 'burst' ||
        to + 6 * HOUR < event.from ||
        from > event.to + 6 * HOUR,
    );
  for (const at of arrivals(random, span.from + 2 * DAY, clear.to, pick(random, [0, 0.5, 1.5]))) {
    const recurring = chance(random, 0.35);
    const to = at + (recurring ? between(random, 2.5, 8) * HOUR : scaleBetween(random, 30, 400) * MINUTE);
    if (!free(at, to)) continue;
    events.push({
      kind: recurring ? 'recurring-throttle' : 'sustained-throttle',
      from: at,
      to,
      size: scaleBetween(random, 0.02, 1) * minute,
      everyMs: recurring ? whole(random, 8, 14) * MINUTE : 0,
      lastsMs: recurring ? whole(random, 3, 6) * MINUTE : 0,
    });
  }
  for (const at of arrivals(random, clear.from, clear.to, pick(random, [0, 0.3, 0.8]))) {
    const kind = pick(random, ['runaway', 'stall', 'busy-day'] as const);
    const from = kind === 'busy-day' ? Math.floor(at / DAY) * DAY : at;
    const to =
      kind === 'runaway'
        ? Math.floor(at / DAY) * DAY + DAY + between(random, 0, 4) * HOUR
        : kind === 'stall'
          ? at + scaleBetween(random, 60, 400) * MINUTE
          : from + DAY;
    if (!free(from, to)) continue;
    const size =
      kind === 'runaway'
        ? scaleBetween(random, 1.5, 12)
        : kind === 'stall'
          ? between(random, 0, 0.1)
          : between(random, 1.1, 1.8);
    events.push({ ...base, kind, from, to, size });
  }
  return events;
}

function faultsOf(random: Random, span: Span): DataFault[] {
  const faults: DataFault[] = [];
  const add = (kind: DataFault['kind'], perWeek: number, least: number, most: number, delay: () => number): void => {
    for (const at of arrivals(random, span.from + HOUR, span.to, perWeek))
      faults.push({
        kind,
        from: at,
        to: at + scaleBetween(random, least, most) * MINUTE,
        delayMs: delay(),
        share: between(random, 0.3, 0.95),
      });
  };
  const often = pick(random, [0.3, 1, 2]);
  add('late', often, 5, 90, () => between(random, 2, 20) * MINUTE);
  add('partial-first', often / 3, 3, 40, () => between(random, 1, 6) * MINUTE);
  add('zero-first', often / 3, 2, 20, () => between(random, 1, 6) * MINUTE);
  add('missing', often / 2, 5, 360, () => 0);
  add('stuck', often / 6, 60, 400, () => 0);
  return faults;
}
