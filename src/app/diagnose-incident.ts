import { diagnose } from '../diagnosis/diagnose.ts';
import { cause, type Diagnosis } from '../diagnosis/diagnosis.ts';
import type { LogReading } from '../diagnosis/situation.ts';
import type { HubHealth } from '../hubs/health.ts';
import { revised, type HubRef, type Incident } from '../incidents/incident.ts';
import { HOUR, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { requestDelivery } from './request-delivery.ts';
import { isIn, scopeName, whyUnavailable } from './sweep-logs.ts';

/** Evidence is looked for when an incident opens and so long after it: logs come late, and causes show themselves. */
const lookAgainMs = [0, 2, 5, 10, 20, 40, 80, 160].map((minutes) => minutes * MINUTE);
/** What led to the trouble is logged a little before the metric shows it, and the more so if it came on slowly. */
const leadMs = 2 * MINUTE;
const gaugeLeadMs = 10 * MINUTE;
const slowLeadMs = 30 * MINUTE;
const longestWindowMs = HOUR;
const maxTries = 5;

/** Whether the incident's evidence should be looked for (again). */
export function isDiagnosisDue(incident: Incident, now: EpochMs): boolean {
  if (incident.status === 'resolved' || incident.subject.kind !== 'hub') return false;
  const reached = lookAgainMs.findLast((after) => now - incident.openedAt >= after);
  return (
    reached !== undefined && (incident.diagnosedAt === undefined || incident.diagnosedAt < incident.openedAt + reached)
  );
}

/** Looks for the cause of one incident: two log queries and one health read. What comes of it is an edit of its card. */
export async function diagnoseIncident(deps: Deps, id: string, now: EpochMs): Promise<void> {
  const found = await deps.stores.incidents.find(id);
  if (!found || found.archived || found.value.status === 'resolved' || found.value.subject.kind !== 'hub') return;
  const { hub } = found.value.subject;
  const record = (await deps.stores.hubs.listGroup(found.value.group)).find((each) => each.hub.id === hub.id);
  const window = windowOf(found.value, now);
  const [logs, health] = await Promise.all([readLogs(deps, hub, window, now), readHealth(deps, hub, now)]);

  let known = found;
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const incident = known.value;
    const diagnosis = diagnose({
      evaluation: incident.evaluation,
      beganAt: incident.beganAt,
      others: Object.values(record?.evaluations ?? {}).filter(({ signal }) => signal !== incident.signal),
      logs,
      health,
      hubState: record?.hub.state ?? 'Active',
      now,
    });
    const next = withDiagnosis(incident, diagnosis, now);
    if ((await deps.stores.incidents.save(next, known.version)) === 'saved') {
      deps.log('incident.diagnosed', {
        incident: id,
        hub: hub.name,
        at: now,
        cause: cause(diagnosis)?.code ?? cause(diagnosis)?.family ?? 'not established',
        candidates: diagnosis.candidates.map(
          ({ code, family, confidence, reason }) => `${code ?? family} ${confidence} (${reason})`,
        ),
        logs: diagnosis.logs.state,
        health: health?.state ?? 'unread',
      });
      if (next.revision > incident.revision) await requestDelivery(deps, [next]);
      return;
    }
    const again = await deps.stores.incidents.find(id);
    if (!again || again.archived || again.value.status === 'resolved') return;
    known = again;
  }
}

/** A new revision only for what a reader would notice: another cause, or evidence where there was none. */
function withDiagnosis(incident: Incident, diagnosis: Diagnosis, now: EpochMs): Incident {
  const named = (of: Diagnosis): string =>
    of.candidates.map(({ code, family, confidence }) => `${code ?? family}:${confidence}`).join(' ');
  const better = named(diagnosis) !== named(incident.diagnosis);
  const evidence = diagnosis.logs.state !== incident.diagnosis.logs.state;
  // Logs that cannot be read now do not take away what they said before.
  const kept =
    diagnosis.logs.state === 'unavailable' && incident.diagnosis.logs.state === 'found'
      ? incident.diagnosis
      : diagnosis;
  if (kept === incident.diagnosis || (!better && !evidence)) return { ...incident, diagnosis: kept, diagnosedAt: now };
  return revised(
    incident,
    now,
    { diagnosis, diagnosedAt: now },
    { kind: better ? 'family' : 'evidence', to: cause(diagnosis)?.code ?? cause(diagnosis)?.family ?? 'none' },
  );
}

/** The beginning of the trouble, which shows its cause; later records are mostly its effects. */
function windowOf({ beganAt, signal, evaluation }: Incident, now: EpochMs): Span {
  const slow = evaluation.reason.startsWith('slow-');
  const from = beganAt - (slow ? slowLeadMs : signal === 'connected-devices' ? gaugeLeadMs : leadMs);
  return { from, to: Math.min(now, from + longestWindowMs) };
}

async function readLogs(deps: Deps, hub: HubRef, window: Span, now: EpochMs): Promise<LogReading> {
  const { logs, logScopes } = deps.azure;
  if (!logs) return { state: 'unavailable', why: 'switched-off', readAt: now };
  try {
    const inspection = await logs.inspect(hub, window);
    const silent = inspection.window.length === 0 && inspection.before.length === 0;
    if (silent && !(await hasLogged(deps, hub, logScopes(hub))))
      return { state: 'unavailable', why: 'no-diagnostic-setting', readAt: now };
    return { state: 'read', window, readAt: now, inspection };
  } catch (error) {
    const why = whyUnavailable(error);
    deps.log('logs.unreadable', { hub: hub.name, why, ...errorFields(error) });
    return { state: 'unavailable', why, readAt: now };
  }
}

/** Whether the hub has been seen in the logs at all: a hub without a diagnostic setting never is. */
async function hasLogged(deps: Deps, hub: HubRef, scopes: ReturnType<Deps['azure']['logScopes']>): Promise<boolean> {
  for (const scope of scopes) {
    if (!isIn(hub, scope)) continue;
    const record = await deps.stores.logs.read(scopeName(scope));
    if (record?.hubs[hub.id]) return true;
  }
  return false;
}

async function readHealth(deps: Deps, hub: HubRef, now: EpochMs): Promise<HubHealth | undefined> {
  try {
    return await deps.azure.health.readHealth(hub, now);
  } catch (error) {
    deps.log('health.unread', { hub: hub.name, ...errorFields(error) });
    return undefined;
  }
}
