import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import { learnRule } from '../detection/learn-rule.ts';
import { isSlow, type Rule } from '../detection/rule.ts';
import type { Hub } from '../hubs/hub.ts';
import { connectedDevices, quotaUsed, sendAttempts, sendsAccepted, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import type { HubReading, MetricRequest, MetricSource, Point, Series } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs, type Span } from '../time/time.ts';

/** All that Azure Monitor keeps: the devices' seasons are learned from it, from hours at first and from finer bins lately. */
const seasonMs = 93 * DAY;
const lateMs = 15 * DAY;
const seasonGrainMs = 15 * MINUTE;
/** Whether refused sends are usual needs fine bins, and only a few days of them. */
const burstMs = 3 * DAY;
const burstGrainMs = 5 * MINUTE;
/** One answer holds some 8,000 points per hub. */
const hubsPerRead = 10;

/** What Azure knows of the past of some hubs of one group, by hub id; hubs that could not be read are left out. */
export async function readHistory(
  metrics: MetricSource,
  hubs: readonly Hub[],
  now: EpochMs,
): Promise<ReadonlyMap<string, readonly Series[]>> {
  const to = floorTo(now, HOUR);
  const found = new Map<string, readonly Series[]>();
  for (let i = 0; i < hubs.length; i += hubsPerRead) {
    const some = hubs.slice(i, i + hubsPerRead);
    const read = (asked: readonly MetricRequest[], from: EpochMs, until: EpochMs, grainMs: number) =>
      metrics.read({ hubs: some, metrics: asked, span: { from, to: until }, grainMs });
    const [early, late, bursts] = await Promise.all([
      read([connectedDevices], to - seasonMs, to - lateMs, HOUR),
      read([connectedDevices, sendsAccepted, quotaUsed], to - lateMs, to, seasonGrainMs),
      read([sendThrottle, sendAttempts], to - burstMs, to, burstGrainMs),
    ]);
    for (const hub of some) {
      const [hours, quarters, fives] = [early, late, bursts].map((readings) => seriesOf(readings, hub));
      if (hours && quarters && fives)
        found.set(hub.id, [...quarters.map((series) => joined(hours.find(isOf(series)), series)), ...fives]);
    }
  }
  return found;
}

const isOf =
  ({ metric }: Series) =>
  (other: Series): boolean =>
    other.metric === metric;

/** Hours of a gauge cut into quarters, before the quarters that were read: it runs straight from middle to middle. */
function joined(hours: Series | undefined, quarters: Series): Series {
  if (!hours) return quarters;
  const parts = HOUR / seasonGrainMs;
  const points = hours.points.flatMap(({ at, value }, i): Point[] => {
    const before = i === 0 ? undefined : hours.points[i - 1]?.value;
    const after = hours.points[i + 1]?.value;
    return Array.from({ length: parts }, (_, part): Point => {
      const start = at + part * seasonGrainMs;
      if (value === null) return { at: start, value };
      const aside = (part + 0.5) / parts - 0.5;
      const neighbour = (aside < 0 ? before : after) ?? value;
      return { at: start, value: value + (neighbour - value) * Math.abs(aside) };
    });
  });
  return { ...quarters, points: [...points, ...quarters.points] };
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
  maintenance: readonly Span[],
  now: EpochMs,
): ReadonlyMap<string, DetectorState> {
  const bursts = history.filter(({ grainMs }) => grainMs === burstGrainMs);
  const seasons = history.filter(({ grainMs }) => grainMs === seasonGrainMs);
  return new Map(
    rules.flatMap((rule): [string, DetectorState][] => {
      if (isSlow(rule)) return [];
      const series = rule.detector === 'throttling' ? bursts : seasons;
      const state = learnRule({ rule, hub, series, maintenance }, now);
      return state ? [[rule.id, state]] : [];
    }),
  );
}
