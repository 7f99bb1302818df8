import { DAY, MINUTE, type EpochMs } from '../../time/time.ts';

/** What a series showed at each time of day (UTC) on its last days. At most `rememberedDays` and today are kept. */
export interface DayMemory {
  /** Length of a slot; a whole number of slots makes a day. */
  readonly slotMs: number;
  /** Ordered by day. */
  readonly days: readonly RememberedDay[];
}

export interface RememberedDay {
  /** Whole days since 1970-01-01. */
  readonly day: number;
  /** The newest value of each slot, `null` where none was seen. */
  readonly values: readonly (number | null)[];
}

/** Two weeks, so that every weekday has been seen twice. */
export const rememberedDays = 14;
const mostSlots = DAY / (5 * MINUTE);

/** An empty memory for points about `grainMs` apart. */
export function emptyMemory(grainMs: number): DayMemory {
  const slots = Math.min(mostSlots, Math.max(1, Math.round(DAY / grainMs)));
  return { slotMs: DAY / slots, days: [] };
}

const dayOf = (at: EpochMs): number => Math.floor(at / DAY);
const slotOf = ({ slotMs }: DayMemory, at: EpochMs): number => Math.floor((at - dayOf(at) * DAY) / slotMs);

/** The memory with one more value. Costs a copy of one day. */
export function remember(memory: DayMemory, at: EpochMs, value: number): DayMemory {
  const day = dayOf(at);
  const known = memory.days.findLastIndex((row) => row.day === day);
  if (known >= 0) {
    const days = memory.days.slice();
    const values = (days[known]?.values ?? []).slice();
    values[slotOf(memory, at)] = value;
    days[known] = { day, values };
    return { ...memory, days };
  }
  const values = new Array<number | null>(DAY / memory.slotMs).fill(null);
  values[slotOf(memory, at)] = value;
  const days = [...memory.days, { day, values }].sort((a, b) => a.day - b.day);
  if (days.length > rememberedDays + 1) {
    // The day farthest from now goes first: the oldest one, or one that a wrong clock put into the future.
    const [first, last] = [days[0], days.at(-1)];
    if (first && last && day - first.day >= last.day - day) days.shift();
    else days.pop();
  }
  return { ...memory, days };
}

/**
 * The values seen at this time of day, or one slot before or after, on the days before; in ascending order. One slot of
 * tolerance absorbs jitter; more would blur what happens on the hour every hour.
 */
export function sameTimeOfDay(memory: DayMemory, at: EpochMs): number[] {
  const today = dayOf(at);
  const slot = slotOf(memory, at);
  const lastSlot = DAY / memory.slotMs - 1;
  const found: number[] = [];
  for (const { day, values } of memory.days) {
    if (day >= today || day < today - rememberedDays - 1) continue;
    for (let near = slot - 1; near <= slot + 1; near++) {
      // Over midnight, the neighbour stands in the row of the day before or after.
      const counted = near < 0 ? day + 1 : near > lastSlot ? day - 1 : day;
      if (counted >= today || counted < today - rememberedDays) continue;
      const value = values[near < 0 ? lastSlot : near > lastSlot ? 0 : near] ?? null;
      if (value !== null) insert(found, value);
    }
  }
  return found;
}

/** Insertion is the quickest way to order some forty numbers, and this runs for every point. */
function insert(ascending: number[], value: number): void {
  let place = ascending.length;
  ascending.push(value);
  for (; place > 0; place--) {
    const before = ascending[place - 1] ?? value;
    if (before <= value) break;
    ascending[place] = before;
  }
  ascending[place] = value;
}

/** Standard deviation of the last `count` slots up to `at`; `null` unless every one of them was seen. */
export function recentSpread(memory: DayMemory, at: EpochMs, count: number): number | null {
  const slots = DAY / memory.slotMs;
  const newest = dayOf(at) * slots + slotOf(memory, at);
  let seen = 0;
  let reference: number | null = null;
  let sum = 0;
  let squares = 0;
  for (let index = memory.days.length - 1; index >= 0 && seen < count; index--) {
    const row = memory.days[index];
    if (!row || row.day * slots > newest) continue;
    const oldest = Math.max(newest - count + 1, row.day * slots);
    for (let slot = Math.min(newest, (row.day + 1) * slots - 1); slot >= oldest; slot--, seen++) {
      const value = row.values[slot - row.day * slots] ?? null;
      if (value === null) return null;
      // Sums of differences to one of the values keep their digits where all values are large.
      reference ??= value;
      sum += value - reference;
      squares += (value - reference) ** 2;
    }
  }
  return seen < count ? null : Math.sqrt(Math.max(0, squares - sum ** 2 / count) / count);
}

/** The values of the last `count` slots up to `at`, oldest first, and the start of the first of them. */
export function recentSlots(
  memory: DayMemory,
  at: EpochMs,
  count: number,
): { from: EpochMs; values: (number | null)[] } {
  const { slotMs, days } = memory;
  const rows = new Map(days.map(({ day, values }) => [day, values]));
  const newest = Math.floor(dayOf(at) * (DAY / slotMs) + slotOf(memory, at));
  const values = Array.from({ length: count }, (_, index) => {
    const slotAt = (newest - count + 1 + index) * slotMs;
    return rows.get(dayOf(slotAt))?.[slotOf(memory, slotAt)] ?? null;
  });
  return { from: (newest - count + 1) * slotMs, values };
}
