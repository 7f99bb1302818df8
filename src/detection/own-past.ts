import type { Statistic } from './deviations.ts';
import { statistics } from './deviations.ts';

/** How far one statistic strayed while nothing was wrong. */
export interface Strayed {
  /** Observations, fading; their sum of squares, fading alike. */
  readonly count: number;
  readonly squares: number;
  /** The farthest below and above expectation, both as positive numbers, fading. */
  readonly below: number;
  readonly above: number;
}

export type Past = Readonly<Record<Statistic, Strayed>>;

const never: Strayed = { count: 0, squares: 0, below: 0, above: 0 };

export const nothingPast: Past = forEachStatistic(() => never);

export function forEachStatistic<Value>(make: (statistic: Statistic) => Value): Record<Statistic, Value> {
  return Object.fromEntries(statistics.map((statistic) => [statistic, make(statistic)])) as Record<Statistic, Value>;
}

/** Fewer observations than this (about a day of the slow statistics) are no past to judge by. */
export const LEAST_COUNT = 80;

/** A past that forgets with a time constant of two weeks, and one more day in it. */
export function withAnotherDay(past: Past, day: Past): Past {
  const fading = Math.exp(-1 / 14);
  return forEachStatistic((statistic) => {
    const old = past[statistic];
    const recent = day[statistic];
    return {
      count: old.count * fading + recent.count,
      squares: old.squares * fading + recent.squares,
      below: Math.max(old.below * fading, recent.below),
      above: Math.max(old.above * fading, recent.above),
    };
  });
}
