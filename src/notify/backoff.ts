import { MINUTE, SECOND } from '../time/time.ts';

/** Longest pause between two attempts to send the same thing. */
const longestMs = 5 * MINUTE;

/**
 * How long to wait before attempt `attempt + 1` (attempts count from 1): doubling from 2 s, capped, spread by
 * `random` (0–1) over its upper half so that many failed sends do not come back together.
 */
export function backoffMs(attempt: number, random: number, retryAfterMs?: number): number {
  const doubled = Math.min(longestMs, 2 * SECOND * 2 ** Math.min(attempt - 1, 20));
  return Math.max(retryAfterMs ?? 0, Math.round(doubled * (0.5 + random / 2)));
}
