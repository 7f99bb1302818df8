import type { EpochMs } from '../time/time.ts';
import type { RecordedHub, RecordedPoint } from './recording.ts';

/** Where a backtest takes its points from: a recording, or the history of hubs that exist. */
export interface BacktestSource {
  readonly hubs: readonly RecordedHub[];
  /** In the order in which they became readable; asked for once per set of rules. `onDamage` is told of unusable lines. */
  readonly points: (onDamage: (line: number) => void) => AsyncIterable<RecordedPoint> | Iterable<RecordedPoint>;
  /** What happened before is learned from, and not reported. */
  readonly reportFrom: EpochMs;
}

/** What Azure Monitor still has of one hub over the half-open span [from, to), in the order of `readableAt`. */
export type FetchHistory = (
  hubName: string,
  from: EpochMs,
  to: EpochMs,
) => Promise<{
  readonly hub: RecordedHub;
  readonly points: AsyncIterable<RecordedPoint> | readonly RecordedPoint[];
}>;
