import { isSwitchedOff } from '../detection/hub-tags.ts';
import { rulesFor } from '../detection/resolve-rules.ts';
import { logSignals } from '../diagnosis/log-watch.ts';
import type { Hub } from '../hubs/hub.ts';
import { endUnwatched } from '../incidents/end-unwatched.ts';
import { nameOf, type Incident } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import type { BatchMessage } from './messages.ts';
import { hasGone } from './plan-batches.ts';
import { requestDelivery } from './request-delivery.ts';

/**
 * Ends the open incidents that nobody judges any more: their hub has gone, or their rule is switched off. What counts is
 * what is in force, and not what was judged in this round: a hub that cannot be read is still watched, and so is a rule
 * that is not due.
 */
export async function endUnwatchedIncidents(
  deps: Deps,
  batch: BatchMessage,
  live: Iterable<Versioned<Incident>>,
  now: EpochMs,
): Promise<readonly string[]> {
  const hubs = new Map(batch.hubs.map((hub) => [hub.id, hub]));
  const stored: Incident[] = [];
  for (const { value, version } of live) {
    if (value.status === 'resolved' || isWatched(deps, batch, hubs, value)) continue;
    const ended = endUnwatched(value, now);
    // Whoever has changed it meanwhile comes first: the next tick looks again.
    if ((await deps.stores.incidents.save(ended, version)) === 'stale') continue;
    stored.push(ended);
  }
  await requestDelivery(
    deps,
    stored.filter(({ grouping }) => grouping === 'settled'),
  );
  return stored.map(({ id, subject, signal }) => `${nameOf(subject)} ${signal} resolved ${id} (no-longer-watched)`);
}

function isWatched(
  deps: Deps,
  batch: BatchMessage,
  hubs: ReadonlyMap<string, Hub>,
  { subject, signal }: Incident,
): boolean {
  // What concerns the group as a whole lasts as long as there is a hub in it.
  if (subject.kind === 'hubs') return batch.hubs.length > 0;
  if (hasGone(batch, subject.hub.id)) return false;
  const hub = hubs.get(subject.hub.id);
  return hub === undefined || watchedSignals(deps, hub).has(signal);
}

function watchedSignals({ policies, azure }: Deps, hub: Hub): ReadonlySet<string> {
  const logs = azure.logs && policies.logSweepMs > 0 ? logSignals : [];
  const swept = logs.filter((signal) => !isSwitchedOff(hub.tags, signal));
  return new Set([...rulesFor(policies.rules, hub).map(({ id }) => id), ...swept]);
}
