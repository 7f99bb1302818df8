import type { EpochMs } from '../../time/time.ts';
import type { Picture } from '../evaluation.ts';
import { recentSlots, sameTimeOfDay, type DayMemory } from './day-memory.ts';
import { median } from './usual.ts';

const picturedSlots = 96;

/** The newest values against what the days before showed at the same times: their middle, lowest and highest. */
export function pictureOf(memory: DayMemory, at: EpochMs): Picture {
  const { from, values } = recentSlots(memory, at, picturedSlots);
  const usual = values.map((_, slot) => sameTimeOfDay(memory, from + slot * memory.slotMs));
  return {
    grainMs: memory.slotMs,
    from,
    values,
    expected: usual.map(median),
    lower: usual.map((seen) => seen[0] ?? null),
    upper: usual.map((seen) => seen.at(-1) ?? null),
  };
}
