import { DAY, type EpochMs } from '../../time/time.ts';

/**
 * What is averaged over how many of the newest points, in octaves from a burst to a slow departure: the distance to the
 * usual, in the unit of the series and in units of how much that time of day varies.
 */
export const measures = [
  { of: 'absolute', window: 6 },
  { of: 'absolute', window: 12 },
  { of: 'absolute', window: 24 },
  { of: 'absolute', window: 48 },
  { of: 'absolute', window: 96 },
  { of: 'relative', window: 6 },
  { of: 'relative', window: 24 },
] as const;

/** The two largest and the two smallest values of a span. */
export interface Extremes {
  readonly highest: number;
  readonly second: number;
  readonly lowest: number;
  readonly secondLowest: number;
}

/** What the series has shown so far, against which the newest point is held. */
export interface Limits {
  /** When learning began, and from how many points. */
  readonly knownSince: EpochMs | null;
  readonly points: number;
  /** Extremes since `rangeFrom`, and those of the term before it: so a record is forgotten after one to two terms. */
  readonly rangeFrom: EpochMs;
  readonly range: Extremes | null;
  readonly rangeBefore: Extremes | null;
  /** The largest mean so far of each of `measures`; `null` before its window was full once. */
  readonly farthest: readonly (number | null)[];
  /** The smallest spread of the last hours so far. */
  readonly calmest: number | null;
}

/** What is known of the newest point. */
export interface Features {
  readonly value: number;
  /** Each of `measures`, `null` while its window is not full. */
  readonly means: readonly (number | null)[];
  /** Standard deviation of the last hours, `null` while too little is known. */
  readonly spread: number | null;
}

export const noLimits: Limits = {
  knownSince: null,
  points: 0,
  rangeFrom: 0,
  range: null,
  rangeBefore: null,
  farthest: measures.map(() => null),
  calmest: null,
};

const rangeTerm = 180 * DAY;
/** Time constants with which `farthest` shrinks, so that an unusual day does not hide the next one for ever. */
const forgetting = 56 * DAY;
/** In the first week a day could only be compared with other days of the week: what it taught is forgotten sooner. */
const forgettingFirstWeek = 10 * DAY;
const secondWeek = { from: 8 * DAY, to: 15 * DAY };

function widen(range: Extremes | null, value: number): Extremes {
  if (!range) return { highest: value, second: value, lowest: value, secondLowest: value };
  const { highest, second, lowest, secondLowest } = range;
  if (value <= second && value >= secondLowest) return range;
  return {
    highest: Math.max(highest, value),
    second: value > highest ? highest : Math.max(second, value),
    lowest: Math.min(lowest, value),
    secondLowest: value < lowest ? lowest : Math.min(secondLowest, value),
  };
}

/** The range over both terms. */
export function knownRange({ range, rangeBefore }: Limits): Extremes | null {
  if (!range || !rangeBefore) return range ?? rangeBefore;
  return [rangeBefore.second, rangeBefore.highest, rangeBefore.secondLowest, rangeBefore.lowest].reduce(widen, range);
}

function shrinkage(knownForMs: number, elapsedMs: number): number {
  const second = knownForMs >= secondWeek.from && knownForMs < secondWeek.to;
  // A gap of months is not months of experience.
  const elapsed = Math.min(Math.max(elapsedMs, 0), DAY);
  return Math.exp(-elapsed / (second ? forgettingFirstWeek : forgetting));
}

/** The limits after a point at `at` was seen, `elapsedMs` after the one before. */
export function learn(limits: Limits, { value, means, spread }: Features, at: EpochMs, elapsedMs: number): Limits {
  const knownSince = limits.knownSince ?? at;
  const next = limits.range !== null && at - limits.rangeFrom >= rangeTerm;
  const shrink = shrinkage(at - knownSince, elapsedMs);
  return {
    knownSince,
    points: limits.points + 1,
    rangeFrom: limits.range === null || next ? at : Math.min(limits.rangeFrom, at),
    range: widen(next ? null : limits.range, value),
    rangeBefore: next ? limits.range : limits.rangeBefore,
    farthest: limits.farthest.map((far, measure) => {
      const mean = means[measure] ?? null;
      if (far === null || mean === null) return mean ?? far;
      return Math.max(far * shrink, mean);
    }),
    calmest: spread === null ? limits.calmest : Math.min(limits.calmest ?? Infinity, spread),
  };
}
