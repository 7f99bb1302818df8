import { DAY, HOUR, MINUTE, type EpochMs } from '../time/time.ts';

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
  /** Since when values have been below `used`. */
  readonly fallenSince: EpochMs | undefined;
}

/** So long after midnight a value may still be yesterday's. */
const ECHO_MS = 15 * MINUTE;
/** No hub uses this share of a day in its first minutes; only an echo of yesterday shows so much. */
const ECHO_SHARE = 0.2;
/** A fall is jitter, or a value that is not complete yet, unless it lasts this long. */
const NEW_COUNT_MS = HOUR;

export function newDailyUse(at: EpochMs): DailyUse {
  const day = Math.floor(at / DAY);
  return { day, used: Number.NaN, usedAt: day * DAY, usedYesterday: 0, fallenSince: undefined };
}

/** What one more bin tells. */
export interface TakenUse {
  readonly use: DailyUse;
  /** Messages since the last known value, `undefined` if not known, and the time they were used in. */
  readonly increment: number | undefined;
  readonly sinceMs: number;
}

export function take(use: DailyUse, at: EpochMs, grainMs: number, value: number): TakenUse {
  const today = turned(use, at);
  const end = at + grainMs;
  const sinceMs = end - today.usedAt;
  const unknown = { increment: undefined, sinceMs: 0 };
  const early = end - today.day * DAY <= ECHO_MS;
  if (early && today.usedYesterday > 0 && value >= ECHO_SHARE * today.usedYesterday) return { use: today, ...unknown };
  const counted: DailyUse = { ...today, used: value, usedAt: end, fallenSince: undefined };
  if (Number.isNaN(today.used)) return { use: counted, ...unknown };
  if (value > today.used) return { use: counted, increment: value - today.used, sinceMs };
  if (value === today.used) return { use: { ...today, usedAt: end, fallenSince: undefined }, increment: 0, sinceMs };
  const fallenSince = today.fallenSince ?? at;
  if (early || end - fallenSince >= NEW_COUNT_MS) return { use: counted, ...unknown };
  return { use: { ...today, fallenSince }, ...unknown };
}

/** The use as of a bin: at midnight UTC it starts anew. */
export function turned(use: DailyUse, at: EpochMs): DailyUse {
  const day = Math.floor(at / DAY);
  if (day === use.day) return use;
  const seen = Number.isNaN(use.used) ? 0 : use.used;
  return { day, used: 0, usedAt: day * DAY, usedYesterday: seen, fallenSince: undefined };
}
