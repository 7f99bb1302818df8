import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/notify/channel.ts';
import type { Messenger } from '../../src/notify/messenger.ts';
import { startConnector, type FakeConnector } from '../fixtures/fake-connector.ts';
import type { Answer } from '../fixtures/http-server.ts';
import { card, channelAt, message, messengerTo, refusalOf, thread } from '../fixtures/messenger.ts';

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
const group = (): Channel => channel({ id: '19:group@thread.v2', kind: 'group' });
const personal = (): Channel => channel({ id: 'a:1olivia/x+y=', kind: 'personal' });

describe('what is sent', () => {
  it('is a new post in a channel, with the bot, the tenant and one card and nothing beside it', async () => {
    expect(await messenger.post(channel(), message)).toEqual(thread);
    expect(teams.calls).toHaveLength(1);
    expect(teams.calls[0]).toMatchObject({ kind: 'create', authorization: 'Bearer outbound-test' });
    expect(teams.calls[0]?.seen.body).toEqual({
      isGroup: true,
      bot: { id: '28:bot', name: '' },
      tenantId: channel().tenantId,
      channelData: { channel: { id: '19:alerts@thread.tacv2' } },
      activity: {
        type: 'message',
        summary: 'hub-a is throttled',
        importance: 'high',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
      },
    });
  });

  it.each([
    { kind: 'group', to: group },
    { kind: 'personal', to: personal },
  ])('is a message in a $kind chat', async ({ to }) => {
    const ref = await messenger.post(to(), { card, summary: 'calm' });
    expect(ref).toEqual({ conversationId: to().id, activityId: thread.activityId });
    expect(teams.calls).toMatchObject([{ kind: 'send', conversationId: to().id, activity: { summary: 'calm' } }]);
    expect(teams.calls[0]?.activity).not.toHaveProperty('importance');
  });

  it('is an edit of the message with the same id, for everybody', async () => {
    const ref = await messenger.post(channel(), message);
    await messenger.update(channel(), ref, { card: { ...card, body: [] }, summary: 'over' });
    expect(teams.calls.at(-1)).toMatchObject({
      kind: 'update',
      ...ref,
      activity: { id: ref.activityId, summary: 'over' },
    });
    expect(teams.messages.size).toBe(1);
  });

  it('is a reply of plain words in the thread of the card', async () => {
    await messenger.reply(channel(), thread, { summary: 'still *firing*' });
    expect(teams.calls).toMatchObject([
      {
        kind: 'send',
        conversationId: thread.conversationId,
        activity: { text: 'still *firing*', textFormat: 'plain' },
      },
    ]);
  });

  it('goes nowhere but to Teams: the address of a conversation is data', async () => {
    const foreign = channel({ serviceUrl: 'https://smba.trafficmanager.net.evil.example/' });
    const refused = await refusalOf(messenger.post(foreign, message));
    expect(refused).toMatchObject({ code: 'teams.gone', retryable: false });
    expect(teams.calls).toEqual([]);
  });
});

describe('an answer without an id', () => {
  it.each([
    [
      'the activity id is missing but stands in the conversation id',
      { status: 201, body: { id: 'c;messageid=77' } },
      '77',
    ],
    ['200', { status: 200, body: { id: 'c;messageid=78', activityId: '78' } }, '78'],
  ] satisfies [string, Answer, string][])('%s: the message is known', async (_, answer, activityId) => {
    teams.script(answer);
    expect(await messenger.post(channel(), message)).toMatchObject({ activityId });
  });

  it.each([
    { answer: { status: 201, body: {} }, to: channel },
    { answer: { status: 202, body: '' }, to: channel },
    { answer: { status: 201, body: { id: '' } }, to: group },
    { answer: { status: 201, body: { id: 5, activityId: {} } }, to: channel },
    { answer: { status: 201, body: { id: ['x'] } }, to: personal },
    { answer: { status: 200, body: [] }, to: channel },
    { answer: { status: 200, body: '{"id":' }, to: channel },
    { answer: { status: 202, body: '' }, to: personal },
  ])('$answer.status: the message may stand there, and nobody can edit it', async ({ answer, to }) => {
    teams.script(answer);
    expect(await refusalOf(messenger.post(to(), message))).toMatchObject({
      code: 'teams.unavailable',
      retryable: true,
    });
    expect(teams.calls).toHaveLength(1);
  });
});

describe('the size of a message', () => {
  it.each([
    { text: 'x'.repeat(39_000), fits: true },
    { text: 'x'.repeat(40_000), fits: false },
    { text: '🔥'.repeat(20_000), fits: false },
  ])('is counted as Teams counts it, before anything is sent: $fits', async ({ text, fits }) => {
    const work = messenger.post(channel(), { card: { type: 'AdaptiveCard', text }, summary: 'large' });
    if (fits) await expect(work).resolves.toHaveProperty('activityId');
    else expect(await refusalOf(work)).toMatchObject({ code: 'teams.rejected', retryable: false });
    expect(teams.calls).toHaveLength(fits ? 1 : 0);
  });
});
