import { IotHubClient } from '@azure/arm-iothub';
import * as z from 'zod';
import { OperationalError } from '../failure/operational-error.ts';
import { parseHubId, type Hub, type HubInventory } from '../hubs/hub.ts';
import type { AzureConnection } from './connection.ts';
import { tickBudget, withinBudget, type Budget } from './budget.ts';
import { azureFailure } from './failures.ts';

const hubSchema = z.object({
  id: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.unknown()).nullish(),
  sku: z.object({ name: z.string(), capacity: z.number().nullish() }).nullish(),
  properties: z.object({ state: z.string().nullish() }).nullish(),
});
const quotaSchema = z.object({ name: z.string(), maxValue: z.number().nullish() });

/** Hubs and their quota from Azure Resource Manager. @see https://learn.microsoft.com/rest/api/iothub/iot-hub-resource */
export function azureInventory(connection: AzureConnection, budget: Budget = tickBudget): HubInventory {
  const clients = new Map<string, IotHubClient>();
  function client(subscriptionId: string): IotHubClient {
    let found = clients.get(subscriptionId);
    if (!found) {
      found = new IotHubClient(connection.credential, subscriptionId, connection.clientOptions);
      clients.set(subscriptionId, found);
    }
    return found;
  }

  return {
    listHubs: (subscriptionId, signal) => {
      const what = `the list of IoT hubs in subscription ${subscriptionId}`;
      return withinBudget(
        budget,
        (error) => azureFailure(error, what, 'Reader'),
        async (timeout) => {
          const hubs: Hub[] = [];
          const abortSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
          for await (const item of client(subscriptionId).iotHubResource.listBySubscription({ abortSignal })) {
            const hub = toHub(item);
            if (hub) hubs.push(hub);
          }
          return hubs;
        },
      );
    },
    readQuota: (hub, now, signal) =>
      withinBudget(
        budget,
        (error) => azureFailure(error, `the quota of ${hub.name}`, 'Reader'),
        async (timeout) => {
          let messagesPerDay: number | undefined;
          let devices: number | undefined;
          const abortSignal = signal ? AbortSignal.any([signal, timeout]) : timeout;
          for await (const item of client(hub.subscriptionId).iotHubResource.listQuotaMetrics(
            hub.resourceGroup,
            hub.name,
            { abortSignal },
          )) {
            const metric = quotaSchema.safeParse(item);
            if (!metric.success || typeof metric.data.maxValue !== 'number' || metric.data.maxValue <= 0) continue;
            if (metric.data.name === 'TotalMessages') messagesPerDay = metric.data.maxValue;
            if (metric.data.name === 'TotalDeviceCount') devices = metric.data.maxValue;
          }
          if (messagesPerDay === undefined)
            throw new OperationalError(
              'azure.malformed',
              `Azure's answer to the quota of ${hub.name} names no daily limit`,
              {
                hint: 'The quota of this hub is not watched until it does.',
              },
            );
          return { messagesPerDay, devices, readAt: now };
        },
      ),
  };
}

function toHub(item: unknown): Hub | undefined {
  const parsed = hubSchema.safeParse(item);
  const id = parsed.success ? parseHubId(parsed.data.id) : undefined;
  if (!parsed.success || !id) return undefined;
  const { location, tags, sku, properties } = parsed.data;
  const region = location.toLowerCase().replace(/[^a-z0-9]/g, '');
  // Hubs are read by region: without one, nothing of them can be.
  if (region === '') return undefined;
  const texts = Object.entries(tags ?? {}).filter((tag): tag is [string, string] => typeof tag[1] === 'string');
  return {
    ...id,
    region,
    sku: sku?.name ?? 'unknown',
    units: sku?.capacity ?? 1,
    tags: Object.fromEntries(texts),
    state: properties?.state ?? 'Active',
  };
}
