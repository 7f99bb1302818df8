import { DAY, type EpochMs } from '../time/time.ts';
import { newDailyUse, type DailyUse } from './daily-use.ts';
import { SLOTS_PER_DAY } from './seasonal-picture.ts';

export const USE_DAYS = 15;

/** How messages were used in the last two weeks; changes once a day. */
export interface UsePicture {
  /** UTC day that this picture is for; its last row is the day before. */
  readonly day: number;
  /** `USE_DAYS` rows of codes (coarse): messages used in each five-minute slot, oldest day first; unknown where not known. */
  readonly rows: Uint16Array;
}

export type QuotaPhase =
  | {
      readonly kind: 'calm';
      /** UTC day of a warning that turned out needless. */
      readonly warnedOn: number | undefined;
    }
  | {
      readonly kind: 'breach';
      readonly cause: 'forecast' | 'warning' | 'error' | 'critical';
      readonly sinceAt: EpochMs;
      /** Checks in a row that see no risk any more. */
      readonly calmChecks: number;
    };

export interface QuotaHot {
  readonly grainMs: number;
  /** The watermark: end of the newest bin that was judged. */
  readonly judgedUntil: EpochMs;
  readonly use: DailyUse;
  /** Codes (coarse) of what today's slots used. */
  readonly row: Uint16Array;
  /** Used at the start of the newest slot. */
  readonly slotUsed: number;
  /** Checks in a row that see the quota exhausted. */
  readonly riskyChecks: number;
  readonly phase: QuotaPhase;
}

export interface QuotaState {
  readonly hot: QuotaHot;
  readonly picture: UsePicture;
}

export function newQuotaState(grainMs: number, at: EpochMs): QuotaState {
  return {
    hot: {
      grainMs,
      judgedUntil: at,
      use: newDailyUse(at),
      row: new Uint16Array(SLOTS_PER_DAY),
      slotUsed: Number.NaN,
      riskyChecks: 0,
      phase: { kind: 'calm', warnedOn: undefined },
    },
    picture: { day: Math.floor(at / DAY), rows: new Uint16Array(USE_DAYS * SLOTS_PER_DAY) },
  };
}
