import type { GaugeDraft } from './gauge-state.ts';
import { fine, toCode } from './log-scale.ts';

/** Below this share of the usual size a handful of devices may well stay the same for long. */
const TELLING_SHARE = 0.1;

/**
 * Counts how long a value has stayed exactly the same, and tells whether that is far longer than it ever did: then the
 * metric is stuck and says nothing. Zero is not suspected: it is judged.
 */
export function isStuck(draft: GaugeDraft, value: number | null): boolean {
  if (value === null) return false;
  const same = draft.recent.at(-1) === toCode(value, fine);
  draft.sameBins = same ? draft.sameBins + 1 : 1;
  if (!isTelling(draft, value)) return false;
  const { today, past } = draft.longestSame;
  const stuck = draft.sameBins > 2 * past;
  if (!stuck && draft.sameBins > today) draft.longestSame = { past, today: draft.sameBins };
  return stuck;
}

/** Not stuck yet, but longer the same than ever: nothing may begin on such a value. */
export function isSuspect(draft: GaugeDraft, value: number): boolean {
  return isTelling(draft, value) && draft.sameBins > Math.max(1, draft.longestSame.past);
}

function isTelling({ picture }: GaugeDraft, value: number): boolean {
  return value > 0 && value >= TELLING_SHARE * picture.size;
}

/** Midnight UTC: what was the longest today counts from now on, and fades. */
export function turnSame({ today, past }: GaugeDraft['longestSame']): GaugeDraft['longestSame'] {
  return { today: 1, past: Math.max(today, Number.isFinite(past) ? past * 0.9 : 0) };
}
