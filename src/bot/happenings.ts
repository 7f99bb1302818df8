import type { Happening } from '../cards/answer-card.ts';
import type { HubRef, Incident } from '../incidents/incident.ts';
import { DAY, type EpochMs } from '../time/time.ts';

/**
 * The hubs on which one of the families fires at `now` or did in the 24 hours before, firing ones first, then by how
 * lately. A family counts for an incident where it is the best explanation, or one that the evidence supports. What a
 * group of hubs speaks for is counted with the group, not again by itself.
 */
export function happeningsOf(
  incidents: readonly Incident[],
  families: readonly string[],
  now: EpochMs,
): readonly Happening[] {
  const byHub = new Map<string, Happening>();
  // An incident on its way to the history may be listed twice.
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  const isCounted = (incident: Incident | undefined): boolean => incident !== undefined && isOf(incident, families);
  for (const incident of byId.values()) {
    if (!isCounted(incident)) continue;
    if (incident.foldedInto && isCounted(byId.get(incident.foldedInto.id))) continue;
    for (const { hub, endedAt, spokenFor } of placesOf(incident)) {
      if (endedAt !== undefined && endedAt <= now - DAY) continue;
      const source = (spokenFor === undefined ? undefined : byId.get(spokenFor)) ?? incident;
      const one: Happening = {
        hub: hub.name,
        region: hub.region,
        firing: endedAt === undefined,
        at: endedAt ?? incident.beganAt,
        incidents: 1,
        errors: errorsOf(source, families),
      };
      const known = byHub.get(hub.id);
      byHub.set(hub.id, known ? together(known, one) : one);
    }
  }
  return [...byHub.values()].sort((a, b) => Number(b.firing) - Number(a.firing) || b.at - a.at);
}

function isOf({ diagnosis }: Incident, families: readonly string[]): boolean {
  return diagnosis.candidates.some(
    ({ family, confidence }, i) => families.includes(family) && (i === 0 || confidence !== 'possible'),
  );
}

interface Place {
  readonly hub: HubRef;
  /** When it was over for this hub; `undefined`: it is not. */
  readonly endedAt: EpochMs | undefined;
  /** The hub's own incident, if a group speaks for it. */
  readonly spokenFor?: string;
}

/** The hubs of an incident. A hub of a group may have recovered while the others still fail. */
function placesOf(incident: Incident): readonly Place[] {
  const endedAt = incident.status === 'resolved' ? incident.resolvedAt : undefined;
  const { subject } = incident;
  if (subject.kind === 'hub') return [{ hub: subject.hub, endedAt }];
  return subject.members.map(({ hub, incidentId, recoveredAt }) => ({
    hub,
    endedAt: recoveredAt ?? endedAt,
    ...(incidentId === undefined ? {} : { spokenFor: incidentId }),
  }));
}

/** Errors that the logs count for the families of one hub; for refused sends, what the metric counts. */
function errorsOf(
  { diagnosis, evaluation, signal, subject }: Incident,
  families: readonly string[],
): number | undefined {
  if (subject.kind !== 'hub') return undefined;
  if (diagnosis.logs.state === 'found') {
    const rows = diagnosis.logs.rows.filter(({ code }) => families.includes(`${code.slice(0, 3)}xxx`));
    if (rows.length > 0) return rows.reduce((sum, { count }) => sum + count, 0);
  }
  return signal === 'throttling' ? evaluation.numbers.total : undefined;
}

/** What two incidents of one hub come to: the state is that of the one that fires, or that ended last. */
function together(a: Happening, b: Happening): Happening {
  const newer = a.firing !== b.firing ? (a.firing ? a : b) : a.at >= b.at ? a : b;
  const errors = a.errors === undefined ? b.errors : a.errors + (b.errors ?? 0);
  return { ...newer, incidents: a.incidents + b.incidents, errors };
}
