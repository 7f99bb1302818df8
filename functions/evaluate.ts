import { app } from '@azure/functions';
import { getHost } from '../src/app/wire.ts';

/** Every minute unless EVALUATION_SCHEDULE says otherwise: finds the hubs and queues them in batches. */
app.timer('evaluate', {
  schedule: process.env['EVALUATION_SCHEDULE'] ?? '0 * * * * *',
  handler: async () => {
    const { app: hubwatch, now } = getHost();
    await hubwatch.evaluate(now());
  },
});
