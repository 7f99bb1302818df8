import type { Reason, Unavailable } from '../../diagnosis/diagnosis.ts';

/** A reason in words: why the candidate is there, and what would confirm or refute it. */
export interface ReasonWords {
  why(figure: (name: string) => string, percent: (name: string) => string): string;
  readonly check: string;
  /** What to do, where the steps of the error itself are about something else. */
  readonly steps?: readonly string[];
}

export type AllReasons = Readonly<Record<Reason, ReasonWords>>;
export type UnavailableWords = Readonly<Record<Unavailable, string>>;
