import { DAY, MINUTE, type EpochMs } from '../time/time.ts';
import { agreement, insertSorted, jumpFrom, levelBefore, middle } from './deviations.ts';
import { movesLikeAPicture } from './another-day.ts';
import { expectedLogAt, expectedOf, logOf, planOf } from './expectation.ts';
import { daysBeforeOf, isYoung, placeOf, residualOfBin, slotValue } from './gauge-reading.ts';
import { RECENT_BINS, type GaugeDraft } from './gauge-state.ts';
import { limitOf, type GaugeSettings } from './limits-of-past.ts';
import { fine, fromCode, toCode } from './log-scale.ts';
import { SLOT_MS, TAIL_SLOTS, type SeasonalPicture } from './seasonal-picture.ts';
import { youngJump, type Bin } from './young-jump.ts';

/** A jump of this size (log) needs no second look, which takes so long. */
const CLEAR_JUMP = 0.22;
const SECOND_LOOK_MS = 5 * MINUTE;
const ZERO = toCode(0, fine);
/** A picture was followed if the series was no farther from it (log, median of an hour). */
const FOLLOWED = 0.06;
/** So near to any picture (share of the limit) nothing has jumped. */
const NEAR = 0.35;
const LEVEL_SLOTS = 11;
/** So often a week bins that are revised later may agree on a jump by chance. */
const RARELY = 0.05;

/** How many bins in a row must agree on a jump: more than were ever wrong together, and than would be by chance. */
export function confirmBins({ grainMs, wrong }: GaugeDraft, settings: GaugeSettings): number {
  const share = wrong.wrong / (wrong.judged + DAY / grainMs / 2);
  const byChance = share > 0 ? Math.ceil(Math.log((RARELY * grainMs) / (7 * DAY)) / Math.log(Math.min(0.5, share))) : 0;
  const least = Math.max(2, Math.ceil(settings.confirmMs / grainMs), Math.floor(1.5 * wrong.together) + 1, byChance);
  return Math.min(RECENT_BINS - 6, least);
}

/**
 * How far the newest bins are, all of them and in the same direction, from where the series was before: the smallest of
 * their log deviations, NaN if that cannot be told. A small jump must last longer than a large one, for a dip of three
 * minutes across two bins looks like ten minutes of a smaller dip; and so must a sudden zero, for that is how Azure shows
 * bins that it has not filled yet.
 */
export function jumpOfBins(draft: GaugeDraft, settings: GaugeSettings): number {
  const bins = confirmBins(draft, settings);
  const zeros = draft.recent.slice(-bins).every((code) => code === ZERO);
  const first = zeros ? 0 : jumpOver(draft, settings, bins);
  if (Math.abs(first) >= CLEAR_JUMP) return first;
  return jumpOver(draft, settings, bins + Math.ceil(SECOND_LOOK_MS / draft.grainMs));
}

function jumpOver(draft: GaugeDraft, settings: GaugeSettings, bins: number): number {
  const young = isYoung(draft);
  const level = levelBeforeRun(draft, bins);
  if (!young && Number.isNaN(level)) return Number.NaN;
  const values = draft.recent.slice(-bins).map((code) => fromCode(code, fine));
  if (values.length < bins || values.includes(null)) return Number.NaN;
  const runStart = draft.judgedUntil - bins * draft.grainMs;
  const run = values.map((value, i): Bin => ({ at: runStart + i * draft.grainMs, value: value ?? 0 }));
  const nearest = run.map(({ at, value }) => jumpFrom(level, residualOfBin(draft, at, value))).reduce(agreement);
  return young ? youngJump(draft, run, nearest) : jumpFromFollowed(draft, settings, run, nearest);
}

/** Median residual of the hour before the newest bins; NaN if little is known. */
export function levelBeforeRun({ residuals, judgedUntil, grainMs }: GaugeDraft, bins: number): number {
  const runStart = judgedUntil - bins * grainMs;
  const finishedUntil = judgedUntil - (judgedUntil % SLOT_MS);
  return levelBefore(residuals, TAIL_SLOTS - Math.max(0, Math.ceil((finishedUntil - runStart) / SLOT_MS)));
}

/**
 * The jump away from the pictures that the series followed in the hour before. Landing near another picture is no excuse;
 * only if none was followed does the nearest one count.
 */
function jumpFromFollowed(draft: GaugeDraft, settings: GaugeSettings, run: readonly Bin[], nearest: number): number {
  const { picture } = draft;
  const { hypotheses, offset } = planOf(picture);
  const first = run[0] ?? { at: draft.judgedUntil, value: 0 };
  const expected = expectedOf(picture, first.value, residualOfBin(draft, first.at, first.value), draft.shift);
  const limit = Math.max(FOLLOWED, limitOf('jump', 'below', picture.past, settings, expected, offset));
  const hour = hourBefore(draft, first.at - (first.at % SLOT_MS));
  const placed = run.map(({ at, value }) => placedAt(draft, at, value));
  let jump = Number.NaN;
  for (let hypothesis = 0; hypothesis < hypotheses; hypothesis += 1) {
    const level = levelAgainst(picture, hypothesis, hour);
    if (Math.abs(level) >= limit) continue;
    const moved = placed.map((bin) => apartFrom(picture, hypothesis, bin) - level).reduce(agreement);
    if (!Number.isNaN(moved) && !(Math.abs(moved) >= Math.abs(jump))) jump = moved;
  }
  if (Number.isNaN(jump)) return movesLikeAPicture(draft, limit) ? 0 : nearest;
  // What lies on the other side of the picture that it is nearest to has not jumped either.
  return Math.abs(nearest) < NEAR * limit || nearest > 0 !== jump > 0 ? nearest : jump;
}

/** A bin as every picture of the day is asked about it: its log, and where it lies. */
interface Placed {
  readonly log: number;
  readonly slot: number;
  readonly between: number;
  readonly daysBefore: 0 | 1;
}

function placedAt(draft: GaugeDraft, at: EpochMs, value: number): Placed {
  const { slot, between } = placeOf(draft, at);
  const log = logOf(draft.picture, value, draft.shift);
  return { log, slot, between, daysBefore: daysBeforeOf(draft, at) };
}

function apartFrom(picture: SeasonalPicture, hypothesis: number, { log, slot, between, daysBefore }: Placed): number {
  return log - expectedLogAt(picture, hypothesis, slot, between, daysBefore);
}

/** The finished slots of the hour before, as far as they are known. */
function hourBefore(draft: GaugeDraft, until: EpochMs): readonly Placed[] {
  const hour: Placed[] = [];
  for (let back = 1; back <= LEVEL_SLOTS; back += 1) {
    const at = until - back * SLOT_MS;
    const value = slotValue(draft, at);
    if (value !== undefined) hour.push({ ...placedAt(draft, at, value), between: 0 });
  }
  return hour;
}

const scratch = new Float64Array(LEVEL_SLOTS);

/** Median residual of an hour against one hypothesis; 0 if it cannot be told: the benefit of the doubt. */
function levelAgainst(picture: SeasonalPicture, hypothesis: number, hour: readonly Placed[]): number {
  let count = 0;
  for (const slot of hour) {
    const apart = apartFrom(picture, hypothesis, slot);
    if (!Number.isNaN(apart)) count = insertSorted(scratch, count, apart);
  }
  return count < 4 ? 0 : middle(scratch, count);
}
