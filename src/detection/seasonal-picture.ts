import { DAY, MINUTE, type EpochMs } from '../time/time.ts';
import { coarseValue, UNKNOWN } from './log-scale.ts';
import { nothingPast, type Past } from './own-past.ts';

/** The season is kept in slots of five minutes: fine enough for the sawtooth of hourly token renewals. */
export const SLOT_MS = 5 * MINUTE;
export const SLOTS_PER_DAY = DAY / SLOT_MS;
export const DAYS_KEPT = 21;
/** The longest window of the slow statistics (four hours) reaches back over midnight. */
export const TAIL_SLOTS = 48;

/** A level that was left by a learned shift, as a log offset from the level of now; normal too until that day. */
export interface FormerLevel {
  readonly offset: number;
  readonly untilDay: number;
}

/**
 * What a series usually looks like, as of one midnight UTC: three weeks of five-minute values and how far its own past
 * strayed from expectation. It changes once a day.
 */
export interface SeasonalPicture {
  /** UTC day (days since the epoch) that this picture is for; its last row is the day before. */
  readonly day: number;
  /** `DAYS_KEPT` rows of `SLOTS_PER_DAY` codes (log-scale.ts, coarse), oldest day first; unknown where nothing was learned. */
  readonly rows: Uint16Array;
  /** A value that the series usually reaches in its busy hours: the unit of "small" and "large" for this series. */
  readonly size: number;
  /** Days of which at least half is known. */
  readonly knownDays: number;
  /** Slow log corrections of the expectations (recent, weekly, yesterday), so that growth costs nothing. */
  readonly corrections: readonly [number, number, number];
  /** Residuals (log) of the last four hours of the last row. */
  readonly tail: Float64Array;
  /** Statistics of earlier days, in force; and those of the last day, which count from the next midnight on. */
  readonly past: Past;
  readonly pending: Past;
  /** Share of slots that belonged to breaches: the last day, and the one before. */
  readonly flagged: readonly [number, number];
  /** Levels that were left by learned shifts, newest first. */
  readonly formerLevels: readonly FormerLevel[];
}

export function emptyPicture(day: number): SeasonalPicture {
  return {
    day,
    rows: new Uint16Array(DAYS_KEPT * SLOTS_PER_DAY),
    size: 0,
    knownDays: 0,
    corrections: [0, 0, 0],
    tail: new Float64Array(TAIL_SLOTS).fill(Number.NaN),
    past: nothingPast,
    pending: nothingPast,
    flagged: [0, 0],
    formerLevels: [],
  };
}

export function dayOf(at: EpochMs): number {
  return Math.floor(at / DAY);
}

export function slotOf(at: EpochMs): number {
  return Math.floor((at - dayOf(at) * DAY) / SLOT_MS);
}

/** Days with at least half of their slots known. */
export function knownDays(rows: Uint16Array): number {
  let days = 0;
  for (let day = 0; day < DAYS_KEPT; day += 1) {
    let known = 0;
    for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) if (rows[day * SLOTS_PER_DAY + slot] !== UNKNOWN) known += 1;
    if (known >= SLOTS_PER_DAY / 2) days += 1;
  }
  return days;
}

/** The value that the last two weeks exceed a fifth of the time; 0 while nothing is known. */
export function usualSize(rows: Uint16Array): number {
  const fortnight = rows.subarray((DAYS_KEPT - 14) * SLOTS_PER_DAY);
  // Counted by the upper byte, then by the lower one within it: sorting four thousand codes costs ten times as much.
  const byUpper = new Uint16Array(256);
  let known = 0;
  for (const code of fortnight) {
    if (code === UNKNOWN) continue;
    known += 1;
    byUpper[code >> 8] = (byUpper[code >> 8] ?? 0) + 1;
  }
  if (known === 0) return 0;
  let rank = Math.floor(known * 0.8);
  let upper = 0;
  for (; rank >= (byUpper[upper] ?? 0); upper += 1) rank -= byUpper[upper] ?? 0;
  const byLower = new Uint16Array(256);
  for (const code of fortnight)
    if (code !== UNKNOWN && code >> 8 === upper) byLower[code & 255] = (byLower[code & 255] ?? 0) + 1;
  let lower = 0;
  for (; rank >= (byLower[lower] ?? 0); lower += 1) rank -= byLower[lower] ?? 0;
  return coarseValue(upper * 256 + lower);
}
