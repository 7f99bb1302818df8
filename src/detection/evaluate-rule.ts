import { connectedDevices, quotaUsed, sendAttempts, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import { MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { evaluateAnyMetric } from './any-metric.ts';
import { evaluateConnectedDevices } from './connected-devices.ts';
import { inSlotsIfCoarse } from './coarse-bins.ts';
import type { Evaluation } from './evaluation.ts';
import type { GaugeState } from './gauge-state.ts';
import type { MetricState } from './generic/judge-metric.ts';
import type { HubFacts } from './hub-facts.ts';
import { evaluateNoData, type Neighbours, type NoDataState } from './no-data.ts';
import { evaluateOperationRate, type OperationRateState } from './operation-rate.ts';
import type { QuotaState } from './quota-state.ts';
import { evaluateQuota } from './quota.ts';
import type { Rule } from './rule.ts';
import { SLOT_MS } from './seasonal-picture.ts';
import type { MetricPoints } from './settled-bins.ts';
import type { TelemetryState } from './telemetry-state.ts';
import { ABSENT_IS_ZERO_MS, evaluateTelemetry } from './telemetry.ts';
import type { ThrottlingState } from './throttling-state.ts';
import { evaluateThrottling } from './throttling.ts';

/** What one evaluation needs of one hub, besides its state. */
export interface EvaluationInput {
  readonly rule: Rule;
  readonly hub: HubFacts;
  /** What was read of the metrics that the rule needs, newest bins included: far enough back for what came late. */
  readonly series: readonly MetricPoints[];
  /** Declared maintenance of this hub that is not long past: nothing in it is judged or learned. */
  readonly maintenance: readonly Span[];
  /** What the other rules said of this hub in this round, as far as they were asked already. */
  readonly others?: readonly Evaluation[];
  readonly neighbours?: Neighbours;
}

/** The state of one rule for one hub. */
export type DetectorState =
  | { readonly detector: 'connected-devices'; readonly state: GaugeState }
  | { readonly detector: 'telemetry'; readonly state: TelemetryState }
  | { readonly detector: 'throttling'; readonly state: ThrottlingState }
  | { readonly detector: 'quota'; readonly state: QuotaState }
  | { readonly detector: 'no-data'; readonly state: NoDataState }
  | { readonly detector: 'operation-rate'; readonly state: OperationRateState }
  | { readonly detector: 'metric'; readonly state: MetricState };

/** What an evaluation leaves behind. */
export interface Evaluated {
  /** To be given to the next evaluation; `undefined` as long as nothing was read. */
  readonly state: DetectorState | undefined;
  readonly evaluation: Evaluation;
}

/** So much longer a bin of more than five minutes settles: it is rare, and weighs much. */
const COARSE_SETTLE_MS = 5 * MINUTE;

/** Judges one hub by one rule. Whatever the points look like, it returns; the state passed in is not changed. */
export function evaluateRule(input: EvaluationInput, before: DetectorState | undefined, now: EpochMs): Evaluated {
  const { state, evaluation } = judged(input, before, now);
  const aside = input.maintenance.some(({ from, to }) => from <= now && now < to);
  // What began before the maintenance is told after it, if it still stands.
  return aside
    ? { state, evaluation: { ...evaluation, verdict: 'unknown', reason: 'maintenance' } }
    : { state, evaluation };
}

function judged(input: EvaluationInput, before: DetectorState | undefined, now: EpochMs): Evaluated {
  const { rule, series, maintenance, hub } = input;
  const metric = (name: string): MetricPoints | undefined => series.find((one) => one.metric === name);
  switch (rule.detector) {
    case 'connected-devices': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      const read = metric(connectedDevices.metric);
      const points = read && inSlotsIfCoarse(read, rule.settleMs + COARSE_SETTLE_MS, now);
      // One coarse bin alone confirms nothing: it may be revised as a whole.
      const confirmMs = Math.max(rule.settings.confirmMs, read && read.grainMs > SLOT_MS ? read.grainMs + SLOT_MS : 0);
      const patient = { ...rule, settings: { ...rule.settings, confirmMs } };
      return kept(rule, evaluateConnectedDevices(patient, points, maintenance, state, now));
    }
    case 'throttling': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      const read = { refused: metric(sendThrottle.metric), attempts: metric(sendAttempts.metric), hub, maintenance };
      return kept(rule, evaluateThrottling(rule, read, state, now));
    }
    case 'quota': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      return kept(rule, evaluateQuota(rule, metric(quotaUsed.metric), hub, state, now));
    }
    case 'telemetry': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      const points = series.map((one) => inSlotsIfCoarse(one, ABSENT_IS_ZERO_MS, now));
      return kept(rule, evaluateTelemetry(rule, points, maintenance, isExplained(input.others ?? []), state, now));
    }
    case 'no-data': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      return kept(rule, evaluateNoData(rule, series, maintenance, input.neighbours, state, now));
    }
    case 'operation-rate': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      return kept(rule, evaluateOperationRate(rule, series, hub, maintenance, state, now));
    }
    case 'metric': {
      const state = before?.detector === rule.detector ? before.state : undefined;
      return kept(rule, evaluateAnyMetric(rule, metric(rule.request.metric), maintenance, state, now));
    }
  }
}

/** Messages are missing because devices are, or because the day's quota is used up: that is told already. */
function isExplained(others: readonly Evaluation[]): boolean {
  return others.some(
    ({ signal, verdict, numbers, reason }) =>
      verdict === 'breach' &&
      ((signal === 'connected-devices' && (numbers.ratio ?? 1) < 0.8) || reason === 'quota-exhausted'),
  );
}

function kept(rule: Rule, { state, evaluation }: { state: unknown; evaluation: Evaluation }): Evaluated {
  return {
    state: state === undefined ? undefined : ({ detector: rule.detector, state } as DetectorState),
    evaluation,
  };
}
