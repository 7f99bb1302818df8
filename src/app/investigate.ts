import type { EpochMs } from '../time/time.ts';
import { MINUTE } from '../time/time.ts';
import { correlateIncidents } from './correlate-incidents.ts';
import type { Deps } from './deps.ts';
import { diagnoseIncident } from './diagnose-incident.ts';
import type { InvestigationMessage } from './messages.ts';
import { sweepLogs } from './sweep-logs.ts';

/** A sweep that has waited longer than this is left to a newer one. */
const staleAfterMs = 10 * MINUTE;

/** Looks for causes: of one incident, of what incidents have in common, or in the logs of a scope. */
export async function investigate(deps: Deps, message: InvestigationMessage, now: EpochMs): Promise<void> {
  switch (message.kind) {
    case 'diagnose':
      await diagnoseIncident(deps, message.incidentId, now);
      return;
    case 'correlate': {
      const decisions = await correlateIncidents(deps, now);
      if (decisions.length > 0) deps.log('incidents.correlated', { at: now, decisions });
      return;
    }
    case 'sweep-logs':
      if (now - message.tickAt <= staleAfterMs) await sweepLogs(deps, message.scope, now);
  }
}
