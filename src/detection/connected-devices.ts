import { connectedDevices } from '../metrics/iot-hub-metrics.ts';
import { MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Evaluation, Numbers, Severity } from './evaluation.ts';
import { bandAround, readingOf, type GaugeReading } from './gauge-reading.ts';
import { advanceGauge } from './gauge-advance.ts';
import type { Statistic } from './deviations.ts';
import type { GaugeDraft, GaugeState } from './gauge-state.ts';
import { gaugeChart } from './gauge-chart.ts';
import type { ConnectedDevicesRule } from './rule.ts';
import { DAYS_KEPT } from './seasonal-picture.ts';
import type { MetricPoints } from './settled-bins.ts';

/** Settled points older than this say nothing about now. */
const STALE_MS = 20 * MINUTE;

/** Judges newly read points of `connectedDeviceCount`. */
export function evaluateConnectedDevices(
  rule: ConnectedDevicesRule,
  series: MetricPoints | undefined,
  maintenance: readonly Span[],
  state: GaugeState | undefined,
  now: EpochMs,
): { state: GaugeState | undefined; evaluation: Evaluation } {
  const next = advanceGauge(rule, series, maintenance, state, now);
  const evaluation = next
    ? describe(rule, { ...next.hot, picture: next.picture }, maintenance, now)
    : unknown(rule, 'nothing-read-yet');
  return { state: next, evaluation };
}

const reasons: Readonly<Record<Statistic, { readonly below: string; readonly above: string }>> = {
  jump: { below: 'sudden-drop', above: 'sudden-surge' },
  halfHour: { below: 'below-usual', above: 'above-usual' },
  hour: { below: 'below-usual', above: 'above-usual' },
  fourHours: { below: 'slow-drain', above: 'slow-rise' },
  unrest: { below: 'reconnect-storm', above: 'reconnect-storm' },
};

function describe(
  rule: ConnectedDevicesRule,
  draft: GaugeDraft,
  maintenance: readonly Span[],
  now: EpochMs,
): Evaluation {
  const reading = readingOf(draft);
  const settledAt = draft.judgedUntil - draft.grainMs;
  const base = {
    rule: rule.id,
    signal: 'connected-devices' as const,
    metric: connectedDevices.metric,
    settledAt,
    numbers: numbersOf(rule, draft, reading),
  };
  const { phase } = draft;
  if (phase.kind === 'breach')
    return {
      ...base,
      picture: gaugeChart(draft, rule.settings),
      verdict: 'breach',
      reason: reasons[phase.cause][phase.direction],
      severity: severityOf(phase, reading),
      sinceAt: phase.sinceAt,
    };
  if (draft.leak && draft.leak.endedAt === undefined)
    return {
      ...base,
      picture: gaugeChart(draft, rule.settings),
      verdict: 'breach',
      reason: 'slow-leak',
      severity: draft.leak.loss > 0.2 ? 'error' : 'warning',
      sinceAt: draft.leak.sinceAt,
    };
  const inMaintenance = maintenance.some((span) => now >= span.from && settledAt < span.to);
  const stale = now - draft.judgedUntil > STALE_MS;
  const young = draft.picture.knownDays === 0;
  const reason = inMaintenance
    ? 'maintenance'
    : stale
      ? 'stale'
      : reading === undefined
        ? 'no-usable-value'
        : young
          ? 'little-history'
          : 'as-usual';
  const judged = !inMaintenance && !stale && reading !== undefined;
  return { ...base, verdict: judged ? 'normal' : 'unknown', reason, severity: 'information' };
}

function numbersOf(rule: ConnectedDevicesRule, draft: GaugeDraft, reading: GaugeReading | undefined): Numbers {
  const confidence = Math.min(1, Math.max(0.1, draft.picture.knownDays / Math.min(14, DAYS_KEPT)));
  if (!reading) return { confidence };
  const { value, expected, residual } = reading;
  if (Number.isNaN(residual)) return { value, confidence };
  const { lower, upper } = bandAround(draft, rule.settings, expected);
  return { value, expected, lower, upper, ratio: expected === 0 ? 1 : value / expected, confidence };
}

/** By the share of the fleet that is gone (or too many), and by how long. */
function severityOf(
  phase: Extract<GaugeDraft['phase'], { kind: 'breach' }>,
  reading: GaugeReading | undefined,
): Severity {
  const share = 1 - Math.exp(-phase.peak);
  const lasting = reading ? phase.firedAt - phase.sinceAt : 0;
  if (phase.direction === 'above') return share > 0.5 ? 'error' : 'warning';
  if (share >= 0.5) return 'critical';
  return share >= 0.2 || (share >= 0.1 && lasting > 2 * 60 * MINUTE) ? 'error' : 'warning';
}

function unknown(rule: ConnectedDevicesRule, reason: string): Evaluation {
  return {
    rule: rule.id,
    signal: 'connected-devices',
    metric: connectedDevices.metric,
    verdict: 'unknown',
    reason,
    severity: 'information',
    numbers: {},
  };
}
