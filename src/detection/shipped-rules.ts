import type { z } from 'zod';
import type { metricRuleSchema } from './rules.ts';

/**
 * Metrics that point to an error family, watched without being asked for. What a rules file says under the same name
 * adjusts them.
 */
export const shippedMetricRules: Readonly<Record<string, z.infer<typeof metricRuleSchema>>> = {
  'method-failures': { metric: 'c2d.methods.failure', aggregation: 'total', direction: 'up', floor: 5 },
  'device-twin-read-failures': { metric: 'd2c.twin.read.failure', aggregation: 'total', direction: 'up', floor: 5 },
  'device-twin-update-failures': {
    metric: 'd2c.twin.update.failure',
    aggregation: 'total',
    direction: 'up',
    floor: 5,
  },
  'twin-read-failures': { metric: 'c2d.twin.read.failure', aggregation: 'total', direction: 'up', floor: 5 },
  'twin-update-failures': { metric: 'c2d.twin.update.failure', aggregation: 'total', direction: 'up', floor: 5 },
  'twin-query-failures': { metric: 'twinQueries.failure', aggregation: 'total', direction: 'up', floor: 5 },
  'messages-dropped': { metric: 'd2c.telemetry.egress.dropped', aggregation: 'total', direction: 'up', floor: 5 },
  'messages-orphaned': { metric: 'd2c.telemetry.egress.orphaned', aggregation: 'total', direction: 'up', floor: 5 },
  'messages-incompatible': { metric: 'd2c.telemetry.egress.invalid', aggregation: 'total', direction: 'up', floor: 5 },
  'routing-latency': { metric: 'RoutingDeliveryLatency', aggregation: 'average', direction: 'up', floor: 1_000 },
  'commands-expired': { metric: 'C2DMessagesExpired', aggregation: 'total', direction: 'up', floor: 5 },
  'commands-rejected': {
    metric: 'c2d.commands.egress.reject.success',
    aggregation: 'total',
    direction: 'up',
    floor: 5,
  },
  'jobs-failed': { metric: 'jobs.failed', aggregation: 'total', direction: 'up', floor: 1 },
};
