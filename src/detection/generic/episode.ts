import type { EpochMs } from '../../time/time.ts';
import { knownRange, measures, type Limits } from './limits.ts';
import type { Strangeness } from './strangeness.ts';
import type { Distance } from './usual.ts';

/** A departure under observation, from its first strange bin until it ends or has become the new normal. */
export interface Episode {
  readonly sinceAt: EpochMs;
  readonly cause: Strangeness;
  /** What was known before it began; the departure is held against this, so that it cannot become its own excuse. */
  readonly limits: Limits;
  /** Bins since it began. */
  readonly bins: number;
  /** For the newest bins, whether each was unusual by itself; newest last. */
  readonly unusual: readonly boolean[];
  readonly confirmed: boolean;
}

/** One bin of a departure. */
export interface Bin {
  readonly value: number;
  /** Distance to the usual at this time of day, `null` if there is no usual yet. */
  readonly distance: Distance | null;
  readonly spread: number | null;
  /** It departs in a direction that matters, and far enough to matter. */
  readonly matters: boolean;
}

/** Whether a bin, by itself, is still out of what was known before the episode. */
function isUnusual({ value, distance, spread, matters }: Bin, { cause, limits }: Episode): boolean {
  if (cause.kind === 'calmer-than-ever') return spread !== null && spread < (limits.calmest ?? 0);
  const range = knownRange(limits);
  if (!matters || !range) return false;
  if (value > range.second || value < range.secondLowest) return true;
  if (cause.measure === undefined) return false;
  const far = limits.farthest[cause.measure] ?? null;
  const by = distance?.[measures[cause.measure]?.of ?? 'absolute'] ?? null;
  return by !== null && far !== null && by > far;
}

/** How many bins of an episode are looked at to confirm it: a single usual bin in between does not save it. */
const slack = 2;

export function observe(episode: Episode, bin: Bin, confirmBins: number, clearBins: number): Episode {
  const kept = Math.max(confirmBins + slack, clearBins);
  const unusual = [...episode.unusual, isUnusual(bin, episode)].slice(-kept);
  const confirming = unusual.slice(-(confirmBins + slack)).filter(Boolean).length;
  return { ...episode, bins: episode.bins + 1, unusual, confirmed: episode.confirmed || confirming >= confirmBins };
}

/** Nothing unusual for `clearBins` (confirmed), or no longer any chance of confirmation soon. */
export function isOver({ confirmed, unusual }: Episode, confirmBins: number, clearBins: number): boolean {
  const calm = confirmed ? clearBins : confirmBins + slack;
  return unusual.length >= calm && !unusual.slice(-calm).includes(true);
}
