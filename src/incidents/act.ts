import type { EpochMs } from '../time/time.ts';
import type { Silence } from './silence.ts';
import { revised, type Acknowledged, type Incident, type Person, type Resolved } from './incident.ts';

/** What a person's command did. `unchanged` is no error: the incident as it stands says who was first, or how it ended. */
export type Outcome =
  | { readonly kind: 'changed'; readonly incident: Incident }
  | { readonly kind: 'unchanged'; readonly incident: Incident };

/** Takes the incident over. The first one wins; the second is told who it was. */
export function acknowledge(incident: Incident, by: Person, now: EpochMs): Outcome {
  switch (incident.status) {
    case 'resolved':
    case 'acknowledged':
      return { kind: 'unchanged', incident };
    case 'firing': {
      const taken: Acknowledged = { ...incident, status: 'acknowledged', acknowledgedBy: by, acknowledgedAt: now };
      return { kind: 'changed', incident: revised(taken, now, {}, { kind: 'acknowledged', by }) };
    }
  }
}

/** Closes the incident by hand; the same breach will not open it again. */
export function resolve(incident: Incident, by: Person, now: EpochMs): Outcome {
  if (incident.status === 'resolved') return { kind: 'unchanged', incident };
  const closed: Resolved = { ...incident, status: 'resolved', resolvedAt: now, resolvedBy: by };
  return { kind: 'changed', incident: revised(closed, now, {}, { kind: 'resolved', by }) };
}

/** Tells of a snooze on the incident's cards, once for each. */
export function snoozed(incident: Incident, snooze: Silence, now: EpochMs): Outcome {
  if (incident.status === 'resolved') return { kind: 'unchanged', incident };
  const told = incident.events.some(({ kind, at }) => kind === 'silenced' && at >= snooze.from);
  if (told) return { kind: 'unchanged', incident };
  return { kind: 'changed', incident: noteSilence(incident, 'silenced', now, snooze.by) };
}

/** A silence over the incident has begun or ended: nothing of it changes but what its cards show. */
export function noteSilence(incident: Incident, kind: 'silenced' | 'unsilenced', now: EpochMs, by?: Person): Incident {
  return revised(incident, now, {}, { kind, ...(by ? { by } : {}) });
}
