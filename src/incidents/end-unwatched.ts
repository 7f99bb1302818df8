import type { EpochMs } from '../time/time.ts';
import { revised, type Incident, type Resolved } from './incident.ts';

/** Ends an incident that nobody judges any more. This is no recovery: whether the trouble is over is not known. */
export function endUnwatched(incident: Exclude<Incident, Resolved>, now: EpochMs): Resolved {
  const ended: Resolved = { ...incident, status: 'resolved', resolvedAt: now, endReason: 'no-longer-watched' };
  return revised(ended, now, { evaluation: { ...incident.evaluation, verdict: 'unknown' } }, { kind: 'unwatched' });
}
