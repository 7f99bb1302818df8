import type { GaugeDraft } from './gauge-state.ts';
import { fine, toCode } from './log-scale.ts';
import type { Sameness } from './sameness.ts';

/** Below this share of the usual size a handful of devices may well stay the same for long. */
const TELLING_SHARE = 0.1;

/** Takes one more value into account. */
export function withValue(draft: GaugeDraft, value: number): Sameness {
  const { code, bins, today, past } = draft.same;
  const next = toCode(value, fine);
  const run = next === code ? bins + 1 : 1;
  const normal = isTelling(draft, value) && run <= 2 * past;
  return { code: next, bins: run, today: normal ? Math.max(today, run) : today, past };
}

/**
 * Far longer the same than it ever was: the metric is stuck, and its newest value says nothing. Zero is not suspected: it
 * is judged.
 */
export function isStuck(draft: GaugeDraft, value: number): boolean {
  return isTelling(draft, value) && toCode(value, fine) === draft.same.code && draft.same.bins > 2 * draft.same.past;
}

/** Not stuck yet, but longer the same than ever: nothing may begin on such a value. */
export function isSuspect(draft: GaugeDraft, value: number): boolean {
  return isTelling(draft, value) && draft.same.bins > Math.max(1, draft.same.past);
}

function isTelling({ picture }: GaugeDraft, value: number): boolean {
  return value > 0 && value >= TELLING_SHARE * picture.size;
}

/** Midnight UTC: what was the longest today counts from now on, and fades. */
export function turnSame({ code, bins, today, past }: Sameness): Sameness {
  return { code, bins, today: 1, past: Math.max(today, Number.isFinite(past) ? past * 0.9 : 0) };
}
