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

/**
 * Looks for a level that sinks day after day: each day is compared with the same weekday a week before, so that neither
 * the week's shape nor a steady growth or decline matters; what counts is that this comparison itself worsens, every
 * day, and by more than it usually wanders. `rows` as in the seasonal picture, the newest day last.
 */
export function dailyTrend(rows: Uint16Array, offset: number, leastLoss: number, deviations: number): DailyTrend {
  const weekly: number[] = [];
  for (let ago = 1; ago <= DAYS_KEPT - 7; ago += 1) weekly.push(changeSinceWeekBefore(rows, offset, ago));
  return {
    leak: leakIn(weekly, leastLoss, deviations),
    newest: (weekly[0] ?? Number.NaN) - (weekly[1] ?? Number.NaN),
  };
}

function leakIn(weekly: readonly number[], leastLoss: number, deviations: number): DailyTrend['leak'] {
  const newest = weekly[0] ?? Number.NaN;
  for (const days of SPANS) {
    const loss = (weekly[days] ?? Number.NaN) - newest;
    const spread = wandering(weekly.slice(days));
    if (spread === undefined || !(loss >= Math.max(leastLoss, deviations * spread))) continue;
    const steps = weekly.slice(0, days).map((value, i) => (weekly[i + 1] ?? Number.NaN) - value);
    if (steps.every((step) => step >= (EVENNESS * loss) / days)) return { days, loss };
  }
  return undefined;
}

/** Typical size of the steps from day to day before; `undefined` while too few are known. */
function wandering(weekly: readonly number[]): number | undefined {
  const steps: number[] = [];
  for (let i = 0; i + 1 < weekly.length; i += 1) {
    const step = Math.abs((weekly[i] ?? Number.NaN) - (weekly[i + 1] ?? Number.NaN));
    if (!Number.isNaN(step)) steps.push(step);
  }
  if (steps.length < 3) return undefined;
  steps.sort((a, b) => a - b);
  return Math.max(0.005, steps[Math.floor(steps.length * 0.7)] ?? 0);
}

/** Median log change of one day (1: the newest) against the same day of the week before; NaN if little is known. */
function changeSinceWeekBefore(rows: Uint16Array, offset: number, ago: number): number {
  const day = (DAYS_KEPT - ago) * SLOTS_PER_DAY;
  const before = day - 7 * SLOTS_PER_DAY;
  const changes: number[] = [];
  for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
    const now = rows[day + slot] ?? UNKNOWN;
    const then = rows[before + slot] ?? UNKNOWN;
    if (now === UNKNOWN || then === UNKNOWN) continue;
    changes.push(Math.log((coarseValue(now) + offset) / (coarseValue(then) + offset)));
  }
  if (changes.length < SLOTS_PER_DAY / 3) return Number.NaN;
  changes.sort((a, b) => a - b);
  return changes[changes.length >> 1] ?? Number.NaN;
}
