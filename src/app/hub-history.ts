import type { RecordedHub, RecordedPoint } from '../backtest/recording.ts';
import type { Hub } from '../hubs/hub.ts';
import { coreMetrics } from '../metrics/iot-hub-metrics.ts';
import { DAY, MINUTE, floorTo, type EpochMs, type Span } from '../time/time.ts';
import type { AzureReaders } from './deps.ts';

/** Bins of history: fine enough to judge by, coarse enough to read weeks of them. */
const grainMs = 5 * MINUTE;
/** History does not say when a bin became readable; this is usual. */
const publishedAfterMs = 2 * MINUTE;
const perRead = 7 * DAY;

/**
 * Read before the days that are told, so that these are judged by a hub that is known. Production learns from 93 days
 * (learn-hub.ts); two weeks hold every weekday twice, and
 * all 93 days would take three times as long: longer than somebody waits for an answer in chat.
 */
export const learningDays = 14;

/** What Azure Monitor still has of one hub, as a recording. @throws {OperationalError} as the readers do */
export async function readHubHistory(
  azure: Pick<AzureReaders, 'metrics' | 'inventory'>,
  hub: Hub,
  { from, to }: Span,
  now: EpochMs,
): Promise<{ readonly hub: RecordedHub; readonly points: readonly RecordedPoint[] }> {
  const quota = await azure.inventory.readQuota(hub, now);
  const points: RecordedPoint[] = [];
  for (let start = floorTo(from, grainMs); start < to; start += perRead) {
    const span = { from: start, to: Math.min(floorTo(to, grainMs), start + perRead) };
    if (span.to <= span.from) break;
    const [reading] = await azure.metrics.read({ hubs: [hub], metrics: coreMetrics, span, grainMs });
    if (!reading) continue;
    if ('failure' in reading) throw reading.failure;
    for (const { metric, points: bins } of reading.series)
      for (const { at, value } of bins)
        points.push({ hub: hub.name, metric, at, value, readableAt: at + grainMs + publishedAfterMs });
  }
  points.sort((a, b) => a.readableAt - b.readableAt);
  const { id, name, tags, region, sku, units } = hub;
  return {
    hub: { hub: name, id, tags, region, sku, units, quotaPerDay: quota.messagesPerDay, grainMs, maintenance: [] },
    points,
  };
}
