import { connectedDevices, quotaUsed } from '../metrics/iot-hub-metrics.ts';
import type { MetricName } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Evaluation } from './evaluation.ts';
import type { NoDataRule } from './rule.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** What is known about one metric's punctuality. */
export interface Heard {
  /** End of the newest bin with a value. */
  readonly until: EpochMs;
  readonly value: number;
  /** Start of the newest run of equal values, and the longest run that was normal. */
  readonly sameSince: EpochMs;
  readonly longestSameMs: number;
  /** Longest gap that ended by itself; fades. */
  readonly longestGapMs: number;
  /** When the first value was seen: what is normal takes two days to learn. */
  readonly since: EpochMs;
}

export interface NoDataState {
  readonly heard: Readonly<Record<MetricName, Heard>>;
  readonly phase:
    | { readonly kind: 'calm' }
    | {
        readonly kind: 'breach';
        readonly cause: 'silent-metric' | 'silent-hub' | 'stuck-metric';
        readonly metric: MetricName;
        readonly sinceAt: EpochMs;
      };
}

/** Whether the hub was found silent, whoever's fault it is: a neighbour that is silent, too, points to Azure. */
export function isSilent({ signal, reason }: Evaluation): boolean {
  return signal === 'no-data' && reason.startsWith('silent');
}

/** How the other hubs of the same subscription and region fare: when most are silent, it is Azure that is. */
export interface Neighbours {
  readonly hubs: number;
  readonly silent: number;
}

/** Gauges are published whether or not anything happens; counters only when something does. */
const gauges: readonly MetricName[] = [connectedDevices.metric, quotaUsed.metric];
const LEARNING_MS = 2 * DAY;

/** Judges how punctual the metrics of one hub are. An idle hub is not a silent one. */
export function evaluateNoData(
  rule: NoDataRule,
  series: readonly MetricPoints[],
  maintenance: readonly Span[],
  neighbours: Neighbours | undefined,
  state: NoDataState | undefined,
  now: EpochMs,
): { state: NoDataState; evaluation: Evaluation } {
  const heard = { ...state?.heard };
  for (const one of series) {
    const next = listen(heard[one.metric], one, rule, now);
    if (next) heard[one.metric] = next;
  }
  // A bin of an hour is an hour and a bit behind even when nothing is wrong.
  const grainMs = Math.max(0, ...series.map((one) => one.grainMs));
  const patient = { ...rule, afterMs: Math.max(rule.afterMs, 2.5 * grainMs) };
  const phase = judge(patient, heard, maintenance, state?.phase ?? { kind: 'calm' }, now);
  const next: NoDataState = { heard, phase };
  return { state: next, evaluation: describe(rule, next, neighbours, now) };
}

function listen(before: Heard | undefined, one: MetricPoints, rule: NoDataRule, now: EpochMs): Heard | undefined {
  const sorted = sortOut(one.points, one.grainMs, before?.until ?? Number.NEGATIVE_INFINITY, rule.settleMs, now);
  let heard = before;
  for (const [at, value] of [...sorted.settled].sort(([a], [b]) => a - b)) {
    const until = at + one.grainMs;
    if (!heard) {
      heard = { until, value, sameSince: at, longestSameMs: 0, longestGapMs: 0, since: at };
      continue;
    }
    const gap = at - heard.until;
    const same = value === heard.value;
    const ran = heard.until - heard.sameSince;
    heard = {
      until,
      value,
      sameSince: same ? heard.sameSince : at,
      longestSameMs: same ? heard.longestSameMs : Math.max(heard.longestSameMs * 0.9999, ran),
      longestGapMs: gap > rule.afterMs * 4 ? heard.longestGapMs : Math.max(heard.longestGapMs * 0.9999, gap),
      since: heard.since,
    };
  }
  return heard;
}

function judge(
  rule: NoDataRule,
  heard: Readonly<Record<MetricName, Heard>>,
  maintenance: readonly Span[],
  phase: NoDataState['phase'],
  now: EpochMs,
): NoDataState['phase'] {
  const known = Object.entries(heard);
  const watched = known.filter(([metric]) => gauges.includes(metric));
  const silent = watched.filter(([, one]) => isOverdue(one, rule, now));
  const oldest = silent.reduce((least, [, one]) => Math.min(least, one.until), now);
  if (maintenance.some((span) => now >= span.from && oldest < span.to)) return { kind: 'calm' };
  const first = silent[0];
  if (first) {
    const all = known.every(([, one]) => isOverdue(one, rule, now)) && watched.length > 1;
    const cause = all ? 'silent-hub' : 'silent-metric';
    // When a silent hub speaks again, its metrics come back one after the other: that is still the same silence.
    const same =
      phase.kind === 'breach' && (phase.cause === 'silent-hub' || silent.some(([metric]) => metric === phase.metric));
    if (same) return { ...phase, cause: phase.cause === 'silent-hub' ? 'silent-hub' : cause };
    return { kind: 'breach', cause, metric: first[0], sinceAt: first[1].until };
  }
  const stuck = watched.find(([metric, one]) => metric === connectedDevices.metric && isStuck(one, now));
  if (stuck) return { kind: 'breach', cause: 'stuck-metric', metric: stuck[0], sinceAt: stuck[1].sameSince };
  return { kind: 'calm' };
}

function isOverdue(heard: Heard, rule: NoDataRule, now: EpochMs): boolean {
  const idle = heard.value === 0;
  return !idle && now - heard.until > Math.max(rule.afterMs, 1.5 * heard.longestGapMs);
}

function isStuck({ value, sameSince, until, longestSameMs, since }: Heard, now: EpochMs): boolean {
  return value > 0 && now - since > LEARNING_MS && until - sameSince > Math.max(HOUR, 3 * longestSameMs + 20 * MINUTE);
}

function describe(
  rule: NoDataRule,
  { heard, phase }: NoDataState,
  neighbours: Neighbours | undefined,
  now: EpochMs,
): Evaluation {
  const metric = phase.kind === 'breach' ? phase.metric : connectedDevices.metric;
  const last = heard[metric];
  const base = {
    rule: rule.id,
    signal: 'no-data' as const,
    metric,
    numbers: last ? { value: last.value, total: Math.round((now - last.until) / MINUTE) } : {},
    ...(last ? { settledAt: last.until } : {}),
  };
  if (phase.kind === 'calm')
    return {
      ...base,
      verdict: last ? 'normal' : 'unknown',
      reason: last ? 'data-arrives' : 'nothing-read-yet',
      severity: 'information',
    };
  if (
    phase.cause !== 'stuck-metric' &&
    neighbours &&
    neighbours.hubs >= 3 &&
    neighbours.silent >= 0.7 * neighbours.hubs
  )
    return { ...base, verdict: 'unknown', reason: 'silent-azure', severity: 'information', sinceAt: phase.sinceAt };
  return {
    ...base,
    verdict: 'breach',
    reason: phase.cause,
    severity: phase.cause === 'silent-hub' ? 'error' : 'warning',
    sinceAt: phase.sinceAt,
  };
}
