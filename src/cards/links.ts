import { parseHubId } from '../hubs/hub.ts';
import type { Subject } from '../incidents/incident.ts';

/** The portal's page of the hub's metrics; several hubs get the list of hubs. */
export function portalLink(subject: Subject): string {
  const id = subject.kind === 'hub' ? parseHubId(subject.hub.id)?.id : undefined;
  return id
    ? `https://portal.azure.com/#resource${encodeURI(id)}/metrics`
    : 'https://portal.azure.com/#browse/Microsoft.Devices%2FIotHubs';
}
