import { coarseValue, UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, SLOTS_PER_DAY } from './seasonal-picture.ts';

/** How a level moved in the last days, as of one midnight. */
export interface DailyTrend {
  /** A leak that is going on: days it has lasted, and the log loss over them beyond the series' own trend. */
  readonly leak: { readonly days: number; readonly loss: number } | undefined;
  /** Log change of the newest day against the day before, beyond the series' own trend. */
  readonly newest: number;
}

/** Days that a leak may be told from, shortest first. */
const SPANS = [2, 3, 4, 5];
/** A leak goes on every day: no day of it does less than this share of an even course. */
const EVENNESS = 0.3;
/** While nobody knows how a level wanders, only so many days in a row tell, and a level is taken to wander so much. */
const LEAST_DAYS_BLIND = 3;
const BLIND_SPREAD = 0.03;
/** What has come back, more than this share of it, is no leak: neither against the week before nor in the day's last hours. */
const STILL_LOST = 0.5;
const LAST_SLOTS = 72;

/**
 * Looks for a level that sinks day after day: each day is compared with the same weekday a week before, so that neither
 * the week's shape nor a steady growth or decline matters; what counts is that this comparison itself worsens, every
 * day, and by more than it usually wanders. `rows` as in the seasonal picture, the newest day last.
 */
export function dailyTrend(rows: Uint16Array, offset: number, leastLoss: number, deviations: number): DailyTrend {
  const weekly: number[] = [];
  for (let ago = 1; ago <= DAYS_KEPT - 7; ago += 1) weekly.push(changeSinceWeekBefore(rows, offset, ago));
  const leak = leakIn(weekly, leastLoss, deviations);
  const before = weekly[leak?.days ?? 0] ?? Number.NaN;
  const atLast = leak && changeAtLast(rows, offset);
  const isBack = leak !== undefined && before - (atLast ?? Number.NaN) < STILL_LOST * leak.loss;
  return {
    leak: isBack ? undefined : leak,
    newest: (weekly[0] ?? Number.NaN) - (weekly[1] ?? Number.NaN),
  };
}

function leakIn(weekly: readonly number[], leastLoss: number, deviations: number): DailyTrend['leak'] {
  const newest = weekly[0] ?? Number.NaN;
  for (const days of SPANS) {
    const loss = (weekly[days] ?? Number.NaN) - newest;
    const spread = wandering(weekly.slice(days)) ?? (days < LEAST_DAYS_BLIND ? undefined : BLIND_SPREAD);
    if (spread === undefined || !(loss >= Math.max(leastLoss, deviations * spread))) continue;
    // Where the week before was unusual itself, catching up with it is no loss.
    if (newest > -STILL_LOST * loss) continue;
    const steps = weekly.slice(0, days).map((value, i) => (weekly[i + 1] ?? Number.NaN) - value);
    if (steps.every((step) => step >= (EVENNESS * loss) / days)) return { days, loss };
  }
  return undefined;
}

/** Typical size of the steps from day to day before, a few days that went wrong left aside; `undefined` while too few are known. */
function wandering(weekly: readonly number[]): number | undefined {
  const steps: number[] = [];
  for (let i = 0; i + 1 < weekly.length; i += 1) {
    const step = Math.abs((weekly[i] ?? Number.NaN) - (weekly[i + 1] ?? Number.NaN));
    if (!Number.isNaN(step)) steps.push(step);
  }
  if (steps.length < 3) return undefined;
  steps.sort((a, b) => a - b);
  const most = steps[Math.floor(steps.length * 0.7)] ?? 0;
  const median = steps[steps.length >> 1] ?? 0;
  return Math.max(0.005, steps.length < 5 ? most : Math.min(most, 1.5 * median));
}

/** Median log change of one day (1: the newest) against the same day of the week before; NaN if little is known. */
function changeSinceWeekBefore(rows: Uint16Array, offset: number, ago: number): number {
  const changes: number[] = [];
  for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
    const change = changeAt(rows, offset, ago, slot);
    if (!Number.isNaN(change)) changes.push(change);
  }
  return changes.length < SLOTS_PER_DAY / 3 ? Number.NaN : upperMedian(changes);
}

/** The same of the newest day's last hours in which enough was expected to tell; NaN if there are few. */
function changeAtLast(rows: Uint16Array, offset: number): number {
  const changes: number[] = [];
  for (let slot = SLOTS_PER_DAY - 1; slot >= 0 && changes.length < LAST_SLOTS; slot -= 1) {
    const then = rows[slotBefore(rows, 1, slot)] ?? UNKNOWN;
    const change = changeAt(rows, offset, 1, slot);
    if (coarseValue(then) >= offset && !Number.isNaN(change)) changes.push(change);
  }
  return changes.length < LAST_SLOTS / 3 ? Number.NaN : upperMedian(changes);
}

function changeAt(rows: Uint16Array, offset: number, ago: number, slot: number): number {
  const now = rows[(DAYS_KEPT - ago) * SLOTS_PER_DAY + slot] ?? UNKNOWN;
  const then = rows[slotBefore(rows, ago, slot)] ?? UNKNOWN;
  if (now === UNKNOWN || then === UNKNOWN) return Number.NaN;
  return Math.log((coarseValue(now) + offset) / (coarseValue(then) + offset));
}

/** Index of the same slot a week before a day, or two weeks where that week is not known: it was an earlier leak's. */
function slotBefore(rows: Uint16Array, ago: number, slot: number): number {
  const weekBefore = (DAYS_KEPT - ago - 7) * SLOTS_PER_DAY + slot;
  return rows[weekBefore] === UNKNOWN ? weekBefore - 7 * SLOTS_PER_DAY : weekBefore;
}

function upperMedian(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}
