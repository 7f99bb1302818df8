import type { EpochMs } from '../time/time.ts';
import type { Statistic } from './deviations.ts';
import type { Direction } from './limits-of-past.ts';
import { noSameness, type Sameness } from './sameness.ts';
import { SLOTS_PER_DAY, TAIL_SLOTS, type SeasonalPicture } from './seasonal-picture.ts';

/** Bins kept at their own grain: they decide on jumps, and may still be revised. */
export const RECENT_BINS = 16;

/** Where a series stands. */
export type GaugePhase =
  | {
      readonly kind: 'calm';
      /** Until then limits are doubled: the ringing after a disturbance is no second one. A slow one rings for longer. */
      readonly quietUntil: EpochMs;
      readonly slowQuietUntil: EpochMs;
    }
  | {
      readonly kind: 'breach';
      readonly cause: Statistic;
      readonly direction: Direction;
      /** Start of the first bin that strayed. */
      readonly sinceAt: EpochMs;
      /** End of the bin that confirmed it. */
      readonly firedAt: EpochMs;
      /** How far it strayed at most, two bins in a row, and at the newest bin (log, positive in its direction). */
      readonly peak: number;
      readonly last: number;
      /** The unrest that it began with, 0 if it began otherwise. */
      readonly unrest: number;
      /** The value before it strayed, 0 if unknown. */
      readonly from: number;
      /** Its residual before it strayed: coming back to that is recovery as well. */
      readonly level: number;
      /** Bins in a row that look recovered. */
      readonly calmBins: number;
      /** Levels that the series may be settling on: one against each picture of the day. */
      readonly steady: readonly SteadyLevel[];
    };

/** The log of value over expectation, and since when it has held. */
export interface SteadyLevel {
  readonly level: number;
  readonly sinceAt: EpochMs;
}

export const noneWrong: WrongBins = { together: 0, wrong: 0, judged: 0 };

export interface StandingLeak {
  readonly sinceAt: EpochMs;
  /** What has been lost so far (log, positive). */
  readonly loss: number;
  /** When it stopped; what was lost may still come back. */
  readonly endedAt: EpochMs | undefined;
}

/** Bins that had been judged and were revised afterwards; all of it fades over two weeks. */
export interface WrongBins {
  /** The most in a row that were wrong together. */
  readonly together: number;
  readonly wrong: number;
  readonly judged: number;
}

/** What one evaluation of a gauge reads and writes. */
export interface GaugeHot {
  readonly grainMs: number;
  /** The watermark: end of the newest bin that was judged. */
  readonly judgedUntil: EpochMs;
  /** Codes (coarse) of today's slots, by UTC day of the newest judged bin. */
  readonly row: Uint16Array;
  /** Residuals of the last finished slots, oldest first; NaN where there was nothing to compare. */
  readonly residuals: Float64Array;
  /** Codes (fine) of the newest judged bins, oldest first. */
  readonly recent: readonly number[];
  readonly same: Sameness;
  readonly wrong: WrongBins;
  /** Log offset of a level shift learned today. */
  readonly shift: number;
  /** Spans of today's slots [from, to] that belonged to breaches that have ended. */
  readonly flagged: readonly (readonly [number, number])[];
  readonly phase: GaugePhase;
  /** A level that has sunk day after day, as of midnight UTC. */
  readonly leak: StandingLeak | undefined;
}

export interface GaugeState {
  readonly hot: GaugeHot;
  readonly picture: SeasonalPicture;
}

/** What one evaluation works on; private to it. */
export type GaugeDraft = { -readonly [Key in keyof GaugeHot]: GaugeHot[Key] } & { picture: SeasonalPicture };

export function newGaugeHot(grainMs: number, judgedUntil: EpochMs): GaugeHot {
  return {
    grainMs,
    judgedUntil,
    row: new Uint16Array(SLOTS_PER_DAY),
    residuals: new Float64Array(TAIL_SLOTS).fill(Number.NaN),
    recent: [],
    same: noSameness,
    wrong: noneWrong,
    shift: 0,
    flagged: [],
    phase: { kind: 'calm', quietUntil: 0, slowQuietUntil: 0 },
    leak: undefined,
  };
}

export function draftOf({ hot, picture }: GaugeState): GaugeDraft {
  return {
    ...hot,
    row: hot.row.slice(),
    residuals: hot.residuals.slice(),
    picture,
  };
}
