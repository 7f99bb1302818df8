import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import { learnRule } from '../detection/learn-rule.ts';
import type { Rule } from '../detection/rule.ts';
import type { Hub } from '../hubs/hub.ts';
import { connectedDevices, quotaUsed, sendAttempts, sendsAccepted, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import type { HubReading, MetricSource, Series } from '../metrics/series.ts';
import { DAY, MINUTE, floorTo, type EpochMs } from '../time/time.ts';

/** All that Azure Monitor keeps, in bins coarse enough for one answer: the seasons are learned from it. */
const seasonMs = 93 * DAY;
const seasonGrainMs = 15 * MINUTE;
/** Whether refused sends are usual needs fine bins, and only a week of them. */
const burstMs = 7 * DAY;
const burstGrainMs = 5 * MINUTE;
/** One answer holds some 27,000 points per hub. */
const hubsPerRead = 5;

/** What Azure knows of the past of some hubs of one group, by hub id; hubs that could not be read are left out. */
export async function readHistory(
  metrics: MetricSource,
  hubs: readonly Hub[],
  now: EpochMs,
): Promise<ReadonlyMap<string, readonly Series[]>> {
  const to = floorTo(now, seasonGrainMs);
  const found = new Map<string, readonly Series[]>();
  for (let i = 0; i < hubs.length; i += hubsPerRead) {
    const some = hubs.slice(i, i + hubsPerRead);
    const [seasons, bursts] = await Promise.all([
      metrics.read({
        hubs: some,
        metrics: [connectedDevices, sendsAccepted, quotaUsed],
        span: { from: to - seasonMs, to },
        grainMs: seasonGrainMs,
      }),
      metrics.read({
        hubs: some,
        metrics: [sendThrottle, sendAttempts],
        span: { from: to - burstMs, to },
        grainMs: burstGrainMs,
      }),
    ]);
    for (const hub of some) {
      const series = [seriesOf(seasons, hub), seriesOf(bursts, hub)];
      if (series.every((each) => each !== undefined)) found.set(hub.id, series.flat());
    }
  }
  return found;
}

function seriesOf(readings: readonly HubReading[], hub: Hub): readonly Series[] | undefined {
  const reading = readings.find(({ hubId }) => hubId === hub.id);
  return reading && 'series' in reading ? reading.series : undefined;
}

/** The states of a hub's rules after its history. */
export function learnHub(
  rules: readonly Rule[],
  hub: HubFacts,
  history: readonly Series[],
  now: EpochMs,
): ReadonlyMap<string, DetectorState> {
  const bursts = history.filter(({ grainMs }) => grainMs === burstGrainMs);
  const seasons = history.filter(({ grainMs }) => grainMs === seasonGrainMs);
  return new Map(
    rules.flatMap((rule): [string, DetectorState][] => {
      if (rule.detector === 'metric') return [];
      const series = rule.detector === 'throttling' ? bursts : seasons;
      const state = learnRule({ rule, hub, series, maintenance: [] }, now);
      return state ? [[rule.id, state]] : [];
    }),
  );
}
