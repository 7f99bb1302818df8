import { app } from '@azure/functions';
import { batchQueue, getHost } from '../src/app/wire.ts';

/** Reads and judges one batch of hubs. */
app.storageQueue('evaluate-batch', {
  queueName: batchQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const { app: hubwatch, now } = getHost();
    await hubwatch.evaluateBatch(message, now());
  },
});
