import * as z from 'zod';

// What the queues carry. It was written by this app, but perhaps by another version of it, so it is parsed like
// everything that comes from outside.

const hub = z.object({
  id: z.string(),
  name: z.string(),
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  region: z.string(),
  sku: z.string(),
  units: z.number(),
  tags: z.record(z.string(), z.string()),
  state: z.string(),
});

/** Evaluate these hubs; they are of one subscription and region, at most fifty. */
export const batchMessage = z.object({
  kind: z.literal('batch'),
  tickAt: z.number(),
  group: z.string(),
  /** Whether these are all hubs of the group, so that others in the records are gone. */
  whole: z.boolean(),
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
