import type { Point } from '../metrics/series.ts';
import { DAY, type EpochMs, type Span } from '../time/time.ts';
import { residualOf } from './expectation.ts';
import { foldDay } from './fold-day.ts';
import { advanceGauge } from './gauge-advance.ts';
import { newGaugeHot, type GaugeState } from './gauge-state.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { coarse, coarseValue, toCode, UNKNOWN } from './log-scale.ts';
import type { MetricName } from '../metrics/series.ts';
import {
  DAYS_KEPT,
  dayOf,
  emptyPicture,
  SLOT_MS,
  slotOf,
  SLOTS_PER_DAY,
  type SeasonalPicture,
} from './seasonal-picture.ts';

/** So far from expectation (log) for so long, a stretch of history was an incident and is not learned from. */
const STRAYED = 0.25;
const STRAYED_SLOTS = 3;

/**
 * The state of a gauge after weeks of five-minute values: whole days become pictures one after the other; only today is
 * judged bin by bin, so that what is going on now is found.
 */
export function learnGauge(
  rule: { readonly settings: GaugeSettings; readonly settleMs: number },
  metric: MetricName,
  points: readonly Point[],
  maintenance: readonly Span[],
  now: EpochMs,
): GaugeState | undefined {
  const today = dayOf(now - rule.settleMs - SLOT_MS);
  const rows = rowsOf(points, maintenance, today);
  const first = Math.min(...rows.keys());
  if (!Number.isFinite(first)) return undefined;
  let picture = emptyPicture(first);
  for (let day = first; day < today; day += 1) {
    const row = rows.get(day) ?? new Uint16Array(SLOTS_PER_DAY);
    picture = foldDay(picture, { row, ended: strayedSlots(picture, row), ongoing: none, shift: 0 });
  }
  const start = newGaugeHot(SLOT_MS, today * DAY);
  const state: GaugeState = { hot: { ...start, residuals: picture.tail }, picture };
  const fresh = points.filter(({ at }) => at >= today * DAY);
  return advanceGauge(rule, { metric, grainMs: SLOT_MS, points: fresh }, maintenance, state, now) ?? state;
}

const none = new Uint8Array(SLOTS_PER_DAY);

/** Whole days of codes, for the days that a picture keeps. */
function rowsOf(points: readonly Point[], maintenance: readonly Span[], today: number): Map<number, Uint16Array> {
  const rows = new Map<number, Uint16Array>();
  for (const { at, value } of points) {
    const day = dayOf(at);
    if (value === null || !(value >= 0 && Number.isFinite(value)) || day < today - DAYS_KEPT || day > today) continue;
    if (maintenance.some((span) => at < span.to && at + SLOT_MS > span.from)) continue;
    let row = rows.get(day);
    if (!row) rows.set(day, (row = new Uint16Array(SLOTS_PER_DAY)));
    row[slotOf(at)] = toCode(value, coarse);
  }
  return rows;
}

function strayedSlots(picture: SeasonalPicture, row: Uint16Array): Uint8Array {
  const strayed = new Uint8Array(SLOTS_PER_DAY);
  let run = 0;
  for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
    const code = row[slot] ?? UNKNOWN;
    const residual = code === UNKNOWN ? 0 : residualOf(picture, coarseValue(code), slot, 0);
    run = Math.abs(residual) > STRAYED ? run + 1 : 0;
    if (run >= STRAYED_SLOTS) strayed.fill(1, slot - run + 1, slot + 1);
  }
  return strayed;
}
