import { DAY, type EpochMs } from '../time/time.ts';
import { planOf } from './expectation.ts';
import { foldDay } from './fold-day.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { leakIn } from './leak.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, dayOf, emptyPicture, slotOf, SLOTS_PER_DAY } from './seasonal-picture.ts';
import { turnSame } from './stuck.ts';

/** What was seen of late revisions fades over two weeks. */
const FADING = Math.exp(-1 / 14);
/** A breach that has gone on for so long is learned from, whatever it is. */
const LEARN_ANYHOW_MS = 4 * DAY;
/** What a leak took may come back for so long after it stopped. */
const LEAK_REMEMBERED_MS = 7 * DAY;

/** Midnight UTC: yesterday becomes part of the picture, once per day that has passed. */
export function turnPages(draft: GaugeDraft, at: EpochMs, settings: GaugeSettings): void {
  const day = dayOf(at);
  if (day - draft.picture.day > DAYS_KEPT) {
    draft.picture = emptyPicture(day);
    clearDay(draft);
    draft.residuals.fill(Number.NaN);
    draft.leak = undefined;
    return;
  }
  while (draft.picture.day < day) {
    const { row, shift } = draft;
    draft.picture = foldDay(draft.picture, { row, shift, ended: endedSlots(draft), ongoing: ongoingSlots(draft) });
    draft.revisedLateMs *= FADING;
    draft.longestSame = turnSame(draft.longestSame);
    clearDay(draft);
    lookForLeak(draft, settings, day * DAY);
  }
}

function clearDay(draft: GaugeDraft): void {
  draft.row.fill(UNKNOWN);
  draft.flagged = [];
  draft.shift = 0;
}

function endedSlots({ flagged }: GaugeDraft): Uint8Array {
  const slots = new Uint8Array(SLOTS_PER_DAY);
  for (const [from, to] of flagged) slots.fill(1, from, to + 1);
  return slots;
}

function ongoingSlots({ phase, picture, judgedUntil }: GaugeDraft): Uint8Array {
  const slots = new Uint8Array(SLOTS_PER_DAY);
  if (phase.kind === 'breach' && judgedUntil - phase.sinceAt < LEARN_ANYHOW_MS)
    slots.fill(1, phase.sinceAt < picture.day * DAY ? 0 : slotOf(phase.sinceAt));
  return slots;
}

function lookForLeak(draft: GaugeDraft, settings: GaugeSettings, at: EpochMs): void {
  const { picture, leak } = draft;
  const found = settings.directions.includes('below')
    ? leakIn(picture.rows, planOf(picture).offset, settings.leastDrop, settings.deviations / 2)
    : undefined;
  if (found && picture.size * (1 - Math.exp(-found.loss)) >= settings.leastCount) {
    const before = leak?.endedAt === undefined ? leak : undefined;
    draft.leak = {
      sinceAt: before?.sinceAt ?? at - found.days * DAY,
      loss: Math.max(found.loss, (before?.loss ?? 0) + found.newest),
      endedAt: undefined,
    };
  } else if (leak && leak.endedAt === undefined) draft.leak = { ...leak, endedAt: at };
  else if (leak && at - (leak.endedAt ?? at) >= LEAK_REMEMBERED_MS) draft.leak = undefined;
}
