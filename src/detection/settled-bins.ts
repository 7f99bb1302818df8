import type { MetricName, Point } from '../metrics/series.ts';
import { floorTo, type EpochMs } from '../time/time.ts';

/** What was read of one metric: any order, any repetition, any gap. A `Series` is one. */
export interface MetricPoints {
  readonly metric: MetricName;
  readonly grainMs: number;
  readonly points: readonly Point[];
}

/** The points of one metric, sorted out: bins that may be judged now, and bins that were judged before. */
export interface SortedPoints {
  /** Value by start of bin, for settled bins from the watermark on. */
  readonly settled: ReadonlyMap<EpochMs, number>;
  /** The same for bins before the watermark: late or revised, to be recorded and not judged again. */
  readonly late: ReadonlyMap<EpochMs, number>;
  /** End of the newest settled bin with a value, or the watermark if there is none. */
  readonly settledUntil: EpochMs;
}

/**
 * Sorts out what was read. A bin is settled when its end is `settleMs` ago; what is not, or lies in the future, is as if it
 * had not been read, and must be read again. NaN, infinities and negative values are no values. Of two values for the same
 * bin the larger counts: what Azure shows too early is too small, and so the order of reading cannot matter.
 */
export function sortOut(
  points: readonly Point[],
  grainMs: number,
  watermark: EpochMs,
  settleMs: number,
  now: EpochMs,
): SortedPoints {
  const settled = new Map<EpochMs, number>();
  const late = new Map<EpochMs, number>();
  let settledUntil = watermark;
  for (const { at, value } of points) {
    if (value === null || !Number.isFinite(value) || value < 0 || !Number.isFinite(at)) continue;
    const start = floorTo(at, grainMs);
    const end = start + grainMs;
    if (end + settleMs > now) continue;
    const bins = start >= watermark ? settled : late;
    const other = bins.get(start);
    if (other === undefined || other < value) bins.set(start, value);
    if (end > settledUntil) settledUntil = end;
  }
  return { settled, late, settledUntil };
}
