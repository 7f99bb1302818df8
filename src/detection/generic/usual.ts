/** What a series usually shows at one time of day, and how far a value is from it. */
export interface Distance {
  /** To the nearest tenth of the values seen at that time of day, in their unit. */
  readonly absolute: number;
  /** The same in units of how much that time of day varies; `null` where too few days are known to tell. */
  readonly relative: number | null;
}

/** How much a time of day varies from day to day, averaged over the times of day: a floor for quiet hours. */
export interface Variation {
  readonly mean: number;
  readonly count: number;
}

/**
 * Being like a tenth of what was seen is enough: so weekends, holidays and the time after a change need no model of
 * their own.
 */
const nearestShare = 0.1;
const leastToVary = 3;
/** About two weeks of five-minute points. */
const variationMemory = 4000;
const floorShare = 0.3;
/** Stands for a distance where nothing ever varied. */
const incomparable = 1e6;

/** The middle of values in ascending order; `null` if there are none. */
export function median(ascending: readonly number[]): number | null {
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? null;
  return ascending.length % 2 === 1 || upper === null ? upper : ((ascending[middle - 1] ?? upper) + upper) / 2;
}

/** Mean distance of the values seen at one time of day, in ascending order, from their median; `null` if too few. */
export function variationOf(seen: readonly number[]): number | null {
  const middle = seen.length < leastToVary ? null : median(seen);
  if (middle === null) return null;
  let sum = 0;
  for (const value of seen) sum += Math.abs(value - middle);
  return sum / seen.length;
}

/** Mean distance to the nearest of values in ascending order. */
function distanceToNearest(seen: readonly number[], value: number, count: number): number {
  let above = 0;
  while ((seen[above] ?? Infinity) < value) above++;
  let below = above - 1;
  let sum = 0;
  for (let taken = 0; taken < count; taken++) {
    const up = (seen[above] ?? Infinity) - value;
    const down = value - (seen[below] ?? -Infinity);
    sum += Math.min(up, down);
    if (up < down) above++;
    else below--;
  }
  return sum / count;
}

/** The distance of a value to the values seen at its time of day, in ascending order; `null` if there are none. */
export function distanceTo(
  seen: readonly number[],
  value: number,
  variation: number | null,
  usual: Variation,
): Distance | null {
  if (seen.length === 0) return null;
  const absolute = distanceToNearest(seen, value, Math.max(1, Math.round(nearestShare * seen.length)));
  if (variation === null) return { absolute, relative: null };
  const unit = variation + floorShare * usual.mean;
  return { absolute, relative: absolute === 0 ? 0 : Math.min(incomparable, absolute / unit) };
}

export function learnVariation({ mean, count }: Variation, variation: number | null): Variation {
  if (variation === null) return { mean, count };
  const next = Math.min(count + 1, variationMemory);
  return { mean: mean + (variation - mean) / next, count: next };
}
