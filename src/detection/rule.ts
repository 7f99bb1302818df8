import type { Operation } from '../hubs/limits.ts';
import { operationMetrics } from '../metrics/iot-hub-metrics.ts';
import type { MetricRequest } from '../metrics/series.ts';
import type { MetricRule } from './generic/metric-rule.ts';
import type { GaugeSettings } from './limits-of-past.ts';

/** The signals that have a detector and a rule of their own; their rules are named after them. */
export const coreSignals = ['connected-devices', 'throttling', 'quota', 'telemetry', 'no-data'] as const;
export type CoreSignal = (typeof coreSignals)[number];

/** Whether a rule is one of the signals' own, and not one for any other metric. */
export function isCoreRule(id: string): id is CoreSignal {
  return coreSignals.some((signal) => signal === id);
}

interface Common {
  /** Unique per hub; the signal's own name, or the name of a metric rule. */
  readonly id: string;
  /** How long after its end a bin counts as final. */
  readonly settleMs: number;
}

/** Connected devices against their season. */
export interface ConnectedDevicesRule extends Common {
  readonly detector: 'connected-devices';
  readonly settings: GaugeSettings;
}

/** Messages per half hour against the quietest of the last week, downwards only: devices are there but say nothing. */
export interface TelemetryRule extends Common {
  readonly detector: 'telemetry';
  /** Fires below this share of the quietest comparable half hour. */
  readonly share: number;
  /** Fewer messages than this in half an hour are not worth an incident. */
  readonly leastMessages: number;
}

export interface ThrottlingRule extends Common {
  readonly detector: 'throttling';
  /** Share of the edition's send rate at which attempts warn. */
  readonly attemptsRatio: number;
  /** Times the worst harmless burst so far. */
  readonly burstMargin: number;
}

export interface QuotaRule extends Common {
  readonly detector: 'quota';
  /** Shares of the daily quota. */
  readonly levels: { readonly warning: number; readonly error: number; readonly critical: number };
  readonly levelsAlways: boolean;
  readonly forecast: boolean;
  /** Share of the recent days' courses that must reach the quota before the forecast warns. */
  readonly forecastCertainty: number;
}

export interface NoDataRule extends Common {
  readonly detector: 'no-data';
  readonly afterMs: number;
}

/** An operation such as twin reads against the rate of the hub's edition and units. */
export interface OperationRateRule extends Common {
  readonly detector: 'operation-rate';
  readonly operation: Operation;
  /** Share of the rate at which calls warn. */
  readonly attemptsRatio: number;
}

/** Any other metric, by the detector that needs no knowledge of it. */
export interface AnyMetricRule extends Common {
  readonly detector: 'metric';
  readonly request: MetricRequest;
  /** What the detector is told, but for the time in bins: these are as long as what is read. */
  readonly metric: Omit<MetricRule, 'confirmBins' | 'clearBins'>;
  /** How long unusual bins must last to confirm a breach, and usual ones to end it. */
  readonly confirmMs: number;
  readonly clearMs: number;
}

/** A rule for one hub: validated, with nothing left to default. */
export type Rule =
  ConnectedDevicesRule | TelemetryRule | ThrottlingRule | QuotaRule | NoDataRule | OperationRateRule | AnyMetricRule;

/** A rule whose metrics are read every five minutes: nothing it shows needs an answer sooner. */
export type SlowRule = OperationRateRule | AnyMetricRule;

export function isSlow(rule: Rule): rule is SlowRule {
  return rule.detector === 'operation-rate' || rule.detector === 'metric';
}

/** What a slow rule reads. */
export function requestsOf(rule: SlowRule): readonly MetricRequest[] {
  if (rule.detector === 'metric') return [rule.request];
  const { calls, bytes } = operationMetrics[rule.operation];
  return [...calls, ...(bytes ? [bytes.metric] : [])].map((metric) => ({ metric, aggregation: 'total' }));
}
