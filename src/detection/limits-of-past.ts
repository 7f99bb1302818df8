import type { Statistic } from './deviations.ts';
import { sizeOf } from './expectation.ts';
import { LEAST_COUNT, type Past } from './own-past.ts';

export type Direction = 'below' | 'above';

/** How much a series must stray before it is a breach; one number each, so that `why` can show them. */
export interface GaugeSettings {
  readonly directions: readonly Direction[];
  /** Least share of the expectation, down and up: 0.05 = 5 %. */
  readonly leastDrop: number;
  readonly leastSurge: number;
  /** Least number of devices (or messages), for series where a share means nothing. */
  readonly leastCount: number;
  /** Standard deviations of the series' own past. */
  readonly deviations: number;
  /** Times the farthest that its own past strayed. */
  readonly margin: number;
  /** How long a jump must last. */
  readonly confirmMs: number;
}

/** Standing near a limit of its own past needs a past; until a day of it is known, limits are this much wider. */
const YOUNG = 2;
/** The slow means, of which a day holds little more than one, come down from so much to their limits within so many days. */
const YOUNG_MEAN = 1.5;
const GROWN_COUNT = 480;
/** Unrest is never below zero, so its root mean square is already about its usual height. */
const UNREST_DEVIATIONS = 2.5;
const LEAST_UNREST = 0.06;

/** The log deviation at which one statistic is a breach, given what is expected and the offset of the log scale. */
export function limitOf(
  statistic: Statistic,
  direction: Direction,
  past: Past,
  settings: GaugeSettings,
  expected: number,
  offset: number,
): number {
  const { count, squares, below, above } = past[statistic];
  const spread = count < LEAST_COUNT ? 0 : Math.sqrt(squares / count);
  const farthest = direction === 'below' ? below : above;
  const young = youngFactor(statistic, count);
  if (statistic === 'unrest')
    return (
      young *
      Math.max(
        LEAST_UNREST,
        leastDeviation(settings, direction, expected, offset),
        UNREST_DEVIATIONS * spread,
        settings.margin * farthest,
      )
    );
  return (
    young *
    Math.max(
      leastDeviation(settings, direction, expected, offset),
      settings.deviations * spread,
      settings.margin * farthest,
    )
  );
}

/** Few days do not show how far a series may wander; jumps and unrest are told from the last hour or two, and need no more than one. */
function youngFactor(statistic: Statistic, count: number): number {
  if (count < LEAST_COUNT) return YOUNG;
  if (statistic === 'jump' || statistic === 'unrest') return 1;
  return 1 + (YOUNG_MEAN - 1) * Math.max(0, 1 - count / GROWN_COUNT);
}

/** A change of less than this share of the fleet is not worth a breach, however few are expected just then. */
const LEAST_SHARE_OF_SIZE = 0.015;

/** The least deviation worth a breach: a share of the expectation and a number of devices, whichever is more. */
export function leastDeviation(
  settings: GaugeSettings,
  direction: Direction,
  expected: number,
  offset: number,
): number {
  const count = Math.max(settings.leastCount, LEAST_SHARE_OF_SIZE * sizeOf(offset));
  if (direction === 'below') {
    const left = Math.min(expected * (1 - settings.leastDrop), expected - count);
    return left < 0 ? Number.POSITIVE_INFINITY : Math.log((expected + offset) / (left + offset));
  }
  const reached = Math.max(expected * (1 + settings.leastSurge), expected + count);
  return Math.log((reached + offset) / (expected + offset));
}
