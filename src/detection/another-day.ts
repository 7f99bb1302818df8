import { DAY, type EpochMs } from '../time/time.ts';
import { levelBefore, statisticsAt, windowSlots, type Statistic } from './deviations.ts';
import { expectedLog, planOf } from './expectation.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { coarseValue, UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, dayOf, SLOT_MS, slotOf, SLOTS_PER_DAY } from './seasonal-picture.ts';

/** How long another day must have explained the series before it may explain what looks like a breach. */
const FOLLOWED_SLOTS = 36;
const DAYS = 14;
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
    let known = 0;
    let strayed = 0;
    for (let i = 0; i < slots; i += 1) {
      const residual = residualAgainst(draft, end - (slots - i) * SLOT_MS, ago);
      residuals[i] = residual;
      if (i >= FOLLOWED_SLOTS || Number.isNaN(residual)) continue;
      known += 1;
      if (Math.abs(residual) > limit) strayed += 1;
    }
    if (known < FOLLOWED_SLOTS / 2 || strayed > known / 10) continue;
    const now =
      statistic === 'jump'
        ? Math.min(Math.abs(residuals[slots - 1] ?? 0), Math.abs(residuals[slots - 2] ?? 0))
        : Math.abs(statisticsAt(residuals, slots)[statistic]);
    if (now < limit) return true;
  }
  return false;
}

/**
 * Whether the newest slots moved just as one of the day's own pictures does. The nearest of several pictures may change
 * from one moment to the next, and that alone is no jump.
 */
export function movesLikeAPicture(draft: GaugeDraft, limit: number): boolean {
  const { picture, shift } = draft;
  const plan = planOf(picture);
  const end = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  const residuals = new Float64Array(LEVEL_SLOTS + 2);
  for (let hypothesis = 0; hypothesis < plan.hypotheses; hypothesis += 1) {
    for (let i = 0; i < residuals.length; i += 1) {
      const at = end - (residuals.length - i) * SLOT_MS;
      const value = dayOf(at) === picture.day ? slotValue(draft, at) : undefined;
      residuals[i] =
        value === undefined
          ? Number.NaN
          : Math.log(value + plan.offset) - shift - expectedLog(picture, plan, hypothesis, slotOf(at));
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

/** Value of a finished slot of today or of an earlier day. */
export function slotValue({ row, picture }: GaugeDraft, at: EpochMs): number | undefined {
  const daysAgo = picture.day - dayOf(at);
  const slot = Math.floor((at % DAY) / SLOT_MS);
  const code =
    daysAgo === 0 ? row[slot] : daysAgo > DAYS_KEPT ? UNKNOWN : picture.rows[(DAYS_KEPT - daysAgo) * SLOTS_PER_DAY + slot];
  return code === undefined || code === UNKNOWN ? undefined : coarseValue(code);
}
