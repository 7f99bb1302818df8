import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationalError } from '../../src/failure/operational-error.ts';
import type { Channel } from '../../src/notify/channel.ts';
import type { Messenger } from '../../src/notify/messenger.ts';
import { refusal, startConnector, type FakeConnector } from '../fixtures/fake-connector.ts';
import type { Answer } from '../fixtures/http-server.ts';
import { channelAt, message, messengerTo, refusalOf, thread } from '../fixtures/messenger.ts';

let teams: FakeConnector;
let messenger: Messenger;
beforeAll(async () => {
  teams = await startConnector();
  messenger = await messengerTo(teams.origin);
});
afterAll(() => teams.close());
beforeEach(() => {
  teams.reset();
});

const channel = (fields: Partial<Channel> = {}): Channel => channelAt(teams.serviceUrl, fields);

interface Refused {
  readonly when: string;
  readonly answer: Answer;
  readonly code: OperationalError['code'];
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}
const refusals: readonly Refused[] = [
  {
    when: '429 with Retry-After',
    answer: refusal(429, 'Throttled', { 'retry-after': '7' }),
    code: 'teams.throttled',
    retryable: true,
    retryAfterMs: 7_000,
  },
  {
    when: '429 with a Retry-After of hours',
    answer: refusal(429, 'Throttled', { 'retry-after': '86400' }),
    code: 'teams.throttled',
    retryable: true,
    retryAfterMs: 600_000,
  },
  {
    when: '429 with a date',
    answer: refusal(429, 'Throttled', {
      date: 'Tue, 10 Mar 2026 09:30:00 GMT',
      'retry-after': 'Tue, 10 Mar 2026 09:30:20 GMT',
    }),
    code: 'teams.throttled',
    retryable: true,
    retryAfterMs: 20_000,
  },
  {
    when: '429 with garbage',
    answer: refusal(429, 'Throttled', { 'retry-after': 'soon' }),
    code: 'teams.throttled',
    retryable: true,
  },
  { when: '429 without', answer: refusal(429), code: 'teams.throttled', retryable: true },
  { when: '412', answer: refusal(412, 'PreconditionFailed'), code: 'teams.unavailable', retryable: true },
  { when: '500', answer: refusal(500, 'ServiceError'), code: 'teams.unavailable', retryable: true },
  {
    when: '502 with a page',
    answer: { status: 502, body: '<html>raw</html>', headers: { 'content-type': 'text/html' } },
    code: 'teams.unavailable',
    retryable: true,
  },
  {
    when: '503 with Retry-After',
    answer: refusal(503, 'ServiceUnavailable', { 'retry-after': '3' }),
    code: 'teams.unavailable',
    retryable: true,
    retryAfterMs: 3_000,
  },
  { when: '504', answer: refusal(504), code: 'teams.unavailable', retryable: true },
  { when: '401', answer: refusal(401, 'Unauthorized'), code: 'teams.unavailable', retryable: true },
  {
    when: '403, bot removed',
    answer: refusal(403, 'BotNotInConversationRoster'),
    code: 'teams.gone',
    retryable: false,
  },
  { when: '403, whatever', answer: { status: 403, body: '' }, code: 'teams.gone', retryable: false },
  { when: '404, no conversation', answer: refusal(404, 'ConversationNotFound'), code: 'teams.gone', retryable: false },
  {
    when: '404, no message',
    answer: refusal(404, 'ActivityNotFoundInConversation'),
    code: 'teams.lost-card',
    retryable: false,
  },
  {
    when: '404 from something on the way',
    answer: { status: 404, body: '<html>raw</html>' },
    code: 'teams.unavailable',
    retryable: true,
  },
  { when: '413', answer: refusal(413, 'MessageSizeTooBig'), code: 'teams.rejected', retryable: false },
  { when: '400', answer: refusal(400, 'BadSyntax'), code: 'teams.rejected', retryable: false },
  { when: 'a broken connection', answer: 'drop', code: 'teams.unavailable', retryable: true },
  { when: 'no answer in time', answer: 'hang', code: 'teams.unavailable', retryable: true },
];

describe.each(refusals)('$when', ({ answer, code, retryable, retryAfterMs }) => {
  it.each(['post', 'update', 'reply'] as const)('to a %s is tried once, and classified', async (call) => {
    teams.always(() => answer);
    const work = call === 'post' ? messenger.post(channel(), message) : messenger[call](channel(), thread, message);
    const refused = await refusalOf(work);
    expect(refused).toMatchObject({ code, retryable, retryAfterMs });
    expect(`${refused.message} ${refused.hint}`).not.toMatch(/raw|html|Bearer|outbound-test/);
    expect(teams.calls).toHaveLength(1);
  });
});

describe('what Teams says about itself', () => {
  it('is shown only if it looks like a code', async () => {
    teams.always(() => refusal(403, 'Evil\n**[click](https://evil.example)**'));
    const { message: said } = await refusalOf(messenger.post(channel(), message));
    expect(said).toBe('Teams refuses messages to conversation 19:alerts@thread.tacv2 (403)');
  });

  it('is a refusal of the bot where its own token cannot be had', async () => {
    const error = Object.assign(new Error('AADSTS7000215: raw words'), { name: 'ServerError' });
    const mute = await messengerTo(teams.origin, error);
    const refused = await refusalOf(mute.post(channel(), message));
    expect(refused).toMatchObject({
      code: 'teams.unavailable',
      retryable: true,
      hint: expect.stringContaining('MicrosoftAppId') as string,
    });
    expect(refused.message).not.toContain('raw');
    expect(teams.calls).toEqual([]);
  });

  it('is nothing where nobody listens', async () => {
    const gone = await startConnector();
    await gone.close();
    const lonely = await messengerTo(gone.origin);
    expect(await refusalOf(lonely.post(channel({ serviceUrl: gone.serviceUrl }), message))).toMatchObject({
      code: 'teams.unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
      retryable: true,
    });
  });
});
