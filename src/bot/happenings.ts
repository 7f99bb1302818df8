import type { Happening } from '../cards/answer-card.ts';
import type { HubRef, Incident } from '../incidents/incident.ts';
import { DAY, type EpochMs } from '../time/time.ts';

/**
 * The hubs on which one of the families fires at `now` or did in the 24 hours before, firing ones first, then by how
 * lately. A family counts for an incident where it is the best explanation, or one that the evidence supports.
 */
export function happeningsOf(
  incidents: readonly Incident[],
  families: readonly string[],
  now: EpochMs,
): readonly Happening[] {
  const byHub = new Map<string, Happening>();
  // An incident on its way to the history may be listed twice.
  const distinct = new Map(incidents.map((incident) => [incident.id, incident]));
  for (const incident of distinct.values()) {
    const endedAt = incident.status === 'resolved' ? incident.resolvedAt : undefined;
    if ((endedAt !== undefined && endedAt <= now - DAY) || !isOf(incident, families)) continue;
    const errors = errorsOf(incident, families);
    for (const hub of hubsOf(incident)) {
      const known = byHub.get(hub.id);
      const one: Happening = {
        hub: hub.name,
        region: hub.region,
        firing: endedAt === undefined,
        at: endedAt ?? incident.beganAt,
        incidents: 1,
        errors,
      };
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

function hubsOf({ subject }: Incident): readonly HubRef[] {
  return subject.kind === 'hub' ? [subject.hub] : subject.members;
}

/** Errors that the logs count for the families; for refused sends, what the metric counts. */
function errorsOf(
  { diagnosis, evaluation, signal, subject }: Incident,
  families: readonly string[],
): number | undefined {
  if (subject.kind !== 'hub') return undefined;
  if (diagnosis.evidence.state === 'found') {
    const rows = diagnosis.evidence.rows.filter(({ code }) => families.includes(`${code.slice(0, 3)}xxx`));
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
