import type { EpochMs, Span } from '../time/time.ts';
import { residualOf } from './expectation.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { coarse, fine, fromCode, storable, toCode, UNKNOWN } from './log-scale.ts';
import { isStuck, wasStuckAt } from './stuck.ts';
import { dayOf, SLOT_MS, slotOf, TAIL_SLOTS } from './seasonal-picture.ts';

/** A revision by less than this (log) does not matter. */
const MATERIAL = 0.1;
/** A sudden zero gets a second look anyway (gauge-jump.ts). */
const ZERO = toCode(0, fine);

/**
 * Records values of bins that were judged before: the newest bins and today's slots get them, so that the season and what
 * is judged next rest on the better value. Nothing is judged again.
 */
export function recordLate(draft: GaugeDraft, late: ReadonlyMap<EpochMs, number>, maintenance: readonly Span[]): void {
  if (late.size === 0) return;
  const recent = [...draft.recent];
  const touched = new Set<EpochMs>();
  for (const [at, value] of late) {
    const index = recent.length - (draft.judgedUntil - at) / draft.grainMs;
    const isRecent = index >= 0 && index < recent.length;
    const code = isRecent ? toCode(value, fine) : UNKNOWN;
    // Nearly everything is read again as it was.
    if (isRecent ? recent[index] === code : !isMissing(draft, at)) continue;
    if (
      isStuck(draft, value) ||
      wasStuckAt(draft, value) ||
      maintenance.some((span) => at < span.to && at + draft.grainMs > span.from)
    )
      continue;
    if (!isRecent) {
      draft.row[slotOf(at)] = toCode(value, coarse);
      continue;
    }
    const bins = wrongFrom(draft.recent, index, code);
    const { together, wrong, judged } = draft.wrong;
    draft.wrong = {
      judged,
      together: Math.max(together, bins),
      wrong: wrong + (bins > 0 && recent[index] !== ZERO ? 1 : 0),
    };
    recent[index] = code;
    touched.add(at - (at % SLOT_MS));
  }
  draft.recent = recent;
  for (const slotStart of touched) restateSlot(draft, slotStart);
}

/** A slot of today that nothing is known of. */
function isMissing({ picture, row }: GaugeDraft, at: EpochMs): boolean {
  return dayOf(at) === picture.day && row[slotOf(at)] === UNKNOWN;
}

/** How many judged bins in a row were as wrong, in the same direction, as the one that is revised now. */
function wrongFrom(recent: readonly number[], index: number, revised: number): number {
  const error = (i: number): number => (recent[i] ?? UNKNOWN) - revised;
  const first = error(index);
  if (recent[index] === UNKNOWN || Math.abs(first) < MATERIAL * fine.stepsPerE) return 0;
  let bins = 1;
  while (index + bins < recent.length && recent[index + bins] !== UNKNOWN && error(index + bins) / first > 0.5)
    bins += 1;
  return bins;
}

function restateSlot(draft: GaugeDraft, slotStart: EpochMs): void {
  if (dayOf(slotStart) !== draft.picture.day) return;
  const bins = Math.max(1, SLOT_MS / draft.grainMs);
  const first = draft.recent.length - (draft.judgedUntil - slotStart) / draft.grainMs;
  if (first < 0 || slotStart + SLOT_MS > draft.judgedUntil) return;
  const known = draft.recent
    .slice(first, first + bins)
    .map((code) => fromCode(code, fine))
    .filter((value) => value !== null);
  if (known.length === 0) return;
  const value = known.reduce((sum, one) => sum + one, 0) / known.length;
  const slot = slotOf(slotStart);
  draft.row[slot] = toCode(value, coarse);
  const back = Math.floor(draft.judgedUntil / SLOT_MS) - slotStart / SLOT_MS;
  const index = TAIL_SLOTS - back;
  // What was left out (an incident that has ended) stays left out.
  if (index >= 0 && !Number.isNaN(draft.residuals[index]))
    draft.residuals[index] = storable(residualOf(draft.picture, value, slot, draft.shift));
}
