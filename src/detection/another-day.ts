import { DAY, type EpochMs } from '../time/time.ts';
import { deviationOf, levelBefore, middle, windowSlots, type Statistic } from './deviations.ts';
import { planOf } from './expectation.ts';
import { residualFrom, slotValue } from './gauge-reading.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { fine, fromCode, UNKNOWN } from './log-scale.ts';
import { SLOT_MS } from './seasonal-picture.ts';

/** How long another day must have explained the series before it may explain what looks like a breach. */
const FOLLOWED_SLOTS = 36;
const DAYS = 14;
const MOST_APART = 0.1;
const LEVEL_SLOTS = 11;

/**
 * Whether today simply runs like one of the last two weeks' days: a holiday like a Sunday, a working day after days off.
 * A day may explain what is seen now only if it explained the three hours before as well; what breaks away from every
 * day is a breach, even if it lands where some other day was. A jump is seen in the newest `runBins` bins, whether or not
 * they fill slots; everything else in finished slots.
 */
export function runsLikeAnotherDay(draft: GaugeDraft, statistic: Statistic, limit: number, runBins: number): boolean {
  const seenFrom = statistic === 'jump' ? draft.judgedUntil - runBins * draft.grainMs : draft.judgedUntil;
  const end = seenFrom - (seenFrom % SLOT_MS);
  const window = statistic === 'jump' ? 0 : windowSlots[statistic];
  const slots = window + FOLLOWED_SLOTS;
  const residuals = new Float64Array(slots);
  for (let ago = 1; ago <= DAYS; ago += 1) {
    for (let i = 0; i < slots; i += 1) residuals[i] = residualAgainst(draft, end - (slots - i) * SLOT_MS, ago);
    const followed = residuals.subarray(0, FOLLOWED_SLOTS).filter((residual) => !Number.isNaN(residual));
    if (followed.length < FOLLOWED_SLOTS / 2) continue;
    // Growth, or a quieter day on the whole, is no reason to differ.
    const apart = middle(followed.sort(), followed.length);
    if (Math.abs(apart) > MOST_APART) continue;
    const strayed = followed.filter((residual) => Math.abs(residual - apart) > limit).length;
    if (strayed > followed.length / 10) continue;
    if (statistic === 'jump') {
      if (leastOfRun(draft, runBins, apart, ago) < limit) return true;
      continue;
    }
    for (let i = 0; i < slots; i += 1) residuals[i] = (residuals[i] ?? Number.NaN) - apart;
    if (Math.abs(deviationOf(statistic, residuals, slots)) < limit) return true;
  }
  return false;
}

/**
 * How far the newest bins are, all of them, from what another day, which lies `apart` on the whole, had at about the same
 * time: a shift may end some minutes earlier or later. 0 where that is not known.
 */
function leastOfRun(draft: GaugeDraft, runBins: number, apart: number, daysAgo: number): number {
  const { recent, judgedUntil, grainMs, picture } = draft;
  const { offset } = planOf(picture);
  let least = Number.POSITIVE_INFINITY;
  for (let back = 1; back <= runBins; back += 1) {
    const value = fromCode(recent.at(-back) ?? UNKNOWN, fine);
    const then = slotsAbout(draft, judgedUntil - back * grainMs - daysAgo * DAY);
    if (value === null || then.length === 0) return 0;
    const log = Math.log(value + offset) - apart;
    const lowest = Math.log(Math.min(...then) + offset);
    const highest = Math.log(Math.max(...then) + offset);
    least = Math.min(least, Math.max(lowest - log, log - highest, 0));
  }
  return least;
}

/**
 * Whether the newest slots moved just as one of the day's own pictures does. The nearest of several pictures may change
 * from one moment to the next, and that alone is no jump.
 */
export function movesLikeAPicture(draft: GaugeDraft, limit: number): boolean {
  const { hypotheses } = planOf(draft.picture);
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  const residuals = new Float64Array(LEVEL_SLOTS + 2);
  for (let hypothesis = 0; hypothesis < hypotheses; hypothesis += 1) {
    for (let i = 0; i < residuals.length; i += 1) {
      const at = end - (residuals.length - i) * SLOT_MS;
      residuals[i] = residualFrom(draft, hypothesis, at);
    }
    const level = levelBefore(residuals, LEVEL_SLOTS);
    const moved = Math.abs((residuals[LEVEL_SLOTS + 1] ?? Number.NaN) - level);
    if (moved < limit) return true;
  }
  return false;
}

/** Log distance of one finished slot from about the same time so many days before. */
function residualAgainst(draft: GaugeDraft, at: EpochMs, daysAgo: number): number {
  const value = slotValue(draft, at);
  const then = slotsAbout(draft, at - daysAgo * DAY);
  if (value === undefined || then.length === 0) return Number.NaN;
  const { offset } = planOf(draft.picture);
  const mean = then.reduce((sum, one) => sum + one, 0) / then.length;
  return Math.log((value + offset) / (mean + offset));
}

/** The slot of a moment and the ones beside it, as far as they are known. */
function slotsAbout(draft: GaugeDraft, at: EpochMs): readonly number[] {
  const slot = at - (at % SLOT_MS);
  return [slot - SLOT_MS, slot, slot + SLOT_MS]
    .map((one) => slotValue(draft, one))
    .filter((value) => value !== undefined);
}
