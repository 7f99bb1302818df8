import { app } from '@azure/functions';
import { getHost, investigationQueue } from '../src/app/wire.ts';

/** Looks for causes: evidence for one incident, incidents that belong together, errors that only the logs show. */
app.storageQueue('investigate', {
  queueName: investigationQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const { app: hubwatch, now } = getHost();
    await hubwatch.investigate(message, now());
  },
});
