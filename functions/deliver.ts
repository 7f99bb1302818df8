import { app } from '@azure/functions';
import { deliveryQueue, getHost } from '../src/app/wire.ts';

/** Brings one channel's card of one incident up to date. */
app.storageQueue('deliver', {
  queueName: deliveryQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const { app: hubwatch, now } = getHost();
    await hubwatch.deliver(message, now());
  },
});
