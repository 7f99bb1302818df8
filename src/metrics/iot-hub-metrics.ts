import type { MetricRequest } from './series.ts';

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
