import type { EpochMs } from '../time/time.ts';
import { withEvent, type Incident, type Resolved } from './incident.ts';

/** Ends an incident that nobody judges any more. This is no recovery: whether the trouble is over is not known. */
export function endUnwatched(incident: Exclude<Incident, Resolved>, now: EpochMs): Resolved {
  return {
    ...incident,
    status: 'resolved',
    resolvedAt: now,
    endReason: 'no-longer-watched',
    revision: incident.revision + 1,
    updatedAt: now,
    evaluation: { ...incident.evaluation, verdict: 'unknown' },
    events: withEvent(incident.events, { at: now, kind: 'unwatched' }),
  };
}
