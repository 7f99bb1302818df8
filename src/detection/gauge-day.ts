import { DAY, type EpochMs } from '../time/time.ts';
import { planOf } from './expectation.ts';
import { foldDay } from './fold-day.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { dailyTrend } from './leak.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, dayOf, emptyPicture, slotOf, SLOTS_PER_DAY, type SeasonalPicture } from './seasonal-picture.ts';
import { turnSame } from './stuck.ts';

/** What was seen of late revisions fades over two weeks. */
const FADING = Math.exp(-1 / 14);
/** A breach that has gone on for so long is learned from, whatever it is. */
const LEARN_ANYHOW_MS = 4 * DAY;
/** A leak's least loss (log), and how many usual steps from day to day it must exceed, per deviation of the settings. */
const LEAST_LEAK = 0.08;
const LEAK_SPREADS = 0.6;
/** It has been mended once so much of what was lost is back within a day. */
const RECOVERED = 0.5;
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
    const { together, wrong, judged } = draft.wrong;
    draft.wrong = { together: together * FADING, wrong: wrong * FADING, judged: judged * FADING };
    draft.same = turnSame(draft.same);
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

/** Once a day: does a leak begin, go on, or end? */
function lookForLeak(draft: GaugeDraft, settings: GaugeSettings, at: EpochMs): void {
  if (!settings.directions.includes('below')) return;
  const { picture, leak } = draft;
  const least = Math.max(LEAST_LEAK, settings.leastDrop);
  const { leak: found, newest } = dailyTrend(
    picture.rows,
    planOf(picture).offset,
    least,
    LEAK_SPREADS * settings.deviations,
  );
  const stands = leak !== undefined && leak.endedAt === undefined;
  if (found && picture.size * (1 - Math.exp(-found.loss)) >= settings.leastCount) {
    draft.leak = {
      sinceAt: stands ? leak.sinceAt : at - found.days * DAY,
      loss: Math.max(found.loss, stands ? leak.loss - newest : 0),
      endedAt: undefined,
    };
  } else if (stands) {
    draft.leak = { ...leak, endedAt: at };
    if (newest > RECOVERED * leak.loss) draft.picture = without(picture, leak.sinceAt, at - DAY);
  } else if (leak && at - (leak.endedAt ?? at) >= LEAK_REMEMBERED_MS) draft.leak = undefined;
}

/** The picture without the days in between: what was lost has come back, so they were not usual. */
function without(picture: SeasonalPicture, from: EpochMs, to: EpochMs): SeasonalPicture {
  const rows = picture.rows.slice();
  const first = DAYS_KEPT - (picture.day - dayOf(from));
  rows.fill(UNKNOWN, Math.max(0, first) * SLOTS_PER_DAY, (DAYS_KEPT - (picture.day - dayOf(to))) * SLOTS_PER_DAY);
  return { ...picture, rows };
}
