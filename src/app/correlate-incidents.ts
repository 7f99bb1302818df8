import { correlate } from '../incidents/correlate.ts';
import type { Correlated } from '../incidents/round.ts';
import { mayBePlatform, type Fleet } from '../incidents/storms.ts';
import { nameOf, type Incident } from '../incidents/incident.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { requestDelivery } from './request-delivery.ts';

/**
 * Puts together what belongs together, and lets the rest go out. What another worker has changed meanwhile is left as it
 * is: this runs again with the next tick.
 */
export async function correlateIncidents(deps: Deps, now: EpochMs): Promise<readonly string[]> {
  const { incidents } = deps.stores;
  const live = await incidents.listLive();
  const pending =
    live.some(
      ({ value }) => value.grouping === 'waiting' || value.foldedInto !== undefined || value.subject.kind === 'hubs',
    ) ||
    mayBePlatform(
      live.map(({ value }) => value),
      now,
    );
  if (!pending) return [];
  const versions = new Map(live.map(({ value, version }) => [value.fingerprint, version]));
  const changes = correlate(
    live.map(({ value }) => value),
    await fleetOf(
      deps,
      live.map(({ value }) => value),
    ),
    now,
  );
  const stored: Correlated[] = [];
  const failedParents = new Set<string>();
  // Parents first: a member must not point to a parent that could not be stored.
  for (const change of changes.toSorted(
    (a, b) => Number(b.kind === 'parent-opened') - Number(a.kind === 'parent-opened'),
  )) {
    if (change.kind === 'folded' && failedParents.has(change.incident.foldedInto?.id ?? '')) continue;
    if (await store(deps, change, versions)) stored.push(change);
    else if (change.kind === 'parent-opened') failedParents.add(change.incident.id);
  }
  await requestDelivery(
    deps,
    stored.map(({ incident }) => incident),
  );
  return stored
    .filter(({ kind }) => kind !== 'settled')
    .map(({ kind, incident }) => `${kind} ${nameOf(incident.subject)} ${incident.signal} ${incident.id}`);
}

async function store(
  deps: Deps,
  { kind, incident }: Correlated,
  versions: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { incidents } = deps.stores;
  const version = versions.get(incident.fingerprint);
  if (kind !== 'parent-opened') return version !== undefined && (await incidents.save(incident, version)) === 'saved';
  if (version !== undefined) {
    // A storm of the same place and signal that is over, and not archived yet.
    const [old] = (await incidents.listLive(incident.group)).filter(
      ({ value }) => value.fingerprint === incident.fingerprint,
    );
    if (!old || old.value.status !== 'resolved' || (await incidents.archive(old)) === 'stale') return false;
  }
  return (await incidents.insert(incident)) === 'inserted';
}

/** Counting the fleet reads every hub's record, so it is done only when a storm may be on or beginning. */
async function fleetOf(deps: Deps, live: readonly Incident[]): Promise<Fleet> {
  if (live.length < 2 && !live.some(({ grouping }) => grouping === 'waiting'))
    return { byRegion: new Map(), bySubscription: new Map() };
  const hubs = (await deps.stores.hubs.listAll()).map(({ hub }) => hub);
  const count = (by: (hub: (typeof hubs)[number]) => string): Map<string, number> =>
    new Map([...Map.groupBy(hubs, by)].map(([key, members]) => [key, members.length]));
  return { byRegion: count(({ region }) => region), bySubscription: count(({ subscriptionId }) => subscriptionId) };
}
