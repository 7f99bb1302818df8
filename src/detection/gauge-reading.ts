import { DAY, type EpochMs } from '../time/time.ts';
import { expectedLog, expectedOf, logOf, planOf, residualOf } from './expectation.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { limitOf, type GaugeSettings } from './limits-of-past.ts';
import { coarseValue, fine, fromCode, UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, dayOf, SLOT_MS, slotOf, SLOTS_PER_DAY } from './seasonal-picture.ts';

/** How the last judged bin stood to what was expected of it; `residual` and `expected` are NaN while there is no season. */
export interface GaugeReading {
  readonly value: number;
  readonly expected: number;
  readonly residual: number;
}

/** The newest judged bin against its expectation; `undefined` if it has no value. */
export function readingOf(draft: GaugeDraft): GaugeReading | undefined {
  const value = fromCode(draft.recent.at(-1) ?? UNKNOWN, fine);
  if (value === null) return undefined;
  const residual = residualOfBin(draft, draft.judgedUntil - draft.grainMs, value);
  return { value, residual, expected: expectedOf(draft.picture, value, residual, draft.shift) };
}

/** Residual of one bin of today, or of yesterday. */
export function residualOfBin(draft: GaugeDraft, at: EpochMs, value: number): number {
  const { slot, between } = placeOf(draft, at);
  return residualOf(draft.picture, value, slot, draft.shift, between, daysBeforeOf(draft, at));
}

/** 1 for a bin of yesterday. */
export function daysBeforeOf({ picture }: GaugeDraft, at: EpochMs): 0 | 1 {
  return dayOf(at) < picture.day ? 1 : 0;
}

/** The slot of a bin, and where in it the bin lies: -0.5 at its start, 0.5 at its end, 0 if the bin fills it. */
export function placeOf({ grainMs }: GaugeDraft, at: EpochMs): { readonly slot: number; readonly between: number } {
  const center = (at % SLOT_MS) + grainMs / 2;
  return { slot: slotOf(at), between: grainMs < SLOT_MS ? center / SLOT_MS - 0.5 : 0 };
}

/** Before the same weekday was seen once, a slow deviation may just be the first weekend. */
export function isYoung({ picture, judgedUntil }: GaugeDraft): boolean {
  return Number.isNaN(expectedLog(picture, 1, slotOf(judgedUntil - 1)));
}

/** Value of a finished slot of today or of an earlier day; `undefined` if unknown. */
export function slotValue({ row, picture }: GaugeDraft, at: EpochMs): number | undefined {
  const daysAgo = picture.day - dayOf(at);
  const slot = Math.floor((at % DAY) / SLOT_MS);
  const code =
    daysAgo === 0
      ? row[slot]
      : daysAgo > DAYS_KEPT
        ? UNKNOWN
        : picture.rows[(DAYS_KEPT - daysAgo) * SLOTS_PER_DAY + slot];
  return code === undefined || code === UNKNOWN ? undefined : coarseValue(code);
}

/** Log distance of one finished slot of today or yesterday from one hypothesis; NaN if either is not known. */
export function residualFrom(draft: GaugeDraft, hypothesis: number, at: EpochMs): number {
  const { picture, shift } = draft;
  const value = slotValue(draft, at);
  if (value === undefined) return Number.NaN;
  return logOf(picture, value, shift) - expectedLog(picture, hypothesis, slotOf(at), daysBeforeOf(draft, at));
}

/** The band of values that would not be judged a jump, around an expectation. */
export function bandAround(
  { picture }: GaugeDraft,
  settings: GaugeSettings,
  expected: number,
): { readonly lower: number; readonly upper: number } {
  const { offset } = planOf(picture);
  const below = limitOf('jump', 'below', picture.past, settings, expected, offset);
  const above = limitOf('jump', 'above', picture.past, settings, expected, offset);
  return {
    lower: Math.max(0, (expected + offset) * Math.exp(-below) - offset),
    upper: (expected + offset) * Math.exp(above) - offset,
  };
}
