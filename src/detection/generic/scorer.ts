import { MINUTE, type EpochMs } from '../../time/time.ts';
import { emptyMemory, recentSpread, remember, sameTimeOfDay, type DayMemory } from './day-memory.ts';
import { learn, measures, noLimits, type Features, type Limits } from './limits.ts';
import { strangeness, type Strangeness } from './strangeness.ts';
import { distanceTo, learnVariation, variationOf, type Distance, type Variation } from './usual.ts';

/** All that the scorer knows of a series: plain data, bounded, safe to write as JSON. */
export interface ScorerState {
  /** `null` until the first points told how far apart they are. */
  readonly memory: DayMemory | null;
  /** Those first points. */
  readonly first: readonly Sample[];
  /** Distances to the usual of the newest points that had a usual, newest last. */
  readonly absolute: readonly number[];
  readonly relative: readonly number[];
  readonly variation: Variation;
  readonly limits: Limits;
  readonly lastAt: EpochMs | null;
  /** Points since the last alarm. */
  readonly sinceAlarm: number | null;
}

interface Sample {
  readonly at: EpochMs;
  readonly value: number;
}

export interface Scored {
  readonly state: ScorerState;
  /** In [0, 1]; at least `alarmScore`: an anomaly. */
  readonly score: number;
  /** What the score rests on, without the quiet after an alarm. */
  readonly strangeness: Strangeness;
  /** Absent for a missing value. */
  readonly features?: Features & { readonly distance: Distance | null };
}

/** A point with at least this score is an anomaly. It stands for a record exceeded by `alarmStrangeness`. */
export const alarmScore = 0.5;
const alarmStrangeness = 0.02;

/** No alarm for so many points after one; then the bar is six times as high, and half of that goes per `barHalfLife`. */
const quietPoints = 30;
const barHalfLife = 48;
const raisedBar = 5;

const firstPoints = 13;
const calmSlots = 96;
/** No metric is that large; beyond it the arithmetic would lose its ground. */
const largest = 1e30;
const longest = {
  absolute: Math.max(...measures.filter(({ of }) => of === 'absolute').map(({ window }) => window)),
  relative: Math.max(...measures.filter(({ of }) => of === 'relative').map(({ window }) => window)),
};

const notStrange: Strangeness = { size: 0, kind: 'beyond-range' };

export const emptyState: ScorerState = {
  memory: null,
  first: [],
  absolute: [],
  relative: [],
  variation: { mean: 0, count: 0 },
  limits: noLimits,
  lastAt: null,
  sinceAlarm: null,
};

/** The mean of each measure; the windows of one kind of distance grow, so that each sum goes on from the one before. */
function meansOf(distances: Record<(typeof measures)[number]['of'], readonly number[]>): (number | null)[] {
  const sums = { absolute: { sum: 0, of: 0 }, relative: { sum: 0, of: 0 } };
  return measures.map(({ of, window }) => {
    const known = distances[of];
    if (known.length < window) return null;
    const total = sums[of];
    for (; total.of < window; total.of++) total.sum += known[known.length - 1 - total.of] ?? 0;
    return total.sum / window;
  });
}

/** The middle one of the gaps between the points; five minutes if there are none. */
function usualGap(points: readonly Sample[]): number {
  const gaps = points.map(({ at }, index) => at - (points[index - 1]?.at ?? at)).filter((gap) => gap > 0);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 5 * MINUTE;
}

function scoreOf(size: number, sinceAlarm: number | null): number {
  const raised = sinceAlarm === null ? 0 : raisedBar * 2 ** (-sinceAlarm / barHalfLife);
  const score = size / (size + alarmStrangeness * (1 + raised));
  return sinceAlarm !== null && sinceAlarm < quietPoints ? 0.99 * alarmScore * score : score;
}

function append(list: readonly number[], value: number | null, longest: number): readonly number[] {
  if (value === null) return list;
  const appended = list.slice(1 - longest);
  appended.push(value);
  return appended;
}

/**
 * Take in one point of a series and say how strange it is, given only the points before it.
 *
 * The first dozen points have score 0. So has a value that is missing or not a finite number; it teaches nothing.
 * Points should come oldest first; one that is late, doubled or from a wrong clock is still scored, and does no lasting
 * harm.
 */
export function step(state: ScorerState, at: EpochMs, given: number | null): Scored {
  if (given === null || !(Math.abs(given) < largest) || !Number.isFinite(at)) {
    return { state, score: 0, strangeness: notStrange };
  }
  const value = given + 0; // JSON knows no -0
  const first = state.memory ? [] : [...state.first, { at, value }];
  const past = state.memory ?? (first.length < firstPoints ? null : memoryOf(first.slice(0, -1)));
  const seen = past ? sameTimeOfDay(past, at) : [];
  const variation = variationOf(seen);
  const distance = distanceTo(seen, value, variation, state.variation);
  const absolute = append(state.absolute, distance && distance.absolute, longest.absolute);
  const relative = append(state.relative, distance && distance.relative, longest.relative);
  const memory = past && remember(past, at, value);
  const means = meansOf({
    absolute: distance ? absolute : [],
    relative: distance && distance.relative !== null ? relative : [],
  });
  const features = { value, distance, means, spread: memory && recentSpread(memory, at, calmSlots) };
  const strange = past ? strangeness(features, state.limits) : notStrange;
  const sinceAlarm = state.sinceAlarm === null ? null : state.sinceAlarm + 1;
  const score = scoreOf(strange.size, sinceAlarm);
  return {
    state: {
      memory,
      first: memory ? [] : first,
      absolute,
      relative,
      variation: learnVariation(state.variation, variation),
      limits: learn(state.limits, features, at, at - (state.lastAt ?? at)),
      lastAt: at,
      sinceAlarm: score >= alarmScore ? 0 : sinceAlarm,
    },
    score,
    strangeness: strange,
    features,
  };
}

const memoryOf = (points: readonly Sample[]): DayMemory =>
  points.reduce((memory, { at, value }) => remember(memory, at, value), emptyMemory(usualGap(points)));
