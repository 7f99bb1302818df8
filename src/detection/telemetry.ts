import { quotaUsed, sendAttempts, sendsAccepted } from '../metrics/iot-hub-metrics.ts';
import type { MetricName, Point } from '../metrics/series.ts';
import { MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { newDailyUse, take, type DailyUse } from './daily-use.ts';
import type { Evaluation } from './evaluation.ts';
import { advanceGauge } from './gauge-advance.ts';
import { gaugeChart } from './gauge-chart.ts';
import { bandAround, readingOf } from './gauge.ts';
import { draftOf, type GaugeState } from './gauge-state.ts';
import type { TelemetryRule } from './rule.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** Metrics that tell how many messages a hub took, the best first. */
export const telemetrySources: readonly MetricName[] = [
  sendsAccepted.metric,
  sendAttempts.metric,
  quotaUsed.metric,
];

export interface TelemetryState {
  /** The metric that the season was learned from; another one starts anew. */
  readonly source: MetricName;
  /** Only if the source is the daily count, of which bins are the differences. */
  readonly use: DailyUse | undefined;
  readonly usedUntil: EpochMs;
  readonly gauge: GaugeState | undefined;
}

const STALE_MS = 30 * MINUTE;
/** A counter that has had nothing for a bin for so long counted nothing, if the hub was heard of otherwise. */
const ABSENT_IS_ZERO_MS = 20 * MINUTE;

/**
 * Judges messages per bin, downwards only. A bin that the counter does not mention is zero only if another metric of the
 * hub has it; otherwise it is unknown.
 */
export function evaluateTelemetry(
  rule: TelemetryRule,
  series: readonly MetricPoints[],
  maintenance: readonly Span[],
  devicesAreMissing: boolean,
  state: TelemetryState | undefined,
  now: EpochMs,
): { state: TelemetryState | undefined; evaluation: Evaluation } {
  const next = advance(rule, series, maintenance, state, now);
  return { state: next, evaluation: describe(rule, maintenance, devicesAreMissing, next, now) };
}

function advance(
  rule: TelemetryRule,
  series: readonly MetricPoints[],
  maintenance: readonly Span[],
  state: TelemetryState | undefined,
  now: EpochMs,
): TelemetryState | undefined {
  const source = state?.source ?? telemetrySources.find((name) => series.some((one) => one.metric === name && hasValue(one)));
  const read = series.find((one) => one.metric === source);
  if (source === undefined || !read) return state;
  const start = state ?? { source, use: undefined, usedUntil: Number.NEGATIVE_INFINITY, gauge: undefined };
  if (source !== quotaUsed.metric) {
    const filled = withZeros(read, series, start.gauge, rule.settleMs, now);
    return { ...start, gauge: advanceGauge(rule, filled, maintenance, start.gauge, now) };
  }
  const { use, usedUntil, points } = increments(read, start, rule.settleMs, now);
  const gauge = advanceGauge(rule, { ...read, points }, maintenance, start.gauge, now);
  return { ...start, use, usedUntil, gauge };
}

function hasValue({ points }: MetricPoints): boolean {
  return points.some(({ value }) => value !== null && value > 0);
}

/** The counter with zeros where it has had nothing for long although another metric of the hub has that bin. */
function withZeros(
  counter: MetricPoints,
  series: readonly MetricPoints[],
  gauge: GaugeState | undefined,
  settleMs: number,
  now: EpochMs,
): MetricPoints {
  const { grainMs } = counter;
  const own = sortOut(counter.points, grainMs, Number.NEGATIVE_INFINITY, settleMs, now);
  const from = gauge?.hot.judgedUntil ?? Math.min(...own.settled.keys());
  const points: Point[] = [...own.settled].map(([at, value]) => ({ at, value }));
  for (const other of series) {
    if (other.metric === counter.metric || other.grainMs !== grainMs) continue;
    for (const at of sortOut(other.points, grainMs, from, ABSENT_IS_ZERO_MS, now).settled.keys())
      if (!own.settled.has(at)) points.push({ at, value: 0 });
  }
  return { ...counter, points };
}

/** Messages per bin from the count of the day. */
function increments(
  read: MetricPoints,
  state: TelemetryState,
  settleMs: number,
  now: EpochMs,
): { use: DailyUse | undefined; usedUntil: EpochMs; points: Point[] } {
  const { grainMs } = read;
  const sorted = sortOut(read.points, grainMs, state.usedUntil, settleMs, now);
  let { use, usedUntil } = state;
  const points: Point[] = [];
  for (const [at, value] of [...sorted.settled].sort(([a], [b]) => a - b)) {
    const taken = take(use ?? newDailyUse(at), at, grainMs, value);
    use = taken.use;
    usedUntil = at + grainMs;
    if (taken.increment === undefined) continue;
    const bins = Math.max(1, Math.round(taken.sinceMs / grainMs));
    for (let back = 0; back < bins; back += 1)
      points.push({ at: at - back * grainMs, value: taken.increment / bins });
  }
  return { use, usedUntil, points };
}

function describe(
  rule: TelemetryRule,
  maintenance: readonly Span[],
  devicesAreMissing: boolean,
  state: TelemetryState | undefined,
  now: EpochMs,
): Evaluation {
  const base = { rule: rule.id, signal: 'telemetry' as const, metric: state?.source ?? sendsAccepted.metric };
  if (!state?.gauge)
    return { ...base, verdict: 'unknown', reason: 'nothing-read-yet', severity: 'information', numbers: {} };
  const draft = draftOf(state.gauge);
  const reading = readingOf(draft);
  const settledAt = draft.judgedUntil - draft.grainMs;
  const confidence = Math.min(1, Math.max(0.1, draft.picture.knownDays / 14));
  const numbers =
    reading === undefined || Number.isNaN(reading.residual)
      ? { confidence }
      : {
          value: reading.value,
          expected: reading.expected,
          ...bandAround(draft, rule.settings, reading.expected),
          ratio: reading.expected === 0 ? 1 : reading.value / reading.expected,
          confidence,
        };
  const judged = { ...base, settledAt, numbers };
  const { phase } = draft;
  if (phase.kind === 'breach' && devicesAreMissing)
    return { ...judged, verdict: 'normal', reason: 'devices-are-missing', severity: 'information' };
  if (phase.kind === 'breach')
    return {
      ...judged,
      picture: gaugeChart(draft, rule.settings),
      verdict: 'breach',
      reason: 'telemetry-stall',
      severity: phase.peak > Math.log(4) ? 'error' : 'warning',
      sinceAt: phase.sinceAt,
    };
  const inMaintenance = maintenance.some((span) => now >= span.from && settledAt < span.to);
  const stale = now - draft.judgedUntil > STALE_MS;
  const fine = !inMaintenance && !stale && reading !== undefined;
  return {
    ...judged,
    verdict: fine ? 'normal' : 'unknown',
    reason: inMaintenance ? 'maintenance' : stale ? 'stale' : 'as-usual',
    severity: 'information',
  };
}
