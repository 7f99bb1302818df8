import { connectedDevices, quotaUsed } from '../metrics/iot-hub-metrics.ts';
import type { Point } from '../metrics/series.ts';
import type { EpochMs } from '../time/time.ts';
import { SLOT_MS } from './seasonal-picture.ts';
import type { MetricPoints } from './settled-bins.ts';

/**
 * Bins longer than a slot of the season (a quarter of an hour, an hour), as slots: a gauge holds its value, a count of
 * events is shared out evenly; the day's count is what it is. Bins that have not settled as a whole are left out. Finer
 * series come back as they are.
 */
export function inSlotsIfCoarse(series: MetricPoints, settleMs: number, now: EpochMs): MetricPoints {
  const { metric, grainMs, points } = series;
  if (grainMs <= SLOT_MS || metric === quotaUsed.metric) return series;
  const slots = grainMs / SLOT_MS;
  const share = metric === connectedDevices.metric ? 1 : 1 / slots;
  const finer: Point[] = [];
  for (const { at, value } of points) {
    if (!(at + grainMs + settleMs <= now)) continue;
    for (let start = at; start < at + grainMs; start += SLOT_MS)
      finer.push({ at: start, value: value === null ? null : value * share });
  }
  return { metric, grainMs: SLOT_MS, points: finer };
}
