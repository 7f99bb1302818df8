import type { Operation } from '../hubs/limits.ts';
import type { MetricName, MetricRequest } from './series.ts';

/**
 * The IoT Hub metrics that the shipped rules read, each with its only meaningful aggregation: event counts are written
 * as ones, so only their Total says anything; snapshots cannot be summed.
 * @see https://learn.microsoft.com/azure/iot-hub/monitor-iot-hub-reference
 */
export const sendThrottle = { metric: 'd2c.telemetry.ingress.sendThrottle', aggregation: 'total' } as const;
export const sendAttempts = { metric: 'd2c.telemetry.ingress.allProtocol', aggregation: 'total' } as const;
export const sendsAccepted = { metric: 'd2c.telemetry.ingress.success', aggregation: 'total' } as const;
export const quotaUsed = { metric: 'dailyMessageQuotaUsed', aggregation: 'maximum' } as const;
export const connectedDevices = { metric: 'connectedDeviceCount', aggregation: 'average' } as const;

export const coreMetrics: readonly MetricRequest[] = [
  sendThrottle,
  sendAttempts,
  sendsAccepted,
  quotaUsed,
  connectedDevices,
];

/** The counters of one operation that has a rate of its own. */
export interface OperationMetrics {
  /** Calls that were answered, and calls that were not: refused ones are asked for too. */
  readonly calls: readonly [MetricName, ...MetricName[]];
  /** Payload, and how much of it counts as one call. */
  readonly bytes?: { readonly metric: MetricName; readonly perCall: number };
}

/**
 * Registry operations, cloud-to-device sends, jobs and file uploads have rates too, but nothing counts them all.
 * @see https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling
 */
export const operationMetrics: Readonly<Record<Operation, OperationMetrics>> = {
  'twin-reads': {
    calls: ['c2d.twin.read.success', 'c2d.twin.read.failure', 'd2c.twin.read.success', 'd2c.twin.read.failure'],
  },
  'twin-updates': {
    calls: ['c2d.twin.update.success', 'c2d.twin.update.failure', 'd2c.twin.update.success', 'd2c.twin.update.failure'],
  },
  'direct-methods': {
    calls: ['c2d.methods.success', 'c2d.methods.failure'],
    bytes: { metric: 'c2d.methods.requestSize', perCall: 4_096 },
  },
  'twin-queries': { calls: ['twinQueries.success', 'twinQueries.failure'] },
};
