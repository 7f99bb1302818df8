import type { Evaluation } from '../detection/evaluation.ts';
import type { MetricName } from '../metrics/series.ts';
import { iso, type EpochMs } from '../time/time.ts';

/** One notification of a replay. */
export interface Alert {
  readonly hub: string;
  readonly metric: MetricName;
  /** When it would have been sent. */
  readonly at: EpochMs;
  /** The reason of the evaluation, or `nodata`. */
  readonly kind: string;
  readonly transition: 'firing' | 'resolved';
  /** The evaluation behind it. */
  readonly evaluation: Evaluation;
}

/** The line of an alerts file. */
export function alertLine({ hub, metric, at, kind, transition }: Alert): string {
  return JSON.stringify({ hub, metric, at: iso(at), kind, transition });
}
