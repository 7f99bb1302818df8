import { HOUR, MINUTE, type EpochMs } from '../time/time.ts';

/** How far back refused sends are remembered bin by bin. */
export const REMEMBERED_MS = 2 * HOUR;

/** What was the worst that turned out harmless. */
export interface Harmless {
  /** Refused sends within 20 minutes, or one bin if it is longer. */
  readonly refused: number;
  /** Refused sends that each of two, and of three bins in a row had, of bins longer than five minutes. */
  readonly refusedTwice: number;
  readonly refusedThrice: number;
  /** Busy minutes within 30 minutes, and within two hours. */
  readonly busyShort: number;
  readonly busyLong: number;
  /** Send attempts per second over ten minutes. */
  readonly attempts: number;
}

export const harmless: Harmless = {
  refused: 0,
  refusedTwice: 0,
  refusedThrice: 0,
  busyShort: 0,
  busyLong: 0,
  attempts: 0,
};

export type ThrottlingPhase =
  | {
      readonly kind: 'calm';
      /** End of the last incident; what was refused before is no evidence of another. */ readonly since: EpochMs;
    }
  | {
      readonly kind: 'breach';
      /** `attempts`: nothing is refused yet, but the hub is asked for more than it may take. */
      readonly cause: 'sustained' | 'recurring' | 'attempts';
      readonly sinceAt: EpochMs;
      readonly firedAt: EpochMs;
      /** Refused sends since then, and attempts where they are known. */
      readonly refused: number;
      readonly attempts: number;
    };

/** What one evaluation of throttling reads and writes; there is nothing else to keep. */
export interface ThrottlingState {
  readonly grainMs: number;
  /** The watermark: end of the newest bin that was judged. */
  readonly judgedUntil: EpochMs;
  /** Refused sends of the last two hours by bin, oldest first (codes, coarse; what was not published is zero). */
  readonly refused: readonly number[];
  /** Send attempts of the last 15 minutes by bin (codes, coarse). */
  readonly attempts: readonly number[];
  /** UTC day of `today`. */
  readonly day: number;
  readonly today: Harmless;
  readonly yesterday: Harmless;
  readonly past: Harmless;
  readonly daysSeen: number;
  readonly phase: ThrottlingPhase;
}

export function newThrottlingState(grainMs: number, judgedUntil: EpochMs, day: number): ThrottlingState {
  return {
    grainMs,
    judgedUntil,
    refused: [],
    attempts: [],
    day,
    today: harmless,
    yesterday: harmless,
    past: harmless,
    daysSeen: 0,
    phase: { kind: 'calm', since: judgedUntil },
  };
}

export function rememberedBins(grainMs: number): { readonly refused: number; readonly attempts: number } {
  return {
    refused: Math.max(5, Math.floor(REMEMBERED_MS / grainMs)),
    attempts: Math.max(2, Math.floor((15 * MINUTE) / grainMs)),
  };
}
