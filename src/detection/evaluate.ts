import type { Hub, HubQuota } from '../hubs/hub.ts';
import { connectedDevices, quotaUsed, sendAttempts, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import type { Point, Series } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Evaluation, Numbers, Picture, Severity, Signal } from './evaluation.ts';

/** What the detectors of one signal remember of one hub between two evaluations. Plain data; a cache. */
export interface SignalState {
  readonly breach?: { readonly since: EpochMs; readonly severity: Severity };
  /** Median number of connected devices by hour of the day (UTC). */
  readonly hourly?: readonly (number | null)[];
  readonly learnedAt?: EpochMs;
  readonly seenAt?: EpochMs;
}

export interface SignalInput {
  readonly signal: Signal;
  readonly hub: Hub;
  readonly quota: HubQuota | undefined;
  /** The last half hour, at one-minute grain. */
  readonly series: readonly Series[];
}

/** Bins younger than this may still be missing, incomplete or revised. */
export const watermarkMs = 3 * MINUTE;

export function evaluate(
  input: SignalInput,
  state: SignalState | undefined,
  now: EpochMs,
): { readonly state: SignalState; readonly evaluation: Evaluation } {
  switch (input.signal) {
    case 'throttling':
      return throttling(input, state ?? {}, now);
    case 'quota':
      return quota(input, state ?? {}, now);
    case 'connected-devices':
      return connected(input, state ?? {}, now);
    default:
      return silent(input, state ?? {}, now);
  }
}

/** The usual number of connected devices by hour, from hourly means of the last week. */
export function learn(state: SignalState | undefined, history: Series, now: EpochMs): SignalState {
  const byHour: number[][] = Array.from({ length: 24 }, () => []);
  for (const { at, value } of history.points) if (value !== null) byHour[Math.floor((at % DAY) / HOUR)]?.push(value);
  return { ...state, hourly: byHour.map((values) => median(values)), learnedAt: now };
}

function throttling(input: SignalInput, state: SignalState, now: EpochMs): Result {
  const refused = settled(input, sendThrottle.metric, now).map((point) => ({ ...point, value: point.value ?? 0 }));
  const attempts = settled(input, sendAttempts.metric, now);
  const window = refused.slice(-5);
  const busy = window.filter((point) => point.value > 0).length;
  const total = sum(window);
  const share = total / Math.max(1, sum(attempts.slice(-5)));
  const severity: Severity = share >= 0.5 ? 'critical' : share >= 0.1 ? 'error' : 'warning';
  const fires = busy >= 4 && share >= 0.01;
  return decide(input, state, {
    metric: sendThrottle.metric,
    judged: window.length === 5,
    breaching: fires || (state.breach !== undefined && busy > 0),
    severity,
    since: window.find((point) => point.value > 0)?.at,
    reason: fires ? 'sustained-throttling' : busy > 0 ? 'short-burst' : 'no-throttling',
    numbers: {
      value: window.at(-1)?.value ?? 0,
      total,
      ratio: share,
      breachingBins: busy,
      windowBins: 5,
      fireLevel: 4,
    },
    picture: pictureOf(refused),
    at: window.at(-1)?.at,
  });
}

function quota(input: SignalInput, state: SignalState, now: EpochMs): Result {
  const limit = input.quota?.messagesPerDay;
  const today = settled(input, quotaUsed.metric, now).filter((point) => point.at > floorTo(now, DAY));
  const used = Math.max(-1, ...today.map((point) => point.value ?? -1));
  const ratio = limit ? used / limit : 0;
  const severity: Severity = ratio >= 1 ? 'critical' : ratio >= 0.95 ? 'error' : 'warning';
  return decide(input, state, {
    metric: quotaUsed.metric,
    judged: used >= 0 && limit !== undefined,
    breaching: ratio >= 0.8 || (state.breach !== undefined && ratio >= 0.78),
    severity,
    since: today.find((point) => limit !== undefined && (point.value ?? 0) >= 0.8 * limit)?.at,
    reason: ratio >= 1 ? 'quota-exhausted' : ratio >= 0.8 ? 'quota-level' : 'quota-fine',
    numbers: {
      value: Math.max(0, used),
      ratio,
      fireLevel: 0.8,
      clearLevel: 0.78,
      ...(limit === undefined ? {} : { limit }),
    },
    picture: { ...pictureOf(today), ...(limit === undefined ? {} : { limit }) },
    at: today.at(-1)?.at,
  });
}

function connected(input: SignalInput, state: SignalState, now: EpochMs): Result {
  const points = settled(input, connectedDevices.metric, now).filter((point) => point.value !== null);
  const last = points.at(-1);
  const usual = last ? (state.hourly?.[Math.floor((last.at % DAY) / HOUR)] ?? undefined) : undefined;
  const below = (point: Point, share: number): boolean =>
    usual !== undefined && (point.value ?? 0) < usual * share && usual - (point.value ?? 0) >= 5;
  const fires = points.length >= 5 && points.slice(-5).every((point) => below(point, 0.75));
  const stays = state.breach !== undefined && points.slice(-3).some((point) => below(point, 0.85));
  const ratio = usual ? (last?.value ?? 0) / usual : 1;
  const severity: Severity = ratio < 0.1 ? 'critical' : ratio < 0.5 ? 'error' : 'warning';
  let since: EpochMs | undefined;
  for (const point of points.toReversed()) {
    if (!below(point, 0.85)) break;
    since = point.at;
  }
  return decide(input, state, {
    metric: connectedDevices.metric,
    judged: last !== undefined && usual !== undefined,
    breaching: fires || stays,
    severity,
    since,
    reason: usual === undefined ? 'not-enough-history' : fires || stays ? 'below-usual' : 'usual',
    numbers: {
      value: last?.value ?? 0,
      ratio,
      ...(usual === undefined ? {} : { expected: usual, fireLevel: usual * 0.75, clearLevel: usual * 0.85 }),
    },
    picture: { ...pictureOf(points), ...(usual === undefined ? {} : { expected: points.map(() => usual) }) },
    at: last?.at,
  });
}

function silent(input: SignalInput, state: SignalState, now: EpochMs): Result {
  const gauges = input.series.filter(
    (series) => series.metric !== sendThrottle.metric && series.metric !== sendAttempts.metric,
  );
  const seen = Math.max(
    state.seenAt ?? 0,
    ...gauges.flatMap((s) => s.points.filter((p) => p.value !== null).map((p) => p.at)),
  );
  const silentMs = now - seen;
  return decide(
    input,
    { ...state, ...(seen > 0 ? { seenAt: seen } : {}) },
    {
      metric: connectedDevices.metric,
      judged: seen > 0,
      breaching: silentMs > 20 * MINUTE,
      severity: 'warning',
      since: seen + MINUTE,
      reason: silentMs > 20 * MINUTE ? 'no-data' : 'reporting',
      numbers: {},
      at: seen > 0 ? seen : undefined,
    },
  );
}

type Result = ReturnType<typeof evaluate>;

function decide(
  input: SignalInput,
  state: SignalState,
  found: {
    readonly metric: string;
    readonly judged: boolean;
    readonly breaching: boolean;
    readonly severity: Severity;
    readonly since: EpochMs | undefined;
    readonly reason: string;
    readonly numbers: Numbers;
    readonly picture?: Picture;
    readonly at: EpochMs | undefined;
  },
): Result {
  const { breach: before, ...rest } = state;
  const since = before?.since ?? found.since ?? found.at ?? 0;
  const breach = found.judged ? (found.breaching ? { since, severity: found.severity } : undefined) : before;
  return {
    state: { ...rest, ...(breach ? { breach } : {}) },
    evaluation: {
      rule: input.signal,
      signal: input.signal,
      metric: found.metric,
      verdict: !found.judged ? 'unknown' : breach ? 'breach' : 'normal',
      reason: found.judged ? found.reason : found.reason === 'not-enough-history' ? found.reason : 'no-settled-points',
      severity: breach?.severity ?? 'information',
      ...(found.at === undefined ? {} : { settledAt: found.at }),
      ...(breach ? { sinceAt: breach.since } : {}),
      numbers: found.numbers,
      ...(found.picture ? { picture: found.picture } : {}),
    },
  };
}

function settled(input: SignalInput, metric: string, now: EpochMs): readonly Point[] {
  const series = input.series.find((each) => each.metric === metric);
  return (series?.points ?? []).filter((point) => point.at + MINUTE + watermarkMs <= now);
}

function pictureOf(points: readonly Point[]): Picture {
  const shown = points.slice(-30);
  return { grainMs: MINUTE, from: shown[0]?.at ?? 0, values: shown.map((point) => point.value) };
}

function sum(points: readonly Point[]): number {
  return points.reduce((total, point) => total + (point.value ?? 0), 0);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
