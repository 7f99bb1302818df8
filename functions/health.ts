import { app } from '@azure/functions';
import { getHost } from '../src/app/wire.ts';

/** Whether Hubwatch sees its hubs and can speak; 503 if not. Codes only, so that a probe needs no key. */
app.http('health', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'health',
  handler: () => {
    const { app: hubwatch, now } = getHost();
    return hubwatch.health(now());
  },
});
