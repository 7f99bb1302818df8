import { DAY, MINUTE, type EpochMs } from '../time/time.ts';

/**
 * Messages used today, as far as `dailyMessageQuotaUsed` can be believed: it counts up from 00:00 UTC, may step down for a
 * minute, and its first points of a day may still show yesterday's total.
 */
export interface DailyUse {
  /** UTC day, days since the epoch. */
  readonly day: number;
  /** Largest value of today, 0 before the first. */
  readonly used: number;
  /** End of the bin that `used` was seen in; the start of the day before the first. */
  readonly usedAt: EpochMs;
  /** The last value of the day before, by which its echo is told from today's first value. */
  readonly usedYesterday: number;
  /** Bins in a row far below `used`: not a jitter but a new count. */
  readonly fallenBins: number;
}

export const ECHO_MS = 15 * MINUTE;

export function newDailyUse(at: EpochMs): DailyUse {
  const day = Math.floor(at / DAY);
  return { day, used: Number.NaN, usedAt: day * DAY, usedYesterday: 0, fallenBins: 0 };
}

/** One more bin. `increment`: messages since the last known value, spread over `sinceMs`; `undefined` if not known. */
export function take(
  use: DailyUse,
  at: EpochMs,
  grainMs: number,
  value: number,
): { readonly use: DailyUse; readonly increment: number | undefined; readonly sinceMs: number } {
  const today = turned(use, at);
  const end = at + grainMs;
  const unknown = { increment: undefined, sinceMs: 0 };
  const early = end - today.day * DAY <= ECHO_MS;
  const echo = early && today.used === 0 && today.usedYesterday > 0 && value >= 0.9 * today.usedYesterday;
  if (echo) return { use: today, ...unknown };
  if (Number.isNaN(today.used)) return { use: { ...today, used: value, usedAt: end }, ...unknown };
  if (value < 0.8 * today.used) {
    // Three in a row: the service has begun to count anew.
    const fallenBins = today.fallenBins + 1;
    return fallenBins < 3
      ? { use: { ...today, fallenBins }, ...unknown }
      : { use: { ...today, used: value, usedAt: end, fallenBins: 0 }, ...unknown };
  }
  const sinceMs = end - today.usedAt;
  if (value <= today.used) return { use: { ...today, usedAt: end, fallenBins: 0 }, increment: 0, sinceMs };
  return {
    use: { ...today, used: value, usedAt: end, fallenBins: 0 },
    increment: value - today.used,
    sinceMs,
  };
}

/** The use as of a bin: at midnight UTC it starts anew. */
export function turned(use: DailyUse, at: EpochMs): DailyUse {
  const day = Math.floor(at / DAY);
  if (day === use.day) return use;
  const seen = Number.isNaN(use.used) ? 0 : use.used;
  return { day, used: 0, usedAt: day * DAY, usedYesterday: seen, fallenBins: 0 };
}
