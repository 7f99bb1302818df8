import type { OperationalError } from '../failure/operational-error.ts';
import type { Hub } from '../hubs/hub.ts';
import type { EpochMs, Span } from '../time/time.ts';

/** A metric's REST name, such as `d2c.telemetry.ingress.sendThrottle`. */
export type MetricName = string;

/** How Azure Monitor folds the events or samples of one bin. */
export type Aggregation = 'total' | 'average' | 'minimum' | 'maximum';

/** One bin: it covers [at, at + grain). `null`: nothing known, which is not zero. */
export interface Point {
  readonly at: EpochMs;
  readonly value: number | null;
}

/** One metric of one hub, oldest bin first, evenly spaced; a gap is a `null` value, never a zero. */
export interface Series {
  readonly hubId: string;
  readonly metric: MetricName;
  readonly aggregation: Aggregation;
  readonly grainMs: number;
  readonly points: readonly Point[];
}

/** One metric to read, and the only aggregation of it that means anything to the reader. */
export interface MetricRequest {
  readonly metric: MetricName;
  readonly aggregation: Aggregation;
}

export interface MetricQuery {
  /** At most 50 hubs, all of one subscription and region. */
  readonly hubs: readonly Hub[];
  readonly metrics: readonly MetricRequest[];
  readonly span: Span;
  readonly grainMs: number;
}

/** What was read of one hub: its series in the order asked for, or why it could not be read. */
export type HubReading =
  | { readonly hubId: string; readonly series: readonly Series[] }
  | { readonly hubId: string; readonly failure: OperationalError };

export interface MetricSource {
  /**
   * Read metrics of several hubs over the half-open span.
   *
   * Azure Monitor publishes late: the newest bins may be `null`, incomplete, or later revised. A failure of one hub
   * stands in its reading; the others are still read.
   * @returns one reading per hub, in the order asked for
   * @see https://learn.microsoft.com/rest/api/monitor/metrics-batch/batch
   */
  read(query: MetricQuery, signal?: AbortSignal): Promise<readonly HubReading[]>;
}
