import type { Point } from '../metrics/series.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import { connectedDevices, quotaUsed } from '../metrics/iot-hub-metrics.ts';
import { evaluateRule, type DetectorState, type EvaluationInput } from './evaluate-rule.ts';
import { learnGauge } from './learn-gauge.ts';
import { USE_DAYS } from './quota-state.ts';
import { SLOT_MS } from './seasonal-picture.ts';
import type { MetricPoints } from './settled-bins.ts';

const METRIC_DAYS = 21;

/**
 * The state of a rule after weeks of history, for a hub that is seen for the first time or whose state was lost. History
 * may be coarser than what is read later: Azure keeps 93 days, and quarters of an hour are enough.
 */
export function learnRule(input: EvaluationInput, now: EpochMs): DetectorState | undefined {
  const { rule, series } = input;
  if (rule.detector === 'no-data' || rule.detector === 'operation-rate') return undefined;
  // Whether refused sends lasted cannot be told from coarse bins.
  if (rule.detector === 'throttling' && series.some(({ grainMs }) => grainMs > SLOT_MS)) return undefined;
  const history = rule.detector === 'metric' ? series : series.map(inSlots);
  if (rule.detector === 'connected-devices') {
    const points = history.find(({ metric }) => metric === connectedDevices.metric)?.points ?? [];
    const state = learnGauge(rule, connectedDevices.metric, points, input.maintenance, now);
    return state && { detector: 'connected-devices', state };
  }
  // The pictures keep two weeks of messages, three of other metrics: what is older would be forgotten again.
  const days = rule.detector === 'metric' ? METRIC_DAYS : USE_DAYS + 1;
  const kept = history.map((one) => ({ ...one, points: one.points.filter(({ at }) => at >= now - days * DAY) }));
  return evaluateRule({ ...input, series: kept }, undefined, now).state;
}

/** The same points in bins of five minutes, whatever their grain. */
function inSlots(series: MetricPoints): MetricPoints {
  const { metric, grainMs, points } = series;
  if (grainMs === SLOT_MS) return series;
  const isGauge = metric === connectedDevices.metric;
  const isCount = metric === quotaUsed.metric;
  // The day's count is what it is at the end of a bin, so it needs no finer bins.
  const slots =
    grainMs < SLOT_MS
      ? folded(series, isGauge ? 'mean' : isCount ? 'last' : 'sum')
      : isCount
        ? points
        : spread(series, isGauge);
  return { metric, grainMs: isCount && grainMs > SLOT_MS ? grainMs : SLOT_MS, points: slots };
}

function folded({ grainMs, points }: MetricPoints, how: 'mean' | 'sum' | 'last'): Point[] {
  const slots = new Map<EpochMs, number[]>();
  for (const { at, value } of [...points].sort((a, b) => a.at - b.at)) {
    if (value === null) continue;
    const start = Math.floor(at / SLOT_MS) * SLOT_MS;
    const values = slots.get(start);
    if (values) values.push(value);
    else slots.set(start, [value]);
  }
  const bins = SLOT_MS / grainMs;
  return [...slots].map(([at, values]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { at, value: how === 'mean' ? mean : how === 'sum' ? mean * bins : (values.at(-1) ?? mean) };
  });
}

/** Coarse bins as slots: a gauge runs straight from middle to middle, a count is shared out evenly. */
function spread({ grainMs, points }: MetricPoints, isGauge: boolean): Point[] {
  const known = points
    .filter((point): point is Point & { value: number } => point.value !== null)
    .sort((a, b) => a.at - b.at);
  const slots: Point[] = [];
  for (const [i, { at, value }] of known.entries()) {
    const [before, after] = [known[i - 1], known[i + 1]];
    for (let start = at; start < at + grainMs; start += SLOT_MS) {
      if (!isGauge) {
        slots.push({ at: start, value: (value * SLOT_MS) / grainMs });
        continue;
      }
      const aside = (start + SLOT_MS / 2 - at) / grainMs - 0.5;
      const neighbour = aside < 0 ? before : after;
      const near = neighbour && Math.abs(neighbour.at - at) === grainMs ? neighbour.value : value;
      slots.push({ at: start, value: value + (near - value) * Math.abs(aside) });
    }
  }
  return slots;
}
