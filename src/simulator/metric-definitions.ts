/**
 * The metrics that Azure Monitor offers for an IoT hub, as the stand-in knows them: snapshots have no Total, event
 * counts are meaningful as Total only.
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-devices-iothubs-metrics
 */
export type MetricKind = 'snapshot' | 'count' | 'latency' | 'bytes';

const counts = `
c2d.commands.egress.complete.success c2d.commands.egress.abandon.success c2d.commands.egress.reject.success
C2DMessagesExpired c2d.methods.success c2d.methods.failure c2d.twin.read.success c2d.twin.read.failure
c2d.twin.update.success c2d.twin.update.failure d2c.twin.read.success d2c.twin.read.failure d2c.twin.update.success
d2c.twin.update.failure twinQueries.success twinQueries.failure jobs.createTwinUpdateJob.success
jobs.createTwinUpdateJob.failure jobs.createDirectMethodJob.success jobs.createDirectMethodJob.failure
jobs.listJobs.success jobs.listJobs.failure jobs.cancelJob.success jobs.cancelJob.failure jobs.queryJobs.success
jobs.queryJobs.failure jobs.completed jobs.failed configurations d2c.telemetry.ingress.sendThrottle
d2c.telemetry.ingress.allProtocol d2c.telemetry.ingress.success d2c.telemetry.egress.success
d2c.telemetry.egress.fallback d2c.telemetry.egress.invalid d2c.telemetry.egress.orphaned d2c.telemetry.egress.dropped
d2c.endpoints.egress.builtIn.events d2c.endpoints.egress.eventHubs d2c.endpoints.egress.serviceBusQueues
d2c.endpoints.egress.serviceBusTopics d2c.endpoints.egress.storage d2c.endpoints.egress.storage.blobs RoutingDeliveries
EventGridDeliveries`;
const snapshots = 'dailyMessageQuotaUsed connectedDeviceCount totalDeviceCount';
const latencies = `
d2c.endpoints.latency.builtIn.events d2c.endpoints.latency.eventHubs d2c.endpoints.latency.serviceBusQueues
d2c.endpoints.latency.serviceBusTopics d2c.endpoints.latency.storage RoutingDeliveryLatency EventGridLatency`;
const bytes = `
c2d.methods.requestSize c2d.methods.responseSize c2d.twin.read.size c2d.twin.update.size d2c.twin.read.size
d2c.twin.update.size twinQueries.resultSize d2c.endpoints.egress.storage.bytes RoutingDataSizeInBytesDelivered
deviceDataUsage deviceDataUsageV2`;

const all: readonly [MetricKind, string][] = [
  ['count', counts],
  ['snapshot', snapshots],
  ['latency', latencies],
  ['bytes', bytes],
];

/** By lower-case REST name: how it is spelt and what kind it is. */
export const metricDefinitions: ReadonlyMap<string, { readonly name: string; readonly kind: MetricKind }> = new Map(
  all.flatMap(([kind, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name.toLowerCase(), { name, kind }] as const),
  ),
);
