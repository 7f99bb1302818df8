import type { Hub } from '../hubs/hub.ts';
import { groupOf } from '../incidents/incident.ts';
import type { EpochMs } from '../time/time.ts';
import type { BatchMessage } from './messages.ts';

/** Azure Monitor's batch endpoint takes at most this many resources. */
const batchSize = 50;
/** A queue message holds 64 kB: tags beyond this many characters are left out, ours last. */
const maxTagLength = 600;

/** Hubs cut into batches that one metrics call can read: one subscription and region each. */
export function planBatches(hubs: readonly Hub[], tickAt: EpochMs): readonly BatchMessage[] {
  const groups = Map.groupBy(hubs, (hub) => groupOf(hub));
  return [...groups].flatMap(([group, members]) => {
    const batches: BatchMessage[] = [];
    for (let i = 0; i < members.length; i += batchSize)
      batches.push({
        kind: 'batch',
        tickAt,
        group,
        whole: members.length <= batchSize,
        hubs: members.slice(i, i + batchSize).map((hub) => ({ ...hub, tags: shortTags(hub.tags) })),
      });
    return batches;
  });
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
