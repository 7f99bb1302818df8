import { deviationOf, middle, statistics } from './deviations.ts';
import { expectedLog, formerOffsets, HYPOTHESES, logOf, residualFromNow, residualOf } from './expectation.ts';
import { coarse, coarseValue, storable, toCode, UNKNOWN } from './log-scale.ts';
import { forEachStatistic, LEAST_COUNT, withAnotherDay, type Past, type Strayed } from './own-past.ts';
import {
  DAYS_KEPT,
  knownDays,
  SLOTS_PER_DAY,
  TAIL_SLOTS,
  usualSize,
  type SeasonalPicture,
} from './seasonal-picture.ts';

/** One finished UTC day of a series. */
export interface FinishedDay {
  /** Codes by slot; unknown where there was no value, maintenance, or a stuck one. */
  readonly row: Uint16Array;
  /** 1 where a slot belonged to a breach that has ended, or to one that goes on. */
  readonly ended: Uint8Array;
  readonly ongoing: Uint8Array;
  /** Log offset of a level shift that was learned today, 0 for none. */
  readonly shift: number;
}

/**
 * Above this share of slots in ended breaches in two days the limits are wrong, not the series: learn from all of it. One
 * long incident in one of them is just that: each day must have had some.
 */
const LEARN_REGARDLESS = 0.25;
const LEAST_OF_EACH = 0.08;
const FORMER_LEVEL_DAYS = 7;
const MOST_FORMER_LEVELS = 3;
/** Levels so near to each other (log) are the same. */
const SAME_LEVEL = 0.02;
/** The day's last hours tell whether a series has come back to a level that it had left. */
const RETURN_SLOTS = 36;

/**
 * The picture of the next day. What belonged to a breach is left out; what the day's residuals say about the limits
 * counts a day later, so that a slow drain cannot widen the limits it is judged by.
 */
export function foldDay(picture: SeasonalPicture, day: FinishedDay): SeasonalPicture {
  const back = returnedBy(picture, day);
  const shift = day.shift + (back ?? 0);
  const flaggedShare = day.ended.reduce((sum, flag) => sum + flag, 0) / SLOTS_PER_DAY;
  const dayBefore = picture.flagged[0];
  const regardless =
    (flaggedShare + dayBefore) / 2 > LEARN_REGARDLESS && Math.min(flaggedShare, dayBefore) > LEAST_OF_EACH;
  const yesterday = picture.rows.subarray((DAYS_KEPT - 1) * SLOTS_PER_DAY);
  // What strayed at the same time on two days running is a habit.
  const left = (slot: number): boolean => day.ended[slot] === 1 && !regardless && yesterday[slot] !== UNKNOWN;
  const strayed = (slot: number): boolean => back !== undefined && ranBelow(picture, day, slot, back);
  const row = day.row.map((code, slot) => (left(slot) || day.ongoing[slot] === 1 || strayed(slot) ? UNKNOWN : code));
  const residuals = residualsOf(picture, row, shift);

  const rows = new Uint16Array(picture.rows.length);
  rows.set(picture.rows.subarray(SLOTS_PER_DAY));
  if (Math.abs(shift) > SAME_LEVEL) restate(rows, shift);
  rows.set(row, (DAYS_KEPT - 1) * SLOTS_PER_DAY);
  const nextDay = picture.day + 1;
  return {
    day: nextDay,
    rows,
    size: usualSize(rows),
    knownDays: knownDays(rows),
    corrections: corrected(picture, row, shift),
    tail: residuals.slice(-TAIL_SLOTS).map(storable),
    past: withAnotherDay(picture.past, picture.pending),
    pending: pastOf(residuals, picture.past),
    flagged: [regardless ? 0 : flaggedShare, picture.flagged[0]],
    formerLevels: formerLevels(picture, shift, back !== undefined),
  };
}

/** The former level (log offset) that the day ended on; `undefined` if it did not come back to one. */
function returnedBy(picture: SeasonalPicture, day: FinishedDay): number | undefined {
  const former = formerOffsets(picture, day.shift);
  if (former.length === 0) return undefined;
  const [best] = former
    .map((offset) => ({ offset, apart: Math.abs(endedApart(picture, day, offset)) }))
    .sort((a, b) => a.apart - b.apart);
  if (best === undefined || !(best.apart < 0.3 * Math.abs(best.offset))) return undefined;
  // At night, when hardly anything is expected, every level looks the same.
  return Math.abs(endedApart(picture, day, 0)) > 0.5 * Math.abs(best.offset) ? best.offset : undefined;
}

/** How far the day's last hours ran from the level of now, moved by an offset; NaN if little is known. */
function endedApart(picture: SeasonalPicture, day: FinishedDay, offset: number): number {
  const seen: number[] = [];
  for (let slot = SLOTS_PER_DAY - RETURN_SLOTS; slot < SLOTS_PER_DAY; slot += 1) {
    const apart = residualNow(picture, day, slot, offset);
    if (!Number.isNaN(apart)) seen.push(apart);
  }
  return seen.length < RETURN_SLOTS / 2 ? Number.NaN : middle(Float64Array.from(seen).sort(), seen.length);
}

/** Residual against the level of now, moved by an offset; other former levels are left aside. */
function residualNow(picture: SeasonalPicture, { row, shift }: FinishedDay, slot: number, offset: number): number {
  const code = row[slot] ?? UNKNOWN;
  return code === UNKNOWN ? Number.NaN : residualFromNow(picture, coarseValue(code), slot, shift + offset);
}

/** Slots of the day that ran before the return, and are nobody's habit. */
function ranBelow(picture: SeasonalPicture, day: FinishedDay, slot: number, back: number): boolean {
  return Math.abs(residualNow(picture, day, slot, 0)) < Math.abs(residualNow(picture, day, slot, back));
}

/** What came back is no former level any more; what was left today is one. */
function formerLevels(picture: SeasonalPicture, shift: number, isBack: boolean): SeasonalPicture['formerLevels'] {
  const nextDay = picture.day + 1;
  const before = picture.formerLevels
    .map(({ offset, untilDay }) => ({ offset: offset - shift, untilDay }))
    .filter(({ offset, untilDay }) => untilDay > nextDay && Math.abs(offset) > SAME_LEVEL);
  if (isBack) return [];
  if (Math.abs(shift) <= SAME_LEVEL) return before;
  return [{ offset: -shift, untilDay: nextDay + FORMER_LEVEL_DAYS }, ...before].slice(0, MOST_FORMER_LEVELS);
}

/** The tail of the day before, then the residuals of the day. */
function residualsOf(picture: SeasonalPicture, row: Uint16Array, shift: number): Float64Array {
  const residuals = new Float64Array(TAIL_SLOTS + SLOTS_PER_DAY).fill(Number.NaN);
  residuals.set(picture.tail);
  for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
    const code = row[slot] ?? UNKNOWN;
    // Before the same weekday was seen, a residual may just be the first weekend.
    if (code === UNKNOWN || Number.isNaN(expectedLog(picture, 1, slot))) continue;
    residuals[TAIL_SLOTS + slot] = residualOf(picture, coarseValue(code), slot, shift);
  }
  return residuals;
}

/** The slow statistics of neighbouring slots look back over nearly the same hours: every third is enough. */
const SLOW_STEP = 3;

/** What the day adds to the past: nothing may widen a limit by more than a quarter in one day. */
function pastOf(residuals: Float64Array, before: Past): Past {
  const day = forEachStatistic(() => ({ count: 0, squares: 0, below: 0, above: 0 }));
  for (let end = TAIL_SLOTS + 1; end <= residuals.length; end += 1) {
    if (Number.isNaN(residuals[end - 1])) continue;
    for (const statistic of statistics) {
      if (statistic !== 'jump' && end % SLOW_STEP !== 0) continue;
      const seen = capped(deviationOf(statistic, residuals, end), before[statistic]);
      if (Number.isNaN(seen)) continue;
      const strayed = day[statistic];
      strayed.count += 1;
      strayed.squares += seen * seen;
      strayed.below = Math.max(strayed.below, -seen);
      strayed.above = Math.max(strayed.above, seen);
    }
  }
  return day;
}

/** What strayed ten times farther than ever usual was explained otherwise, and counts only so far. */
function capped(deviation: number, { count, squares, below, above }: Strayed): number {
  if (count < LEAST_COUNT) return deviation;
  const most = Math.max(0.06, 8 * Math.sqrt(squares / count));
  return Math.min(Math.max(above, most), Math.max(-Math.max(below, most), deviation));
}

/** Each hypothesis follows a tenth of a percent to one percent a day of what it missed; a day it does not fit says nothing. */
function corrected(picture: SeasonalPicture, row: Uint16Array, shift: number): readonly [number, number, number] {
  const next: [number, number, number] = [...picture.corrections];
  for (let hypothesis = 0; hypothesis < HYPOTHESES; hypothesis += 1) {
    const missed = new Float64Array(SLOTS_PER_DAY);
    let known = 0;
    for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
      const code = row[slot] ?? UNKNOWN;
      const expected = expectedLog(picture, hypothesis, slot);
      if (code === UNKNOWN || Number.isNaN(expected)) continue;
      missed[known] = logOf(picture, coarseValue(code), shift) - expected;
      known += 1;
    }
    if (known < SLOTS_PER_DAY / 3) continue;
    const median = missed.subarray(0, known).sort()[known >> 1] ?? 0;
    if (Math.abs(median) > 0.1) continue;
    next[hypothesis as 0 | 1 | 2] += Math.min(0.01, Math.max(-0.01, 0.3 * median));
  }
  return next;
}

/** Moves older rows to a learned level, so that every hypothesis speaks of the level of today. */
function restate(rows: Uint16Array, shift: number): void {
  for (let i = 0; i < rows.length; i += 1) {
    const code = rows[i] ?? UNKNOWN;
    if (code === UNKNOWN) continue;
    rows[i] = toCode(coarseValue(code) * Math.exp(shift), coarse);
  }
}
