import type { EpochMs } from '../time/time.ts';
import type { Silence } from './silence.ts';
import { withEvent, type Acknowledged, type Incident, type Person, type Resolved } from './incident.ts';

/** What a person's command did. `unchanged` is no error: the card as it stands is the answer. */
export type Outcome =
  | { readonly kind: 'changed'; readonly incident: Incident }
  | { readonly kind: 'unchanged'; readonly incident: Incident; readonly reason: Unchanged };
export type Unchanged = 'already-acknowledged' | 'already-resolved' | 'already-silenced';

/** Takes the incident over. The first one wins; the second is told who it was. */
export function acknowledge(incident: Incident, by: Person, now: EpochMs): Outcome {
  switch (incident.status) {
    case 'resolved':
      return { kind: 'unchanged', incident, reason: 'already-resolved' };
    case 'acknowledged':
      return { kind: 'unchanged', incident, reason: 'already-acknowledged' };
    case 'firing': {
      const acknowledged: Acknowledged = {
        ...incident,
        status: 'acknowledged',
        acknowledgedBy: by,
        acknowledgedAt: now,
        revision: incident.revision + 1,
        updatedAt: now,
        events: withEvent(incident.events, { at: now, kind: 'acknowledged', by }),
      };
      return { kind: 'changed', incident: acknowledged };
    }
  }
}

/** Closes the incident by hand; the same breach will not open it again. */
export function resolve(incident: Incident, by: Person, now: EpochMs): Outcome {
  if (incident.status === 'resolved') return { kind: 'unchanged', incident, reason: 'already-resolved' };
  const resolved: Resolved = {
    ...incident,
    status: 'resolved',
    resolvedAt: now,
    resolvedBy: by,
    revision: incident.revision + 1,
    updatedAt: now,
    events: withEvent(incident.events, { at: now, kind: 'resolved', by }),
  };
  return { kind: 'changed', incident: resolved };
}

/** Tells of a snooze on the incident's cards, once for each. */
export function snoozed(incident: Incident, snooze: Silence, now: EpochMs): Outcome {
  if (incident.status === 'resolved') return { kind: 'unchanged', incident, reason: 'already-resolved' };
  const told = incident.events.some(({ kind, at }) => kind === 'silenced' && at >= snooze.from);
  if (told) return { kind: 'unchanged', incident, reason: 'already-silenced' };
  return { kind: 'changed', incident: noteSilence(incident, 'silenced', now, snooze.by) };
}

/** A silence over the incident has begun or ended: nothing of it changes but what its cards show. */
export function noteSilence(incident: Incident, kind: 'silenced' | 'unsilenced', now: EpochMs, by?: Person): Incident {
  return {
    ...incident,
    revision: incident.revision + 1,
    updatedAt: now,
    events: withEvent(incident.events, { at: now, kind, ...(by ? { by } : {}) }),
  };
}
