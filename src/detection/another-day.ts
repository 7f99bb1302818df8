import { DAY, type EpochMs } from '../time/time.ts';
import { deviationOf, levelBefore, middle, windowSlots, type Statistic } from './deviations.ts';
import { planOf } from './expectation.ts';
import { residualFrom, slotValue } from './gauge-reading.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { SLOT_MS } from './seasonal-picture.ts';

/** How long another day must have explained the series before it may explain what looks like a breach. */
const FOLLOWED_SLOTS = 36;
const DAYS = 14;
const MOST_APART = 0.1;
const LEVEL_SLOTS = 11;

/**
 * Whether today simply runs like one of the last two weeks' days: a holiday like a Sunday, a working day after days off.
 * A day may explain what is seen now only if it explained the three hours before as well; what breaks away from every
 * day is a breach, even if it lands where some other day was.
 */
export function runsLikeAnotherDay(draft: GaugeDraft, statistic: Statistic, limit: number): boolean {
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  const window = statistic === 'jump' ? 2 : windowSlots[statistic];
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
    for (let i = 0; i < slots; i += 1) residuals[i] = (residuals[i] ?? Number.NaN) - apart;
    const now =
      statistic === 'jump'
        ? Math.min(Math.abs(residuals[slots - 1] ?? 0), Math.abs(residuals[slots - 2] ?? 0))
        : Math.abs(deviationOf(statistic, residuals, slots));
    if (now < limit) return true;
  }
  return false;
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

/** Log distance of one finished slot from the same slot so many days before. */
function residualAgainst(draft: GaugeDraft, at: EpochMs, daysAgo: number): number {
  const value = slotValue(draft, at);
  let then = 0;
  let known = 0;
  for (const beside of [-SLOT_MS, 0, SLOT_MS]) {
    const other = slotValue(draft, at + beside - daysAgo * DAY);
    if (other === undefined) continue;
    then += other;
    known += 1;
  }
  if (value === undefined || known === 0) return Number.NaN;
  const { offset } = planOf(draft.picture);
  return Math.log((value + offset) / (then / known + offset));
}
