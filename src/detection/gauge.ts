import type { EpochMs, Span } from '../time/time.ts';
import { residualOf } from './expectation.ts';
import { followBreach, lookForBreach } from './gauge-breach.ts';
import { turnPages } from './gauge-day.ts';
import { RECENT_BINS, type GaugeDraft } from './gauge-state.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { coarse, fine, fromCode, storable, toCode } from './log-scale.ts';
import { SLOT_MS, slotOf, TAIL_SLOTS } from './seasonal-picture.ts';
import { isStuck, withValue } from './stuck.ts';

/** Judges one settled bin (`null`: nothing known) and moves the watermark over it. */
export function takeBin(
  draft: GaugeDraft,
  at: EpochMs,
  value: number | null,
  settings: GaugeSettings,
  maintenance: readonly Span[],
): void {
  const end = at + draft.grainMs;
  turnPages(draft, at, settings);
  if (value !== null) draft.same = withValue(draft, value);
  const stuck = value !== null && isStuck(draft, value);
  const aside = stuck || maintenance.some((span) => at < span.to && end > span.from);
  const known = aside ? null : value;
  draft.recent = [...draft.recent.slice(-(RECENT_BINS - 1)), toCode(known, fine)];
  draft.judgedUntil = end;
  draft.wrong = { ...draft.wrong, judged: draft.wrong.judged + 1 };
  const slotEnds = end % SLOT_MS === 0;
  if (slotEnds) finishSlot(draft);
  if (known === null) return;
  if (draft.phase.kind === 'breach') followBreach(draft, draft.phase, settings, at, slotEnds);
  else lookForBreach(draft, settings, at, slotEnds);
}

function finishSlot(draft: GaugeDraft): void {
  const slot = slotOf(draft.judgedUntil - SLOT_MS);
  const value = meanOfRecent(draft, Math.max(1, SLOT_MS / draft.grainMs));
  draft.row[slot] = toCode(value, coarse);
  draft.residuals.copyWithin(0, 1);
  draft.residuals[TAIL_SLOTS - 1] =
    value === null ? Number.NaN : storable(residualOf(draft.picture, value, slot, draft.shift));
}

function meanOfRecent({ recent }: GaugeDraft, bins: number): number | null {
  let sum = 0;
  let known = 0;
  for (const code of recent.slice(-bins)) {
    const value = fromCode(code, fine);
    if (value === null) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? null : sum / known;
}
