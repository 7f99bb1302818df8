import { HOUR, type EpochMs } from '../time/time.ts';
import { insertSorted, middle } from './deviations.ts';
import { expectedLog, HYPOTHESES, planOf, residualOf } from './expectation.ts';
import { daysBeforeOf, slotValue } from './gauge-reading.ts';
import type { GaugeDraft, SteadyLevel } from './gauge-state.ts';
import { storable } from './log-scale.ts';
import { SLOT_MS, slotOf, TAIL_SLOTS } from './seasonal-picture.ts';

/** The level is the median of the last three hours, of which so many slots must be known: what lasts an hour is passed over. */
const LEVEL_SLOTS = 36;
const LEAST_SLOTS = 8;
/** Levels so near to each other (log, or share of the level) are the same. */
const SAME_LEVEL = 0.03;
const SAME_SHARE = 0.25;
/** A share can be told where at least so many times the offset of the log scale is expected. */
const TELLING_OFFSETS = 2;
/** Held for so long, a level does not end because another picture happens to come near. */
const HELD_MS = 2 * HOUR;

/** Before anything has held. */
export function noSteadyLevels(at: EpochMs): readonly SteadyLevel[] {
  return Array.from({ length: HYPOTHESES }, () => ({ level: Number.NaN, sinceAt: at }));
}

/**
 * The levels that the last hours hold, and since when; another one starts a new count. Against each picture alone, for
 * the nearest one changes with the hour: a fleet that has grown by a fifth is near its weekend's picture at noon and far
 * from it at night, and yet a fifth above the same weekday all the time.
 */
export function steadyLevels(draft: GaugeDraft, before: readonly SteadyLevel[], at: EpochMs): readonly SteadyLevel[] {
  return before.map((steady, picture) => {
    const level = newestLevel(draft, picture);
    if (Number.isNaN(level)) return steady;
    const near = Math.abs(level - steady.level) < Math.max(SAME_LEVEL, SAME_SHARE * Math.abs(steady.level));
    return near ? steady : { level, sinceAt: at };
  });
}

const scratch = new Float64Array(LEVEL_SLOTS);

function newestLevel(draft: GaugeDraft, picture: number): number {
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  let known = 0;
  for (let back = 1; back <= LEVEL_SLOTS; back += 1) {
    const level = levelAt(draft, picture, end - back * SLOT_MS);
    if (level !== undefined && !Number.isNaN(level)) known = insertSorted(scratch, known, level);
  }
  return known < LEAST_SLOTS ? Number.NaN : middle(scratch, known);
}

/** How a finished slot stands to one picture: NaN where too little is expected to tell, `undefined` where nothing is known. */
function levelAt(draft: GaugeDraft, hypothesis: number, at: EpochMs): number | undefined {
  const { picture, shift } = draft;
  const value = slotValue(draft, at);
  const log = expectedLog(picture, hypothesis, slotOf(at), daysBeforeOf(draft, at));
  if (value === undefined || Number.isNaN(log)) return undefined;
  const { offset } = planOf(picture);
  const expected = (Math.exp(log) - offset) * Math.exp(shift);
  return expected < TELLING_OFFSETS * offset ? Number.NaN : Math.log((value + 1) / (expected + 1));
}

/**
 * Whether the newest slot is still where one picture has seen the series for hours, at least so far (log, signed) away:
 * then nothing has come back.
 */
export function isHeld(draft: GaugeDraft, levels: readonly SteadyLevel[], least: number, at: EpochMs): boolean {
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  return levels.some(({ level, sinceAt }, picture) => {
    if (at - sinceAt < HELD_MS || !(level * Math.sign(least) >= Math.abs(least))) return false;
    const now = levelAt(draft, picture, end - SLOT_MS);
    if (now === undefined) return false;
    return Number.isNaN(now) || Math.abs(now - level) < Math.max(SAME_LEVEL, SAME_SHARE * Math.abs(level));
  });
}

/** Makes a level the new normal: what was judged last is restated against it. */
export function learnLevel(draft: GaugeDraft, level: number): void {
  draft.shift += level;
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  draft.residuals = draft.residuals.map((residual, i) => {
    if (Number.isNaN(residual)) return residual;
    const at = end - (TAIL_SLOTS - i) * SLOT_MS;
    const value = slotValue(draft, at);
    return value === undefined
      ? Number.NaN
      : storable(residualOf(draft.picture, value, slotOf(at), draft.shift, 0, daysBeforeOf(draft, at)));
  });
}
