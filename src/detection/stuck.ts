import { residualOfBin } from './gauge-reading.ts';
import type { GaugeDraft } from './gauge-state.ts';
import { fine, fromCode, toCode, UNKNOWN } from './log-scale.ts';
import { MINUTE } from '../time/time.ts';
import type { Sameness } from './sameness.ts';

/** Below this share of the usual size a handful of devices may well stay the same for long. */
const TELLING_SHARE = 0.1;

/** A value that is the same but for bins that were not complete at first is the same for all that. */
const ODD_MS = 5 * MINUTE;
/** A run that was stuck for too long to be normal widens what is normal by so much, lest a quiet fleet stay unjudged. */
const WIDENS = 1.2;
/** So much less (share of the residual of now) was as usual. */
const STOOD_SHARE = 0.4;

/** Takes one more value into account. */
export function withValue(draft: GaugeDraft, value: number): Sameness {
  const { same, grainMs } = draft;
  const next = toCode(value, fine);
  if (next === same.code) {
    const bins = same.bins + 1;
    const firstDay = !Number.isFinite(same.past) && isTelling(draft, value);
    return { ...same, bins, odd: 0, today: firstDay ? Math.max(same.today, bins) : same.today };
  }
  if (same.odd + 1 <= Math.max(1, ODD_MS / grainMs) && same.bins > 1) return { ...same, odd: same.odd + 1 };
  const wasStuck = same.bins > 2 * same.past;
  const ended = wasStuck ? WIDENS * same.past : same.bins;
  const before = fromCode(same.code, fine);
  const today = before !== null && isTelling(draft, before) ? Math.max(same.today, ended) : same.today;
  // Odd bins that all had the next value were its beginning.
  const begun = draft.recent.slice(-Math.max(0, same.odd)).filter((code) => code === next).length;
  return {
    ...same,
    code: next,
    bins: 1 + (same.odd > 0 ? begun : 0),
    odd: 0,
    today,
    stuck: wasStuck ? same.code : same.stuck,
  };
}

/**
 * Far longer the same than it ever was: the metric is stuck, and its newest value says nothing. Zero is not suspected: it
 * is judged.
 */
export function isStuck(draft: GaugeDraft, value: number): boolean {
  const { code, bins, odd, past } = draft.same;
  if (bins <= 2 * past) return false;
  // While it lasts, a few odd bins say as little.
  return odd > 0 || (isTelling(draft, value) && toCode(value, fine) === code);
}

/** Revised to the value that was stuck a while ago. */
export function wasStuckAt({ same }: GaugeDraft, value: number): boolean {
  return same.stuck !== UNKNOWN && toCode(value, fine) === same.stuck;
}

/** Not stuck yet, but longer the same than ever: nothing may begin on such a value. */
export function isSuspect(draft: GaugeDraft, value: number): boolean {
  const { code, bins, past } = draft.same;
  return isTelling(draft, value) && toCode(value, fine) === code && bins > Math.max(1, past);
}

/**
 * The very same value as when it was as usual, while the expectation has moved on: a metric that has just got stuck looks
 * like this, and a fleet hardly ever does.
 */
export function hasStoodStill(draft: GaugeDraft): boolean {
  const { recent, judgedUntil, grainMs, same } = draft;
  const code = repeated(recent);
  const value = fromCode(code, fine);
  if (value === null || !isTelling(draft, value)) return false;
  let first = recent.lastIndexOf(code);
  for (let i = first, odd = 0; i >= 0 && odd <= Math.max(1, ODD_MS / grainMs); i -= 1) {
    if (recent[i] === code) first = i;
    odd = recent[i] === code ? 0 : odd + 1;
  }
  // It may have begun before the newest bins.
  const bins = Math.max(recent.length - first, same.code === code ? same.bins : 0);
  const then = residualOfBin(draft, judgedUntil - bins * grainMs, value);
  const now = residualOfBin(draft, judgedUntil - grainMs, value);
  return Math.abs(then) < STOOD_SHARE * Math.abs(now);
}

/** The value of the newest two bins, or, as some may not be complete yet, of half of the newest eight; else unknown. */
function repeated(recent: readonly number[]): number {
  const newest = recent.at(-1) ?? UNKNOWN;
  if (newest === recent.at(-2)) return newest;
  const eight = recent.slice(-8);
  return eight.find((code) => eight.filter((other) => other === code).length >= 4) ?? UNKNOWN;
}

function isTelling({ picture }: GaugeDraft, value: number): boolean {
  return value > 0 && value >= TELLING_SHARE * picture.size;
}

/** Midnight UTC: what was the longest today counts from now on, and fades. */
export function turnSame(same: Sameness): Sameness {
  const { today, past } = same;
  return { ...same, today: 1, stuck: UNKNOWN, past: Math.max(today, Number.isFinite(past) ? past * 0.9 : 0) };
}
