import { HOUR, type EpochMs } from '../time/time.ts';
import { agreement } from './deviations.ts';
import { residualOf } from './expectation.ts';
import { slotValue } from './gauge-reading.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { SLOT_MS, slotOf } from './seasonal-picture.ts';

/** Without a season, small counts are compared as log(value + this). */
export const YOUNG_OFFSET = 3;
/** And only abrupt changes count: this much at least, and so many times the steepest slope of the hour before. */
const YOUNG_JUMP = 0.3;
const YOUNG_SLOPES = 4;
const YOUNG_JUMP_ON_THE_HOUR = Math.log(5);

/** A bin at its own grain, or a slot. */
export interface Bin {
  readonly at: EpochMs;
  readonly value: number;
}

/** A jump is still told when its first bins were missing or late: so many slots after it. */
const YOUNG_LAGS = 3;
/** Slots that the steepness before a jump is taken from, and the least of them that must be known. */
const YOUNG_SLOTS = 14;
const LEAST_YOUNG_SLOTS = 9;
const SLOTS_PER_HOUR = HOUR / SLOT_MS;

/**
 * Without a season: far steeper than anything in the hour before. Fleets that report in pulses every hour are steep all the
 * time; they are compared with the hour before, minute by minute.
 */
export function youngJump(draft: GaugeDraft, run: readonly Bin[], seasonal: number): number {
  const runStart = run[0]?.at ?? draft.judgedUntil;
  const logs = logsBefore(draft, runStart);
  let jump = Number.NaN;
  let known = false;
  for (let lag = 0; lag < YOUNG_LAGS && Number.isNaN(jump); lag += 1) {
    const before = logs.slice(lag, lag + YOUNG_SLOTS).filter((log) => !Number.isNaN(log));
    if (before.length < LEAST_YOUNG_SLOTS) continue;
    known = true;
    const startedAt = runStart - lag * SLOT_MS;
    const after = lag === 0 ? run : [...slotsBetween(draft, startedAt, runStart), ...run];
    const least = leastYoungJump(startedAt);
    const level = ((before[0] ?? 0) + (before[1] ?? 0) + (before[2] ?? 0)) / 3;
    const fromLevel = after.map(({ value }) => Math.log(value + YOUNG_OFFSET) - level).reduce(agreement);
    const steep = Math.abs(fromLevel) >= least && Math.abs(fromLevel) >= YOUNG_SLOPES * steepest(before);
    jump = steep ? fromLevel : jumpFromHourBefore(draft, startedAt, after, least);
  }
  // After a gap only yesterday's picture is left, and it must be far off.
  if (!known) return Math.abs(seasonal) >= YOUNG_JUMP_ON_THE_HOUR ? seasonal : Number.NaN;
  // Coming back after a breach is steep, and no surge.
  if (jump > 0 && draft.phase.kind === 'calm' && runStart < draft.phase.quietUntil) return Number.NaN;
  const hasSeason = !Number.isNaN(residualOf(draft.picture, 0, slotOf(draft.judgedUntil - 1), draft.shift));
  return hasSeason && !Number.isNaN(jump) ? agreement(jump, seasonal) : jump;
}

/** Logs of the slots before a jump, newest first, NaN where unknown; the one just before it may be half of the jump. */
function logsBefore(draft: GaugeDraft, runStart: EpochMs): readonly number[] {
  return Array.from({ length: YOUNG_SLOTS + YOUNG_LAGS - 1 }, (_, i) => {
    const value = slotValue(draft, runStart - (i + 2) * SLOT_MS);
    return value === undefined ? Number.NaN : Math.log(value + YOUNG_OFFSET);
  });
}

/** The steepest rise or fall within a quarter of an hour. */
function steepest(logs: readonly number[]): number {
  let slope = 0;
  for (let i = 3; i < logs.length; i += 1) slope = Math.max(slope, Math.abs((logs[i] ?? 0) - (logs[i - 3] ?? 0)));
  return slope;
}

/** Whole slots from a jump on, up to the newest bins. */
function slotsBetween(draft: GaugeDraft, startedAt: EpochMs, runStart: EpochMs): readonly Bin[] {
  const between: Bin[] = [];
  for (let at = Math.ceil(startedAt / SLOT_MS) * SLOT_MS; at + SLOT_MS <= runStart; at += SLOT_MS) {
    const value = slotValue(draft, at);
    if (value !== undefined) between.push({ at, value });
  }
  return between;
}

/** On the hour (and in some zones on the half) a habit may begin that nobody has seen yet: a shift, a weekend. */
function leastYoungJump(startedAt: EpochMs): number {
  const sinceHalf = (startedAt + SLOT_MS) % (HOUR / 2);
  return sinceHalf <= 3 * SLOT_MS ? YOUNG_JUMP_ON_THE_HOUR : YOUNG_JUMP;
}

/** How far all of the newest values are from where the series was an hour before; NaN unless it was steady that way. */
function jumpFromHourBefore(draft: GaugeDraft, startedAt: EpochMs, after: readonly Bin[], least: number): number {
  const apart = ({ at, value }: Bin): number => {
    const before = slotValue(draft, at - (at % SLOT_MS) - HOUR);
    return before === undefined ? Number.NaN : Math.log((value + YOUNG_OFFSET) / (before + YOUNG_OFFSET));
  };
  const steps = after.map(apart);
  const jump = steps.some(Number.isNaN) ? Number.NaN : steps.reduce(agreement);
  if (!(Math.abs(jump) >= least)) return Number.NaN;
  for (let back = 2; back < 2 + SLOTS_PER_HOUR; back += 1) {
    const at = startedAt - (startedAt % SLOT_MS) - back * SLOT_MS;
    const value = slotValue(draft, at);
    // Where something is not known, nothing says that it was steady.
    if (value === undefined || !(YOUNG_SLOPES * Math.abs(apart({ at, value })) <= Math.abs(jump))) return Number.NaN;
  }
  return jump;
}
