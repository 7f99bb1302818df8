import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/bot/inbound.ts';
import { anActivity, execute, mentioning, places, type Place, type RawActivity } from '../fixtures/activities.ts';
import { startDoor, type TestDoor } from '../fixtures/door.ts';
import { refusal } from '../fixtures/fake-connector.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.close());
beforeEach(() => {
  door.reset();
});

const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x' }] };
const adaptiveCard = 'application/vnd.microsoft.card.adaptive';
const words: Reply = { kind: 'words', text: 'No *such* <incident>' };
const replacing: Reply = { kind: 'card', card, summary: 'a card', placement: 'replace' };
const below: Reply = { kind: 'card', card, summary: 'a card', placement: 'below' };
const nothing: Reply = { kind: 'nothing' };

async function answered(reply: Reply, fields: RawActivity, place: Place = 'channel') {
  door.reply(reply);
  const response = await door.say(anActivity(door.teams.serviceUrl, place, fields));
  return { response, calls: door.teams.calls };
}
const button = execute('acknowledge', { incident: 'K7Q2M9A' });

describe('the answer to a message goes into its thread', () => {
  it.each(['channel', 'group', 'personal'] as const)('words in a %s, not read as Markdown', async (place) => {
    const { response, calls } = await answered(words, mentioning('ack X'), place);
    expect(response).toEqual({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(calls).toMatchObject([
      {
        kind: 'reply',
        conversationId: places[place].conversation.id,
        activityId: '1773135000099',
        authorization: 'Bearer outbound-test',
        activity: { type: 'message', text: 'No *such* <incident>', textFormat: 'plain' },
      },
    ]);
  });

  it.each([replacing, below])('a card with nothing beside it: $placement', async (reply) => {
    const { calls } = await answered(reply, mentioning('explain 429001'));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.activity).toMatchObject({
      summary: 'a card',
      attachments: [{ contentType: adaptiveCard, content: card }],
    });
    expect(calls[0]?.activity).not.toHaveProperty('text');
  });

  it('and where there is nothing to say, nothing is said', async () => {
    const { response, calls } = await answered(nothing, { type: 'installationUpdate', action: 'remove' });
    expect(response.status).toBe(200);
    expect(calls).toEqual([]);
  });

  it('is what a button of a client without Universal Actions gets', async () => {
    const value = { verb: 'acknowledge', incident: 'K7Q2M9A' };
    const { response, calls } = await answered(replacing, { text: undefined, value });
    expect(response.jsonBody).toBeUndefined();
    expect(calls).toMatchObject([{ kind: 'reply', activity: { attachments: [{ content: card }] } }]);
  });
});

describe('the answer to a button', () => {
  it.each([
    ['a card takes its place', replacing, adaptiveCard, card],
    ['words are a message bar', words, 'application/vnd.microsoft.activity.message', 'No *such* <incident>'],
    ['nothing is said to be done', nothing, 'application/vnd.microsoft.activity.message', 'OK'],
  ] as const)('%s', async (_, reply, type, value) => {
    const { response, calls } = await answered(reply, button);
    expect(response).toMatchObject({ status: 200, jsonBody: { statusCode: 200, type, value } });
    expect(calls).toEqual([]);
  });

  it('can be a card below, and then says so in the bar', async () => {
    const { response, calls } = await answered(below, button);
    expect(response).toMatchObject({ status: 200, jsonBody: { statusCode: 200, value: 'a card' } });
    expect(calls).toMatchObject([{ kind: 'reply', activity: { attachments: [{ content: card }] } }]);
  });

  it.each([undefined, null, {}, [], 'x', { action: {} }])('is polite to garbage: %j', async (value) => {
    const fields = { type: 'invoke', name: 'adaptiveCard/action', value };
    expect((await answered(words, fields)).response).toMatchObject({ status: 200, jsonBody: { statusCode: 200 } });
  });
});

describe('the answer to a search', () => {
  const search = { type: 'invoke', name: 'composeExtension/query', value: { parameters: [] } };
  it('is a list of cards, each with its preview', async () => {
    const reply: Reply = { kind: 'results', results: [{ title: '429001', text: 'Throttled', card }] };
    const { response, calls } = await answered(reply, search, 'personal');
    expect(response.jsonBody).toEqual({
      composeExtension: {
        type: 'result',
        attachmentLayout: 'list',
        attachments: [
          {
            contentType: adaptiveCard,
            content: card,
            preview: {
              contentType: 'application/vnd.microsoft.card.thumbnail',
              content: { title: '429001', text: 'Throttled' },
            },
          },
        ],
      },
    });
    expect(calls).toEqual([]);
  });

  it.each([words, nothing, replacing])('is an empty list if there is anything else to say: $kind', async (reply) => {
    const { response } = await answered(reply, search, 'personal');
    expect(response).toMatchObject({ status: 200, jsonBody: { composeExtension: { attachments: [] } } });
  });
});

describe('when Teams does not take the answer', () => {
  it.each([
    ['500', refusal(500)],
    ['503 with a pause of an hour', refusal(503, 'ServiceUnavailable', { 'retry-after': '3600' })],
    ['429 with a pause of an hour', refusal(429, 'Throttled', { 'retry-after': '3600' })],
    ['a broken connection', 'drop'],
    ['no answer', 'hang'],
  ] as const)('it is sent once, and the turn ends: %s', async (_, answer) => {
    door.teams.always(() => answer);
    const { response } = await answered(words, mentioning('help'));
    expect(response).toMatchObject({ status: 500, jsonBody: { error: { code: 'InternalError' } } });
    expect(door.teams.calls).toHaveLength(1);
  });

  it('a button still gets its answer when the card below it cannot be posted', async () => {
    door.teams.always(() => refusal(500));
    const { response } = await answered(below, button);
    expect(response).toMatchObject({ status: 200, jsonBody: { statusCode: 200 } });
    expect(door.reported).toMatchObject([{ where: 'turn' }]);
  });
});
