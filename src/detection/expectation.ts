import { HOUR } from '../time/time.ts';
import { recentClockChange } from './clock-changes.ts';
import { insertSorted } from './deviations.ts';
import { coarseValue, UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, SLOT_MS, SLOTS_PER_DAY, type SeasonalPicture } from './seasonal-picture.ts';

/**
 * The pictures that a day is compared with: the last week, the same weekday, yesterday; and for a week after clocks
 * changed somewhere, the first two an hour earlier or later.
 */
export const HYPOTHESES = 3;
const ALL_HYPOTHESES = 5;

/**
 * What a day, and the day before it, should look like: by day, hypothesis and slot, as logs of (value + offset); NaN
 * where the hypothesis has nothing to say. Filled in slot by slot as it is asked for.
 */
export interface DayPlan {
  readonly offset: number;
  readonly logs: Float64Array;
  readonly filled: Uint8Array;
  /** How many hypotheses speak on this day, and by how many slots the last two are moved. */
  readonly hypotheses: number;
  readonly movedSlots: number;
  /** The last days ago of which the moved ones know nothing, because clocks had changed already. */
  readonly changedDaysAgo: number;
}

/**
 * Values are compared as log(value + offset). The offset makes the scale linear for counts that are small, absolutely
 * or for this series: 3 of 10 devices at night are not what 300 of 1,000 are at noon.
 */
export function offsetFor(size: number): number {
  return 3 + size / 20;
}

/** The size that an offset was made for. */
export function sizeOf(offset: number): number {
  return (offset - 3) * 20;
}

const plans = new WeakMap<SeasonalPicture, DayPlan>();

/** The plan of the picture's day; remembered for as long as the picture itself is. */
export function planOf(picture: SeasonalPicture): DayPlan {
  let plan = plans.get(picture);
  if (!plan) {
    const change = recentClockChange(picture.day);
    plan = {
      offset: offsetFor(picture.size),
      logs: new Float64Array(2 * ALL_HYPOTHESES * SLOTS_PER_DAY).fill(Number.NaN),
      filled: new Uint8Array(2 * SLOTS_PER_DAY),
      hypotheses: change ? ALL_HYPOTHESES : HYPOTHESES,
      movedSlots: change ? change.hours * (HOUR / SLOT_MS) : 0,
      changedDaysAgo: change ? picture.day - change.day : 0,
    };
    plans.set(picture, plan);
  }
  return plan;
}

/** Log expectation of one hypothesis at one slot of the picture's day, or of the day before; NaN if it has none. */
export function expectedLog(picture: SeasonalPicture, hypothesis: number, slot: number, daysBefore: 0 | 1 = 0): number {
  const plan = planOf(picture);
  if (plan.filled[daysBefore * SLOTS_PER_DAY + slot] === 0) fillSlot(picture, plan, slot, daysBefore);
  return plan.logs[(daysBefore * ALL_HYPOTHESES + hypothesis) * SLOTS_PER_DAY + slot] ?? Number.NaN;
}

function fillSlot(picture: SeasonalPicture, plan: DayPlan, slot: number, daysBefore: 0 | 1): void {
  const { rows, corrections } = picture;
  const put = (
    hypothesis: number,
    correction: number,
    at: number,
    daysAgo: readonly number[],
    atLeast: number,
  ): void => {
    const value = medianAround(rows, at, daysAgo, daysBefore, atLeast);
    plan.logs[(daysBefore * ALL_HYPOTHESES + hypothesis) * SLOTS_PER_DAY + slot] =
      Math.log(value + plan.offset) + correction;
  };
  put(0, corrections[0], slot, lastWeek, 5);
  put(1, corrections[1], slot, sameWeekday, 2);
  put(2, corrections[2], slot, yesterday, 2);
  plan.filled[daysBefore * SLOTS_PER_DAY + slot] = 1;
  if (plan.movedSlots === 0) return;
  const moved = slot - plan.movedSlots;
  const before = lastWeek.filter((ago) => ago > plan.changedDaysAgo);
  put(3, corrections[0], moved, before, 2);
  put(4, corrections[1], moved, sameWeekday, 2);
}

const lastWeek = [1, 2, 3, 4, 5, 6, 7];
const sameWeekday = [7, 14, 21];
const yesterday = [1];
const scratch = new Float64Array(32);

/** Median over the slot and its two neighbours on the days so many days ago; NaN if fewer than `atLeast` are known. */
function medianAround(
  rows: Uint16Array,
  slot: number,
  daysAgo: readonly number[],
  daysBefore: 0 | 1,
  atLeast: number,
): number {
  let known = 0;
  for (const ago of daysAgo) {
    // Neighbours of midnight lie in the day before or after.
    const middleSlot = (DAYS_KEPT - ago - daysBefore) * SLOTS_PER_DAY + slot;
    for (let s = middleSlot - 1; s <= middleSlot + 1; s += 1) {
      const code = rows[s] ?? UNKNOWN;
      if (code !== UNKNOWN) known = insertSorted(scratch, known, code);
    }
  }
  if (known < atLeast) return Number.NaN;
  // Codes are in the order of their values.
  const upper = coarseValue(scratch[known >> 1] ?? UNKNOWN);
  return known % 2 === 1 ? upper : (upper + coarseValue(scratch[(known >> 1) - 1] ?? UNKNOWN)) / 2;
}

/**
 * The residual of a value at a slot: its log distance from the hypothesis that explains it best. `between` moves the
 * expectation towards a neighbouring slot (-0.5 … 0.5) for bins shorter than a slot. A level that was left by a learned
 * shift explains as well, until it is forgotten. A bin of the day before is compared with what that day should have been,
 * not with itself. NaN while no hypothesis speaks.
 */
export function residualOf(
  picture: SeasonalPicture,
  value: number,
  slot: number,
  shift: number,
  between = 0,
  daysBefore: 0 | 1 = 0,
): number {
  const former = formerOffsets(picture, shift);
  return nearest(picture, value, slot, shift, between, daysBefore, former);
}

/** The same, but levels that were left explain nothing. */
export function residualFromNow(picture: SeasonalPicture, value: number, slot: number, shift: number): number {
  return nearest(picture, value, slot, shift, 0, 0, []);
}

function nearest(
  picture: SeasonalPicture,
  value: number,
  slot: number,
  shift: number,
  between: number,
  daysBefore: 0 | 1,
  former: readonly number[],
): number {
  const plan = planOf(picture);
  const log = logOf(picture, value, shift);
  const formerly = former.map((offset) => logOf(picture, value, shift + offset));
  let least = Number.NaN;
  for (let hypothesis = 0; hypothesis < plan.hypotheses; hypothesis += 1) {
    const expected = expectedLogAt(picture, hypothesis, slot, between, daysBefore);
    const residual = log - expected;
    if (!(Math.abs(residual) >= Math.abs(least))) least = Number.isNaN(residual) ? least : residual;
    for (const other of formerly) if (Math.abs(other - expected) < Math.abs(least)) least = other - expected;
  }
  return least;
}

/**
 * The log of a value as it would have been before a level shift. A shift moves the same share of many and of few: what is
 * silent at night stays silent.
 */
export function logOf(picture: SeasonalPicture, value: number, shift: number): number {
  return Math.log((shift === 0 ? value : value * Math.exp(-shift)) + planOf(picture).offset);
}

/** What was expected where a value has this residual. */
export function expectedOf(picture: SeasonalPicture, value: number, residual: number, shift: number): number {
  const before = Math.exp(logOf(picture, value, shift) - residual) - planOf(picture).offset;
  return Math.max(0, before * Math.exp(shift));
}

const noOffsets: readonly number[] = [];

/** Log offsets, from the level of now, of the levels that were normal before learned shifts. */
export function formerOffsets({ formerLevels }: SeasonalPicture, shift: number): readonly number[] {
  if (formerLevels.length === 0 && shift === 0) return noOffsets;
  const before = formerLevels.map(({ offset }) => offset - shift);
  return shift === 0 ? before : [-shift, ...before];
}

/** Log expectation of one hypothesis within a slot, moved towards its neighbour by `between`. */
export function expectedLogAt(
  picture: SeasonalPicture,
  hypothesis: number,
  slot: number,
  between: number,
  daysBefore: 0 | 1 = 0,
): number {
  const here = expectedLog(picture, hypothesis, slot, daysBefore);
  if (between === 0) return here;
  const neighbour = slot + Math.sign(between);
  if (neighbour < 0 || neighbour >= SLOTS_PER_DAY) return here;
  const there = expectedLog(picture, hypothesis, neighbour, daysBefore);
  return Number.isNaN(there) ? here : here + (there - here) * Math.abs(between);
}
