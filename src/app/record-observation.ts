import type { Incident } from '../incidents/incident.ts';
import { observe, type Observation, type Observed } from '../incidents/observe.ts';
import type { Versioned } from '../incidents/store.ts';
import { SECOND, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { requestDelivery } from './request-delivery.ts';

/** How often a change is tried again when somebody else has changed the incident in between. */
const maxTries = 5;
/** New incidents wait this long for others of the same storm, and for their evidence, before a card goes out. */
const gatherMs = 30 * SECOND;
/** At most so many of the incidents that one batch opens are looked into at once: in a storm they are alike. */
const maxDiagnosedAtOnce = 10;

/** What came of one or more observations, for the log and for {@link openingWork}. */
export interface Recorded {
  readonly decisions: readonly string[];
  readonly opened: readonly Incident[];
}

/**
 * Applies an observation to the live incident of its fingerprint and stores what comes of it; a change is then sent on
 * its way to the channels. The stored revision is the decision to notify: if the process dies before the queue has the
 * message, the next tick's sweep finds cards that are behind.
 */
export async function recordObservation(
  deps: Deps,
  current: Versioned<Incident> | undefined,
  observation: Observation,
  now: EpochMs,
): Promise<Observed> {
  let known = current;
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const observed = observe(known?.value, observation, now, deps.policies.lifecycle);
    if (observed.kind === 'unchanged') return observed;
    if (await store(deps, known, observed)) {
      if (observed.incident.grouping === 'settled') await requestDelivery(deps, [observed.incident]);
      return observed;
    }
    known = await reload(deps, observed.incident);
  }
  throw new Error(`incident of ${observation.evaluation.signal} kept changing while it was being saved`);
}

/** What has to happen to incidents that have just opened: their evidence is looked for, then they are put together. */
export async function openingWork(deps: Deps, opened: readonly Incident[]): Promise<void> {
  if (opened.length === 0) return;
  for (const incident of opened.filter(({ subject }) => subject.kind === 'hub').slice(0, maxDiagnosedAtOnce))
    await deps.queues.investigation({ kind: 'diagnose', incidentId: incident.id });
  await deps.queues.investigation({ kind: 'correlate' }, gatherMs);
}

async function store(
  deps: Deps,
  known: Versioned<Incident> | undefined,
  observed: Exclude<Observed, { kind: 'unchanged' }>,
): Promise<boolean> {
  const { incidents } = deps.stores;
  if (observed.kind !== 'opened')
    return known !== undefined && (await incidents.save(observed.incident, known.version)) === 'saved';
  if (observed.replaces && known && (await incidents.archive(known)) === 'stale') return false;
  return (await incidents.insert(observed.incident)) === 'inserted';
}

async function reload(deps: Deps, { group, fingerprint }: Incident): Promise<Versioned<Incident> | undefined> {
  return (await deps.stores.incidents.listLive(group)).find(({ value }) => value.fingerprint === fingerprint);
}
