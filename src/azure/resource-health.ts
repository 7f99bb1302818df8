import * as z from 'zod';
import type { HealthSource } from '../hubs/health.ts';
import { armReader } from './arm.ts';
import { tickBudget, type Budget } from './budget.ts';
import type { AzureConnection } from './connection.ts';

const statusSchema = z.object({
  properties: z.object({
    availabilityState: z.string().nullish(),
    summary: z.string().nullish(),
    reasonType: z.string().nullish(),
    context: z.string().nullish(),
    /** Spelt so by Azure. */
    occuredTime: z.string().nullish(),
  }),
});

const states = { available: 'available', degraded: 'degraded', unavailable: 'unavailable' } as const;

/** Azure Resource Health of single hubs. */
export function azureHealth(connection: AzureConnection, budget: Budget = tickBudget): HealthSource {
  const arm = armReader(connection, budget);
  return {
    readHealth: async (hub, now) => {
      const path = `${hub.id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current?api-version=2025-05-01`;
      const { properties } = statusSchema.parse(await arm.get(path, `the health of ${hub.name}`));
      const state = properties.availabilityState?.toLowerCase() ?? '';
      const since = Date.parse(properties.occuredTime ?? '');
      return {
        state: Object.hasOwn(states, state) ? states[state as keyof typeof states] : 'unknown',
        summary: properties.summary?.slice(0, 1_000) ?? '',
        reasonType: `${properties.reasonType ?? ''} ${properties.context ?? ''}`.trim().slice(0, 200),
        since: Number.isNaN(since) ? undefined : since,
        readAt: now,
      };
    },
  };
}
