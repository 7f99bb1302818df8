import type { EpochMs, Span } from '../time/time.ts';

/**
 * How far the evidence carries a candidate:
 * - `established`: log rows (or a metric that is by definition this error's face) show it;
 * - `likely`: it fits what was measured and nothing speaks against it;
 * - `possible`: it is among the usual suspects and has to be checked.
 */
export type Confidence = 'established' | 'likely' | 'possible';

/** One error family that may explain an incident. */
export interface Candidate {
  /** `429xxx`. */
  readonly family: string;
  /** The six-digit code, where the evidence names one. */
  readonly code?: string;
  readonly confidence: Confidence;
  /** Why, as a code in kebab-case with its figures; the cards put it into words. */
  readonly reason: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** One row of log evidence: a code in a category during the window. */
export interface EvidenceRow {
  readonly code: string;
  readonly category: string;
  readonly count: number;
  /** The same, in the equally long window just before. */
  readonly countBefore: number;
  readonly devices: number;
}

/** What the resource logs say. The three answers are never confused with each other. */
export type Evidence =
  | { readonly state: 'not-asked' }
  | { readonly state: 'found'; readonly window: Span; readonly rows: readonly EvidenceRow[]; readonly readAt: EpochMs }
  | { readonly state: 'empty'; readonly window: Span; readonly readAt: EpochMs }
  | { readonly state: 'unavailable'; readonly why: string; readonly readAt: EpochMs };

/** Ranked candidates, best first; none means that the cause is not established. */
export interface Diagnosis {
  readonly candidates: readonly Candidate[];
  readonly evidence: Evidence;
}
