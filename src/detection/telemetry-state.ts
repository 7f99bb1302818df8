import type { MetricName } from '../metrics/series.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import type { DailyUse } from './daily-use.ts';
import { USE_DAYS, type UsePicture } from './quota-state.ts';
import { SLOTS_PER_DAY } from './seasonal-picture.ts';

export type TelemetryPhase =
  | { readonly kind: 'calm' }
  | { readonly kind: 'breach'; readonly sinceAt: EpochMs; readonly calmSlots: number; readonly least: number };

export interface TelemetryHot {
  /** The metric that messages are counted by. */
  readonly source: MetricName;
  readonly grainMs: number;
  /** The watermark: end of the newest bin that was judged. */
  readonly judgedUntil: EpochMs;
  /** Only if the source is the day's count, of which a bin's messages are the difference. */
  readonly use: DailyUse | undefined;
  /** Codes (coarse): messages in each of today's five-minute slots; unknown where not known. */
  readonly row: Uint16Array;
  /** Codes (coarse) of the newest bins, oldest first; unknown where not known. */
  readonly recent: readonly number[];
  readonly phase: TelemetryPhase;
  /** When something else was last known to explain missing messages. */
  readonly explainedAt: EpochMs | undefined;
}

export interface TelemetryState {
  readonly hot: TelemetryHot;
  readonly picture: UsePicture;
}

export function newTelemetryState(source: MetricName, grainMs: number, at: EpochMs): TelemetryState {
  return {
    hot: {
      source,
      grainMs,
      judgedUntil: at,
      use: undefined,
      row: new Uint16Array(SLOTS_PER_DAY),
      recent: [],
      phase: { kind: 'calm' },
      explainedAt: undefined,
    },
    picture: { day: Math.floor(at / DAY), rows: new Uint16Array(USE_DAYS * SLOTS_PER_DAY) },
  };
}
