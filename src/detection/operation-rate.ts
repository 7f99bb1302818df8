import { limitsOf } from '../hubs/limits.ts';
import { operationMetrics } from '../metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE, SECOND, floorTo, type EpochMs, type Span } from '../time/time.ts';
import type { Evaluation } from './evaluation.ts';
import type { HubFacts } from './hub-facts.ts';
import type { OperationRateRule } from './rule.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** What is remembered of one operation: its latest rates are enough to judge by and to draw. */
export interface OperationRateState {
  readonly grainMs: number;
  readonly judgedUntil: EpochMs;
  /** Calls in the judged bins, newest last, at most two hours of them. */
  readonly calls: readonly number[];
  /** Start of the breach that goes on. */
  readonly sinceAt: EpochMs | undefined;
}

/** A counter that nobody published for so long counted nothing. */
const ABSENT_IS_ZERO_MS = 20 * MINUTE;
const REMEMBERED_MS = 2 * HOUR;
/** Traffic shaping absorbs what is shorter. */
const CONFIRM_MS = 10 * MINUTE;
/** Share of the level at which it fires, below which it is over. */
const CLEAR_SHARE = 0.85;

/**
 * Judges how near an operation such as twin reads is to the rate of the hub's edition and units, before the first call is
 * refused.
 * @param series what was read; metrics of other operations may be among them
 */
export function evaluateOperationRate(
  rule: OperationRateRule,
  series: readonly MetricPoints[],
  hub: HubFacts,
  maintenance: readonly Span[],
  state: OperationRateState | undefined,
  now: EpochMs,
): { state: OperationRateState | undefined; evaluation: Evaluation } {
  const rate = limitsOf(hub.sku, hub.units)?.operationsPerSecond?.[rule.operation];
  const next = advance(rule, series, rate, maintenance, state, now);
  return { state: next, evaluation: describe(rule, rate, next, now) };
}

function advance(
  rule: OperationRateRule,
  series: readonly MetricPoints[],
  rate: number | undefined,
  maintenance: readonly Span[],
  state: OperationRateState | undefined,
  now: EpochMs,
): OperationRateState | undefined {
  const { calls, bytes } = operationMetrics[rule.operation];
  const read = series.filter(({ metric }) => calls.includes(metric) || metric === bytes?.metric);
  const grainMs = read[0]?.grainMs;
  if (grainMs === undefined) return state;
  const before = state?.grainMs === grainMs ? state : undefined;
  const watermark = before?.judgedUntil ?? Number.NEGATIVE_INFINITY;
  const counted = read.map(({ metric, points }) => ({
    metric,
    ...sortOut(points, grainMs, watermark, rule.settleMs, now),
  }));
  const until = Math.max(floorTo(now - ABSENT_IS_ZERO_MS, grainMs), ...counted.map(({ settledUntil }) => settledUntil));
  const first = Math.min(until - grainMs, ...counted.flatMap(({ settled }) => [...settled.keys()]));
  const kept = Math.max(1, Math.floor(REMEMBERED_MS / grainMs));
  let from = before?.judgedUntil ?? first;
  // After a long pause what was before it says nothing about now.
  const paused = until - from > DAY;
  if (paused) from = until - kept * grainMs;
  const recent = paused ? [] : [...(before?.calls ?? [])];
  let sinceAt = paused ? undefined : state?.sinceAt;
  for (let at = from; at < until; at += grainMs) {
    if (maintenance.some((span) => at < span.to && at + grainMs > span.from)) continue;
    const sum = (of: (metric: string) => boolean): number =>
      counted.reduce((total, { metric, settled }) => total + (of(metric) ? (settled.get(at) ?? 0) : 0), 0);
    const asked = sum((metric) => calls.includes(metric));
    const blocks = bytes ? sum((metric) => metric === bytes.metric) / bytes.perCall : 0;
    recent.push(Math.fround(Math.max(asked, blocks)));
    if (recent.length > kept) recent.shift();
    sinceAt = breachSince(
      rule,
      rate,
      perSecond(recent.slice(-confirmBins(grainMs)), grainMs),
      grainMs,
      at + grainMs,
      sinceAt,
    );
  }
  return { grainMs, judgedUntil: Math.max(until, from), calls: recent, sinceAt };
}

function perSecond(calls: readonly number[], grainMs: number): readonly number[] {
  return calls.map((each) => each / (grainMs / SECOND));
}

function breachSince(
  { attemptsRatio }: OperationRateRule,
  rate: number | undefined,
  last: readonly number[],
  grainMs: number,
  until: EpochMs,
  sinceAt: EpochMs | undefined,
): EpochMs | undefined {
  if (rate === undefined) return undefined;
  const bins = confirmBins(grainMs);
  if (last.length < bins) return sinceAt;
  const fires = attemptsRatio * rate;
  if (sinceAt !== undefined) return last.every((each) => each < fires * CLEAR_SHARE) ? undefined : sinceAt;
  return last.every((each) => each >= fires) ? until - bins * grainMs : undefined;
}

/** One coarse bin alone does not tell a burst from what lasts. */
function confirmBins(grainMs: number): number {
  return Math.max(2, Math.ceil(CONFIRM_MS / grainMs));
}

function describe(
  { id, operation, attemptsRatio }: OperationRateRule,
  rate: number | undefined,
  state: OperationRateState | undefined,
  now: EpochMs,
): Evaluation {
  const base = { rule: id, signal: id, metric: operationMetrics[operation].calls[0] };
  const calm = { ...base, severity: 'information' } as const;
  if (!state) return { ...calm, verdict: 'unknown', reason: 'nothing-read-yet', numbers: {} };
  const { grainMs, judgedUntil, calls, sinceAt } = state;
  const recent = perSecond(calls, grainMs);
  const settled = { settledAt: judgedUntil - grainMs };
  const newest = recent.at(-1) ?? 0;
  if (now - judgedUntil > 2 * ABSENT_IS_ZERO_MS + grainMs)
    return { ...calm, ...settled, verdict: 'unknown', reason: 'stale', numbers: { value: newest } };
  if (rate === undefined)
    return { ...calm, ...settled, verdict: 'normal', reason: 'no-known-rate', numbers: { value: newest } };
  const bins = confirmBins(grainMs);
  const last = recent.slice(-bins);
  // What has been going on is told by its busiest bin, or the end of it would look like nothing.
  const value = sinceAt === undefined ? newest : Math.max(...last);
  const numbers = {
    value,
    limit: rate,
    ratio: value / rate,
    fireLevel: attemptsRatio * rate,
    clearLevel: attemptsRatio * rate * CLEAR_SHARE,
    breachingBins: last.filter((each) => each >= attemptsRatio * rate).length,
    windowBins: bins,
  };
  if (sinceAt === undefined) return { ...calm, ...settled, verdict: 'normal', reason: 'below-rate', numbers };
  return {
    ...base,
    ...settled,
    verdict: 'breach',
    reason: 'near-rate',
    severity: last.every((each) => each >= rate) ? 'error' : 'warning',
    sinceAt,
    numbers,
    picture: { grainMs, from: judgedUntil - recent.length * grainMs, values: recent, limit: rate },
  };
}
