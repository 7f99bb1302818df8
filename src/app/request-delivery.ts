import type { Incident } from '../incidents/incident.ts';
import { receivesAlerts } from '../notify/channel.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';

/** Asks for the incident's card in every channel that receives alerts to be brought up to date. */
export async function requestDelivery(deps: Deps, incident: Incident): Promise<void> {
  const channels = (await deps.stores.channels.list()).filter((channel) => receivesAlerts(channel));
  for (const channel of channels) {
    try {
      await deps.queues.delivery({ kind: 'delivery', incidentId: incident.id, channelId: channel.id, attempt: 0 });
    } catch (error) {
      // The incident is stored, so nothing is lost: the sweep of a later tick asks again.
      deps.log('delivery.not-queued', { incident: incident.id, channel: channel.id, ...errorFields(error) });
    }
  }
}
