import { DAY, floorTo, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Point } from '../metrics/series.ts';
import type { Evaluation } from './evaluation.ts';
import { evaluateMetric } from './generic/evaluate-metric.ts';
import { unknownMetric, type MetricState } from './generic/judge-metric.ts';
import type { AnyMetricRule } from './rule.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** A counter that nobody published for so long counted nothing. */
const ABSENT_IS_ZERO_MS = 20 * MINUTE;

/** Judges newly read points of a metric that has no detector of its own; what lies in maintenance is left out. */
export function evaluateAnyMetric(
  rule: AnyMetricRule,
  series: MetricPoints | undefined,
  maintenance: readonly Span[],
  state: MetricState | undefined,
  now: EpochMs,
): { state: MetricState; evaluation: Evaluation } {
  const points = series ? settledPoints(rule, series, maintenance, state, now) : [];
  const binsOf = (ms: number): number => Math.max(1, Math.ceil(ms / (series?.grainMs ?? MINUTE)));
  const inBins = { ...rule.metric, confirmBins: binsOf(rule.confirmMs), clearBins: binsOf(rule.clearMs) };
  return evaluateMetric(state ?? unknownMetric, inBins, points, now);
}

/** Every settled bin since the watermark, the empty ones in between included. */
function settledPoints(
  { settleMs, metric }: AnyMetricRule,
  { grainMs, points }: MetricPoints,
  maintenance: readonly Span[],
  state: MetricState | undefined,
  now: EpochMs,
): readonly Point[] {
  const judgedAt = state?.judgedAt ?? undefined;
  const watermark = judgedAt === undefined ? Number.NEGATIVE_INFINITY : judgedAt + grainMs;
  const { settled, settledUntil } = sortOut(points, grainMs, watermark, settleMs, now);
  const first = Math.min(...settled.keys());
  const absent = metric.emptyBin === 'zero' ? floorTo(now - ABSENT_IS_ZERO_MS, grainMs) : Number.NEGATIVE_INFINITY;
  const until = Math.max(settledUntil, absent);
  const from = judgedAt === undefined ? first : until - watermark > DAY ? Math.max(first, until - DAY) : watermark;
  const bins: Point[] = [];
  if (!Number.isFinite(from)) return bins;
  for (let at = from; at < until; at += grainMs)
    if (!maintenance.some((span) => at < span.to && at + grainMs > span.from))
      bins.push({ at, value: settled.get(at) ?? null });
  return bins;
}
