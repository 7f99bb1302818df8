import type { MetricName } from '../metrics/series.ts';
import type { EpochMs } from '../time/time.ts';

/** Azure Monitor's words, worst first (its Sev 0–3). */
export type Severity = 'critical' | 'error' | 'warning' | 'information';

/**
 * What a rule watches. The named ones have a detector of their own; a rule for any other metric is a signal of its own,
 * named after the rule. `visibility` is about Hubwatch itself: what it cannot read.
 */
export type Signal = 'throttling' | 'quota' | 'connected-devices' | 'no-data' | 'visibility' | (string & {});

/**
 * - `normal`: settled points were judged and nothing is wrong (or what was wrong has ended);
 * - `breach`: something is wrong, confirmed on settled points;
 * - `unknown`: there was nothing to judge; nothing may fire or clear because of it.
 */
export type Verdict = 'normal' | 'breach' | 'unknown';

/** The numbers that a decision used, so that a person can recompute it. Absent: this rule does not use it. */
export interface Numbers {
  /** The newest settled value, in the metric's own unit per bin. */
  readonly value?: number;
  /** What the baseline expected at that time. */
  readonly expected?: number;
  /** The band of values that are normal at that time. */
  readonly lower?: number;
  readonly upper?: number;
  /** A hard limit: the daily quota, the throttle rate per bin. */
  readonly limit?: number;
  /** value / limit, or value / expected. */
  readonly ratio?: number;
  /** The level at which the rule fires, and the one at which it clears, in the unit of `value` or of `ratio`. */
  readonly fireLevel?: number;
  readonly clearLevel?: number;
  /** Bins that were in breach, and out of how many. */
  readonly breachingBins?: number;
  readonly windowBins?: number;
  /** Events since the breach began (refused sends, for throttling). */
  readonly total?: number;
  /** Forecast of exhaustion with its range. */
  readonly forecastAt?: EpochMs;
  readonly forecastEarliestAt?: EpochMs;
  readonly forecastLatestAt?: EpochMs;
  /** When the daily quota was used up, to five minutes. */
  readonly exhaustedAt?: EpochMs;
  /** 0–1: how much history the expectation rests on. */
  readonly confidence?: number;
}

/** Recent settled points for a chart, oldest first, one entry of each list per bin; `null` where nothing is known. */
export interface Picture {
  readonly grainMs: number;
  readonly from: EpochMs;
  readonly values: readonly (number | null)[];
  /** The expectation or band at the same bins, or a flat limit. */
  readonly expected?: readonly (number | null)[];
  readonly lower?: readonly (number | null)[];
  readonly upper?: readonly (number | null)[];
  readonly limit?: number;
}

/** What one rule says about one hub at one time. */
export interface Evaluation {
  /** The rule's id. */
  readonly rule: string;
  /** What of the rules file or the hub's tags has a say in the rule: `rules, overrides[1]`; absent: as shipped. */
  readonly ruleSource?: string;
  readonly signal: Signal;
  readonly metric: MetricName;
  readonly verdict: Verdict;
  /** The error code or family that the rule is about, where it names one. */
  readonly code?: string;
  /** Why, as a code in kebab-case: `sustained-throttling`, `short-burst`, `below-usual`, `not-enough-history` … */
  readonly reason: string;
  readonly severity: Severity;
  /** Start of the newest settled bin that was judged; absent if there was none. */
  readonly settledAt?: EpochMs;
  /** Start of the first bin of the breach; of what cannot be read, since when. */
  readonly sinceAt?: EpochMs;
  readonly numbers: Numbers;
  readonly picture?: Picture;
}
