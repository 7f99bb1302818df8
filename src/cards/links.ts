import type { Subject } from '../incidents/incident.ts';
import { parseHubId } from '../hubs/hub.ts';

/** Where a hub is looked at. `{hubId}` in the template stands for its ARM id. */
export interface LinkTemplates {
  /** The portal's page of a resource. @see https://learn.microsoft.com/azure/azure-portal/ */
  readonly portal: string;
}

export const defaultLinks: LinkTemplates = { portal: 'https://portal.azure.com/#resource{hubId}/metrics' };

/** The portal's page of the hub; several hubs get the list of hubs. */
export function portalLink(subject: Subject, templates: LinkTemplates = defaultLinks): string {
  const id = subject.kind === 'hub' ? parseHubId(subject.hub.id)?.id : undefined;
  return id
    ? templates.portal.replace('{hubId}', encodeURI(id))
    : 'https://portal.azure.com/#browse/Microsoft.Devices%2FIotHubs';
}
