import { knownRange, type Features, type Limits } from './limits.ts';

/** How far a point is beyond what was seen before, and in which respect. */
export interface Strangeness {
  /**
   * 0: nothing new. Otherwise the share by which a record is exceeded: of the known range for a value, of the largest
   * distance so far for unusual behaviour. Changing the unit of the series or its zero does not change it.
   */
  readonly size: number;
  readonly kind: 'beyond-range' | 'unlike-usual' | 'calmer-than-ever';
  /** Which of `measures` was exceeded, where the kind is `unlike-usual`. */
  readonly measure?: number;
}

/** A spread that fell to half of the smallest so far weighs as much as a value 5 % beyond the range. */
const calmWeight = 0.05;
/** After so many points a record weighs half: among few points, the newest often is one. */
const halfTrust = 48;
/** Stands for "infinitely stranger": a change after nothing ever changed. */
const strangest = 1e6;

const share = (excess: number, of: number): number =>
  excess <= 0 ? 0 : Math.min(strangest, of > 0 ? excess / of : strangest);

/**
 * Hold a point against the limits that were learned before it.
 *
 * A value counts as a record when it passes the second largest so far: what happened only once has not become normal.
 */
export function strangeness({ value, means, spread }: Features, limits: Limits): Strangeness {
  const range = knownRange(limits);
  let found: Strangeness = { size: 0, kind: 'beyond-range' };
  if (range) {
    const excess = Math.max(value - range.second, range.secondLowest - value);
    const trust = limits.points / (limits.points + halfTrust);
    found = { size: trust * share(excess, range.highest - range.lowest), kind: 'beyond-range' };
  }
  for (const [measure, far] of limits.farthest.entries()) {
    const mean = means[measure] ?? null;
    if (far === null || mean === null) continue;
    const size = share(mean - far, far);
    if (size > found.size) found = { size, kind: 'unlike-usual', measure };
  }
  if (spread !== null && limits.calmest !== null) {
    const size = calmWeight * share(limits.calmest - spread, spread);
    if (size > found.size) found = { size, kind: 'calmer-than-ever' };
  }
  return found;
}
