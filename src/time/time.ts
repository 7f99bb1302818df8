/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A half-open span [from, to). */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The latest multiple of `stepMs` (counted from the epoch, so UTC-aligned) that is not after `at`. */
export function floorTo(at: EpochMs, stepMs: number): EpochMs {
  return Math.floor(at / stepMs) * stepMs;
}

/** `2026-03-10T09:04:00.000Z`. @throws {RangeError} if `at` is not a valid instant */
export function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}
