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
/** What has come back before midnight, more than this share of it, is no leak: the day's last hours tell. */
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
  const atLast = changeSinceWeekBefore(rows, offset, 1, SLOTS_PER_DAY - LAST_SLOTS);
  const isBack = leak !== undefined && before - atLast < STILL_LOST * leak.loss;
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
  const median = steps[steps.length >> 1] ?? 0;
  return Math.max(0.005, Math.min(steps[Math.floor(steps.length * 0.7)] ?? 0, 1.5 * median));
}

/**
 * Median log change of one day (1: the newest), from a slot on, against the same day of the week before, or of two weeks
 * before where that is not known; NaN if little is.
 */
function changeSinceWeekBefore(rows: Uint16Array, offset: number, ago: number, from = 0): number {
  const day = (DAYS_KEPT - ago) * SLOTS_PER_DAY;
  const week = 7 * SLOTS_PER_DAY;
  const changes: number[] = [];
  for (let slot = from; slot < SLOTS_PER_DAY; slot += 1) {
    const now = rows[day + slot] ?? UNKNOWN;
    const lastWeek = rows[day - week + slot] ?? UNKNOWN;
    const then = lastWeek === UNKNOWN ? (rows[day - 2 * week + slot] ?? UNKNOWN) : lastWeek;
    if (now === UNKNOWN || then === UNKNOWN) continue;
    changes.push(Math.log((coarseValue(now) + offset) / (coarseValue(then) + offset)));
  }
  if (changes.length < (SLOTS_PER_DAY - from) / 3) return Number.NaN;
  changes.sort((a, b) => a - b);
  return changes[changes.length >> 1] ?? Number.NaN;
}
