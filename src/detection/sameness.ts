import { UNKNOWN } from './log-scale.ts';

/** How long a value has stayed exactly the same. */
export interface Sameness {
  /** Code (fine) of the value, bins in a row that had it, and bins since then that had another: a few do not end it. */
  readonly code: number;
  readonly bins: number;
  readonly odd: number;
  /** Code that was stuck for too long earlier today, or unknown. */
  readonly stuck: number;
  /** The longest such run today, and before (infinite on the first day). */
  readonly today: number;
  readonly past: number;
}

export const noSameness: Sameness = {
  code: UNKNOWN,
  bins: 0,
  odd: 0,
  stuck: UNKNOWN,
  today: 1,
  past: Number.POSITIVE_INFINITY,
};
