import type { EpochMs } from '../time/time.ts';
import { revised, type Incident } from './incident.ts';

/** Folded in this very round: its parent may not be among the live ones yet. */
export function changesNow(incident: Incident, now: EpochMs): boolean {
  return incident.foldedInto?.at === now;
}

/** The incident on its own again. */
export function unfolded(incident: Incident, now: EpochMs): Incident {
  const { foldedInto: _foldedInto, ...alone } = incident;
  return revised(alone, now, { grouping: 'settled' }, { kind: 'unfolded' });
}

/** The incident with another one that speaks for it. */
export function folded(incident: Incident, id: string, now: EpochMs): Incident {
  return revised(incident, now, { grouping: 'settled', foldedInto: { id, at: now } }, { kind: 'folded', to: id });
}
