import type { Hub } from '../hubs/hub.ts';
import { groupOf } from '../incidents/incident.ts';
import type { EpochMs } from '../time/time.ts';
import type { BatchMessage } from './messages.ts';

/** Azure Monitor's batch endpoint takes at most this many resources. */
const batchSize = 50;
/** A queue message holds 64 KiB; some of it is left for what stands around the hubs. */
const maxBytes = 60_000;
/** Tags beyond this many characters are left out, ours last. */
const maxTagLength = 600;

/** Hubs cut into batches that one metrics call can read and one queue message holds: one subscription and region each. */
export function planBatches(hubs: readonly Hub[], tickAt: EpochMs): readonly BatchMessage[] {
  const groups = Map.groupBy(hubs, (hub) => groupOf(hub));
  return [...groups].flatMap(([group, members]) => {
    const unique = [...new Map(members.map((hub) => [hub.id, hub])).values()].toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    );
    const cut = inMessages(unique.map((hub) => ({ ...hub, tags: shortTags(hub.tags) })));
    return cut.map((some, i): BatchMessage => {
      const until = cut[i + 1]?.[0]?.id;
      const ids = { from: i === 0 ? '' : (some[0]?.id ?? ''), ...(until === undefined ? {} : { until }) };
      return { kind: 'batch', tickAt, group, ids, hubs: some };
    });
  });
}

/**
 * Batches without hubs, for groups of which none is left: there is nothing to read in them, but something to end.
 * @param groups that something is still known of
 */
export function planEmptied(
  groups: Iterable<string>,
  batches: readonly BatchMessage[],
  tickAt: EpochMs,
): readonly BatchMessage[] {
  const planned = new Set(batches.map(({ group }) => group));
  return [...new Set(groups)]
    .filter((group) => !planned.has(group))
    .map((group) => ({ kind: 'batch', tickAt, group, ids: { from: '' }, hubs: [] }));
}

/** Whether a hub of the batch's group would be in the batch if it still existed, and is not. */
export function hasGone({ ids: { from, until }, hubs }: BatchMessage, hubId: string): boolean {
  return hubId >= from && (until === undefined || hubId < until) && !hubs.some(({ id }) => id === hubId);
}

function inMessages(hubs: readonly Hub[]): readonly Hub[][] {
  const messages: Hub[][] = [];
  let bytes = 0;
  for (const hub of hubs) {
    // Messages are ASCII: any other character takes six.
    const size = JSON.stringify(hub).replace(/[^\x20-\x7e]/g, '\\u0000').length + 1;
    const last = messages.at(-1);
    if (last && last.length < batchSize && bytes + size <= maxBytes) last.push(hub);
    else {
      messages.push([hub]);
      bytes = 0;
    }
    bytes += size;
  }
  return messages;
}

function shortTags(tags: Hub['tags']): Record<string, string> {
  const ours = (name: string): number => (name.toLowerCase().startsWith('hubwatch') ? 0 : 1);
  let length = 0;
  return Object.fromEntries(
    Object.entries(tags)
      .toSorted(([a], [b]) => ours(a) - ours(b))
      .filter(([name, value]) => (length += name.length + value.length) <= maxTagLength),
  );
}
