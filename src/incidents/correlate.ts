import type { EpochMs } from '../time/time.ts';
import type { Incident } from './incident.ts';
import type { Correlated, Round } from './round.ts';
import { findStorms, followStorm, isStorm, mayBeFirst, type Fleet } from './storms.ts';
import { folded } from './fold.ts';
import { foldSideEffects, noteSymptoms, unfoldLeftovers } from './side-effects.ts';

/**
 * Which incidents belong together: side effects fold into their cause on the same hub, and incidents that begin
 * together on many hubs of one region or subscription become one. Pure: looks at the live incidents and says what has
 * to change.
 */
export function correlate(live: readonly Incident[], fleet: Fleet, now: EpochMs): readonly Correlated[] {
  const changes = new Map<string, Correlated>();
  const current = (incident: Incident): Incident => changes.get(incident.fingerprint)?.incident ?? incident;
  const change = (incident: Incident, kind: Correlated['kind']): void => {
    changes.set(incident.fingerprint, { incident, kind });
  };
  const round: Round = { live, now, current, change };

  foldSideEffects(round);
  for (const parent of live.filter(isStorm)) followStorm(parent, round);
  for (const storm of findStorms(live.map(current), fleet, now)) {
    change(storm.parent, 'parent-opened');
    for (const member of storm.members) change(folded(current(member), storm.parent.id, now), 'folded');
  }
  unfoldLeftovers(round);
  noteSymptoms(round);
  for (const incident of live) {
    const latest = current(incident);
    if (latest.grouping === 'waiting' && !latest.foldedInto && !mayBeFirst(latest, fleet, now))
      change({ ...latest, grouping: 'settled' }, 'settled');
  }
  return [...changes.values()];
}
