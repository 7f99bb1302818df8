import type { MetricName } from '../../metrics/series.ts';
import type { Severity } from '../evaluation.ts';

export type Sensitivity = 'low' | 'medium' | 'high';

/** A rule for a metric that has no detector of its own: it fires when the series behaves as it has not before. */
export interface MetricRule {
  readonly id: string;
  readonly metric: MetricName;
  readonly severity: Severity;
  readonly sensitivity: Sensitivity;
  /** Which departures matter: more failures do, fewer do not. */
  readonly direction: 'up' | 'down' | 'both';
  /** What an empty bin means: nothing happened (counts of events), or nobody knows (averages, latencies). */
  readonly emptyBin: 'zero' | 'unknown';
  /** Departures from the expected value smaller than this never matter; in the metric's own unit per bin. */
  readonly floor: number;
  /** So many unusual bins confirm a breach, and so many usual ones in a row end it. */
  readonly confirmBins: number;
  readonly clearBins: number;
}

/**
 * By which share a record must be exceeded before a departure is looked at. Measured on synthetic hub metrics, see
 * bench/nab.md: what each costs in false alarms, and what it finds.
 */
export const requiredStrangeness: Readonly<Record<Sensitivity, number>> = { low: 0.6, medium: 0.25, high: 0.1 };
