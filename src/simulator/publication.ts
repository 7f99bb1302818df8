import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';
import { isDuring, type ScenarioHub } from './scenario.ts';
import type { Bin } from './bin.ts';
import { binLongAgo } from './long-ago.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { uniform, type World } from './world.ts';

/** Bins of counters hold this share of their events at first … */
const partialShare = 0.7;
/** … and all of them this long after their end. */
const completeAfterMs = 150 * SECOND;

/**
 * What a reader sees at `now` of the minute that starts at `at`: late, incomplete at first, revised, or nothing.
 * Azure publishes a bin 45 to 105 s after its end here; scenarios make that worse.
 */
export function publishedMinute(
  world: World,
  hub: ScenarioHub,
  metric: string,
  at: EpochMs,
  now: EpochMs,
): number | undefined {
  const { scenario } = world;
  const since = at - scenario.startsAt;
  const age = now - (at + MINUTE);
  let delay = 45 * SECOND + uniform(scenario.seed, hub.index, 90, at) * MINUTE;
  let share = 1;
  if (metricDefinitions.get(metric.toLowerCase())?.kind === 'count' && age < completeAfterMs) share = partialShare;
  for (const event of world.eventsOf(hub)) {
    if (!isDuring(event, since)) continue;
    if (event.kind === 'silent' && concernsMetric(event, metric)) return undefined;
    if (event.kind === 'deleted') return undefined;
    if (event.kind === 'late' && concernsMetric(event, metric)) delay = event.by;
    if (event.kind === 'revised' && concernsMetric(event, metric) && age < event.after) share = event.first;
  }
  if (age < delay) return undefined;
  const value = world.truth(hub, metric, at);
  return value === undefined ? undefined : Math.round(value * share * 100) / 100;
}

function concernsMetric(event: { readonly metrics?: readonly string[] | undefined }, metric: string): boolean {
  return !event.metrics || event.metrics.some((name) => name.toLowerCase() === metric.toLowerCase());
}

/** The minutes of [at, at + grain) folded into one bin; `undefined` if nothing of it can be read yet. */
export function publishedBin(
  world: World,
  hub: ScenarioHub,
  metric: string,
  at: EpochMs,
  grainMs: number,
  now: EpochMs,
): Bin | undefined {
  const old = binLongAgo(world.scenario, hub, metric, at, grainMs);
  if (old !== undefined) return old === 'nothing' ? undefined : old;
  let total = 0;
  let count = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let minute = at; minute < at + grainMs; minute += MINUTE) {
    const value = publishedMinute(world, hub, metric, minute, now);
    if (value === undefined) continue;
    total += value;
    count++;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  if (count === 0) return undefined;
  const isCount = metricDefinitions.get(metric.toLowerCase())?.kind === 'count';
  // Events are written as ones, so for them only the Total says anything.
  if (isCount) return { total, count, average: 1, minimum: 1, maximum: 1 };
  return { total, count, average: total / count, minimum, maximum };
}
