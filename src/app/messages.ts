import * as z from 'zod';
import { parseHubId, type Hub } from '../hubs/hub.ts';

// What the queues carry. It was written by this app, but perhaps by another version of it, so it is parsed like
// everything that comes from outside.

/** What a hub is called becomes part of hosts, paths, queries and command lines: nothing but a hub's own names passes. */
const hub = z
  .object({
    id: z.string(),
    name: z.string(),
    subscriptionId: z.string(),
    resourceGroup: z.string(),
    region: z.string().regex(/^[a-z0-9]+$/),
    sku: z.string(),
    units: z.number(),
    tags: z.record(z.string(), z.string()),
    state: z.string(),
  })
  .refine(isItself, 'the names of a hub are those in its id');

function isItself({
  id,
  name,
  subscriptionId,
  resourceGroup,
}: Pick<Hub, 'id' | 'name' | 'subscriptionId' | 'resourceGroup'>): boolean {
  const said = parseHubId(id);
  return (
    said?.id === id &&
    said.name === name.toLowerCase() &&
    said.subscriptionId === subscriptionId &&
    said.resourceGroup === resourceGroup.toLowerCase() &&
    /^[A-Za-z0-9-]+$/.test(name)
  );
}

/** Evaluate these hubs; they are of one subscription and region, at most fifty. */
export const batchMessage = z.object({
  kind: z.literal('batch'),
  tickAt: z.number(),
  group: z.string(),
  /** All hubs of the group whose ids are in [from, until) are in this batch: others in the records are gone. */
  ids: z.object({ from: z.string(), until: z.string().optional() }),
  hubs: z.array(hub).max(50),
});
export type BatchMessage = z.infer<typeof batchMessage>;

/** Bring one channel's card of one incident up to date. */
export const deliveryMessage = z.object({
  kind: z.literal('delivery'),
  incidentId: z.string(),
  channelId: z.string(),
  /** Sends of this that have failed so far. */
  attempt: z.number().int().min(0),
});
export type DeliveryMessage = z.infer<typeof deliveryMessage>;

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workspace'), workspaceId: z.guid() }),
  z.object({ kind: z.literal('subscription'), subscriptionId: z.guid() }),
]);

/** Look for the cause of an incident, put incidents together, or look through the logs of a scope. */
export const investigationMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('diagnose'), incidentId: z.string() }),
  z.object({ kind: z.literal('correlate') }),
  z.object({ kind: z.literal('sweep-logs'), scope, tickAt: z.number() }),
]);
export type InvestigationMessage = z.infer<typeof investigationMessage>;
