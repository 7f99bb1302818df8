import type { Incident } from '../incidents/incident.ts';
import { receivesAlerts } from '../notify/channel.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';

/** Asks for the incidents' cards in every channel that receives alerts to be brought up to date. */
export async function requestDelivery(deps: Deps, incidents: readonly Incident[]): Promise<void> {
  if (incidents.length === 0) return;
  const channels = (await deps.stores.channels.list()).filter((channel) => receivesAlerts(channel));
  for (const { id: incidentId } of incidents)
    for (const { id: channelId } of channels)
      try {
        await deps.queues.delivery({ kind: 'delivery', incidentId, channelId, attempt: 0 });
      } catch (error) {
        // The incident is stored, so nothing is lost: the sweep of a later tick asks again.
        deps.log('delivery.not-queued', { incident: incidentId, channel: channelId, ...errorFields(error) });
      }
}
