/**
 * Statistics over residuals: how a series strays from what was expected, in five-minute slots. A residual is the log of
 * value over expectation; NaN where nothing was known.
 */
export const statistics = ['jump', 'halfHour', 'hour', 'fourHours', 'unrest'] as const;
export type Statistic = (typeof statistics)[number];

/** Slots that each statistic looks back over. */
export const windowSlots: Readonly<Record<Statistic, number>> = {
  jump: 13,
  halfHour: 6,
  hour: 12,
  fourHours: 48,
  unrest: 14,
};

/** One statistic of the slot at `end - 1`, looking back only. NaN where too little is known. */
export function deviationOf(statistic: Statistic, residuals: Float64Array, end: number): number {
  switch (statistic) {
    case 'jump':
      return jumpOfSlots(residuals, end);
    case 'unrest':
      return Math.min(unrest(residuals, end), unrest(residuals, end - 2));
    case 'halfHour':
    case 'hour':
    case 'fourHours':
      return steadyDeviation(residuals, end, windowSlots[statistic]);
  }
}

/** Two slots in a row away from the level of the hour before: the smaller of the two, 0 if they disagree. */
function jumpOfSlots(residuals: Float64Array, end: number): number {
  const last = residuals[end - 1] ?? Number.NaN;
  const before = residuals[end - 2] ?? Number.NaN;
  if (Number.isNaN(last) || Number.isNaN(before)) return Number.NaN;
  const level = levelBefore(residuals, end - 2);
  return agreement(jumpFrom(level, before), jumpFrom(level, last));
}

/**
 * How far a residual is from the level before it, but never farther than from expectation: coming back to expectation
 * is no jump. Without a level the expectation alone decides.
 */
export function jumpFrom(level: number, residual: number): number {
  if (Number.isNaN(level)) return residual;
  const jump = residual - level;
  if (jump > 0 !== residual > 0) return 0;
  return Math.abs(jump) < Math.abs(residual) ? jump : residual;
}

/** The smaller of two deviations in the same direction; 0 if the directions differ. */
export function agreement(a: number, b: number): number {
  if (a > 0 !== b > 0) return 0;
  return Math.abs(a) < Math.abs(b) ? a : b;
}

/** Median of the eleven slots before `end`; NaN if fewer than four are known. */
export function levelBefore(residuals: Float64Array, end: number): number {
  const sorted = scratch;
  let known = 0;
  for (let i = Math.max(0, end - 11); i < end; i += 1) {
    const residual = residuals[i] ?? Number.NaN;
    if (Number.isNaN(residual)) continue;
    known = insertSorted(sorted, known, residual);
  }
  return known < 4 ? Number.NaN : middle(sorted, known);
}

/**
 * What most of the last `length` slots have in common: their mean without the most extreme one, or their median if that
 * says less. NaN if less than two thirds are known.
 */
function steadyDeviation(residuals: Float64Array, end: number, length: number): number {
  let sum = 0;
  let known = 0;
  let extreme = 0;
  for (let i = Math.max(0, end - length); i < end; i += 1) {
    const residual = residuals[i] ?? Number.NaN;
    if (Number.isNaN(residual)) continue;
    sum += residual;
    known = insertSorted(scratch, known, residual);
    if (Math.abs(residual) > Math.abs(extreme)) extreme = residual;
  }
  if (known * 3 < length * 2 || known < 3) return Number.NaN;
  return agreement((sum - extreme) / (known - 1), middle(scratch, known));
}

const UNREST_SLOTS = 12;

/**
 * Mean step between neighbouring slots over an hour, without the two largest: devices that come and go in waves. The newest
 * slots alone cannot make unrest, for they may still be revised.
 */
function unrest(residuals: Float64Array, end: number): number {
  let sum = 0;
  let steps = 0;
  let largest = 0;
  let second = 0;
  for (let i = Math.max(1, end - UNREST_SLOTS); i < end; i += 1) {
    const step = Math.abs((residuals[i] ?? Number.NaN) - (residuals[i - 1] ?? Number.NaN));
    if (Number.isNaN(step)) continue;
    sum += step;
    steps += 1;
    if (step > largest) {
      second = largest;
      largest = step;
    } else if (step > second) second = step;
  }
  return steps < 8 ? Number.NaN : (sum - largest - second) / (steps - 2);
}

const scratch = new Float64Array(64);

/** Inserts into the first `count` sorted numbers; returns the new count. */
export function insertSorted(sorted: Float64Array, count: number, value: number): number {
  let i = count;
  while (i > 0 && (sorted[i - 1] ?? 0) > value) {
    sorted[i] = sorted[i - 1] ?? 0;
    i -= 1;
  }
  sorted[i] = value;
  return count + 1;
}

/** Median of the first `count` sorted numbers. */
export function middle(sorted: Float64Array, count: number): number {
  const upper = sorted[count >> 1] ?? Number.NaN;
  return count % 2 === 1 ? upper : (upper + (sorted[(count >> 1) - 1] ?? Number.NaN)) / 2;
}
