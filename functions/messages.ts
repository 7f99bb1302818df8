import { app } from '@azure/functions';
import { getHost } from '../src/app/wire.ts';

/** What Teams sends: messages, buttons, installations. The bot's own authentication guards it, not a function key. */
app.http('messages', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'messages',
  handler: (request) => {
    const { app: hubwatch, now } = getHost();
    return hubwatch.converse(request, now());
  },
});
