import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import { metricDefinitions } from './metric-definitions.ts';
import type { Bin } from './bin.ts';
import type { Scenario, ScenarioHub } from './scenario.ts';
import { noise, swing } from './world.ts';

/**
 * Bins of months of history, of which only the usual level matters: computed at once instead of from minutes, since a
 * first look at a hub asks for thousands of them. `undefined` where the minutes have to be played: fine bins, the day
 * before the scenario, and the scenario itself.
 */
export function binLongAgo(
  scenario: Scenario,
  hub: ScenarioHub,
  metric: string,
  at: EpochMs,
  grainMs: number,
): Bin | 'nothing' | undefined {
  if (grainMs < 5 * MINUTE || grainMs > HOUR || at + grainMs > floorTo(scenario.startsAt, DAY) - DAY) return undefined;
  const value = levelAt(scenario, hub, metric, at, grainMs);
  if (value === undefined) return 'nothing';
  const minutes = grainMs / MINUTE;
  const isCount = metricDefinitions.get(metric.toLowerCase())?.kind === 'count';
  return isCount
    ? { total: Math.round(value * minutes), count: Math.round(value * minutes), average: 1, minimum: 1, maximum: 1 }
    : { total: value * minutes, count: minutes, average: value, minimum: value, maximum: value };
}

/** Per minute for counters, at the end of the bin for the day's use, the mean for gauges. */
function levelAt(
  scenario: Scenario,
  hub: ScenarioHub,
  metric: string,
  at: EpochMs,
  grainMs: number,
): number | undefined {
  const middle = at + grainMs / 2;
  const wobble = (stream: number): number => noise(scenario.seed, hub.index, stream, at) / Math.sqrt(grainMs / MINUTE);
  switch (metric) {
    case 'connectedDeviceCount': {
      const renewing = hub.renewal ? (hub.renewal.share * MINUTE) / hub.renewal.every : 0;
      return Math.max(
        0,
        hub.connected * swing(hub.presence, middle) * (1 - renewing) * (1 + hub.noise * 0.3 * wobble(1)),
      );
    }
    case 'd2c.telemetry.ingress.allProtocol':
    case 'd2c.telemetry.ingress.success':
      return Math.max(0, hub.sendsPerMinute * swing(hub.season, middle) * (1 + hub.noise * wobble(2)));
    case 'dailyMessageQuotaUsed': {
      const midnight = floorTo(at, DAY);
      let used = 0;
      for (let hour = midnight; hour < at + grainMs; hour += HOUR)
        used +=
          (Math.min(HOUR, at + grainMs - hour) / MINUTE) * hub.sendsPerMinute * swing(hub.season, hour + HOUR / 2);
      return Math.round(used);
    }
    case 'd2c.telemetry.ingress.sendThrottle':
      return hub.index % 2 === 1 ? undefined : 0;
    case 'totalDeviceCount':
      return hub.devices;
    default:
      return undefined;
  }
}
