import type { LogScope, LogSource } from '../diagnosis/log-source.ts';
import type { HealthSource } from '../hubs/health.ts';
import type { Hub, HubInventory } from '../hubs/hub.ts';
import type { MetricSource } from '../metrics/series.ts';
import { tickBudget, type Budget } from './budget.ts';
import type { AzureConnection } from './connection.ts';
import { azureInventory } from './inventory.ts';
import { azureLogs } from './logs.ts';
import { azureLogQueries, azureMetrics } from './monitor-query.ts';
import { azureHealth } from './resource-health.ts';
import { listSubscriptions } from './subscriptions.ts';

/** Where logs are read: nowhere, in the named workspaces, or per subscription (which needs no workspace id). */
export type LogAccess =
  | { readonly kind: 'off' }
  | { readonly kind: 'workspaces'; readonly ids: readonly string[] }
  | { readonly kind: 'subscriptions' };

/** Everything that is read from Azure, over one connection. */
export function azureReaders(connection: AzureConnection, logs: LogAccess, budget: Budget = tickBudget) {
  return {
    metrics: azureMetrics(connection, budget) satisfies MetricSource,
    inventory: azureInventory(connection, budget) satisfies HubInventory,
    health: azureHealth(connection, budget) satisfies HealthSource,
    logs: logs.kind === 'off' ? undefined : (azureLogs(azureLogQueries(connection, budget)) satisfies LogSource),
    logScopes: ({ subscriptionId }: Pick<Hub, 'subscriptionId'>): readonly LogScope[] => {
      switch (logs.kind) {
        case 'off':
          return [];
        case 'workspaces':
          return logs.ids.map((workspaceId) => ({ kind: 'workspace', workspaceId }));
        case 'subscriptions':
          return [{ kind: 'subscription', subscriptionId }];
      }
    },
    listSubscriptions: () => listSubscriptions(connection, budget),
  };
}
