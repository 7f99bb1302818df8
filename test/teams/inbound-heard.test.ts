import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Inbound } from '../../src/bot/inbound.ts';
import {
  anActivity,
  bot,
  channelId,
  execute,
  mentioning,
  olivia,
  places,
  pressed,
  teamId,
  type Place,
  type RawActivity,
} from '../fixtures/activities.ts';
import { tenantId } from '../fixtures/domain.ts';
import { startDoor, type TestDoor } from '../fixtures/door.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.close());
beforeEach(() => {
  door.reset();
});

/** What the app hears of an activity. */
async function heard(fields: RawActivity, place: Place = 'channel'): Promise<Inbound> {
  const response = await door.say(anActivity(door.teams.serviceUrl, place, fields));
  expect(response.status).toBe(200);
  expect(door.handled).toHaveLength(1);
  return door.handled[0] as Inbound;
}

describe('where it was said, and by whom', () => {
  it.each([
    { place: 'channel', id: channelId, more: { teamId } },
    { place: 'group', id: '19:group@thread.v2', more: {} },
    { place: 'personal', id: 'a:1olivia', more: {} },
  ] as const)(
    'in a $place: the conversation without the message, and how to answer there',
    async ({ place, id, more }) => {
      expect(await heard({ text: 'help' }, place)).toEqual({
        kind: 'text',
        text: 'help',
        conversation: { id, kind: place, tenantId, serviceUrl: door.teams.serviceUrl, botId: bot.id, ...more },
        from: { id: olivia.aadObjectId, name: olivia.name },
        locale: 'en-GB',
      });
    },
  );

  it.each([
    ['no Entra id', { from: { id: '29:guest', name: 'Guest' } }, { id: '29:guest', name: 'Guest' }],
    ['no name', { from: { id: '29:guest' } }, { id: '29:guest', name: 'someone' }],
    ['nobody', { from: undefined }, { id: '', name: 'someone' }],
    ['nulls', { from: { id: '29:g', name: null, aadObjectId: null } }, { id: '29:g', name: 'someone' }],
  ] satisfies [string, RawActivity, unknown][])('%s', async (_, fields, from) => {
    expect(await heard({ text: 'help', ...fields })).toMatchObject({ kind: 'text', from });
  });

  it('goes by the channel data where Teams does not say what kind it is', async () => {
    const { conversation, channelData } = places.channel;
    const plain = { conversation: { id: conversation.id, tenantId }, channelData };
    expect(await heard({ text: 'help', ...plain })).toMatchObject({ conversation: { id: channelId, kind: 'channel' } });
  });
});

describe('a message', () => {
  it.each([
    ['the mention of the bot is not part of it', mentioning('ack  K7Q2M9A'), 'ack  K7Q2M9A'],
    ['nor twice', { ...mentioning('status'), text: '<at>Hubwatch</at> status <at>Hubwatch</at>' }, 'status'],
    ['nor a name with markup', { text: '<at>Hub &amp; "watch"</at> status' }, 'status'],
    ['nor with attributes', { text: '<at id="0">Hubwatch</at>&nbsp;status' }, 'status'],
    ['nor other people', { text: 'ack K7Q2M9A <at>Adèle</at>' }, 'ack K7Q2M9A'],
    [
      'a mention without tags, as clients write it',
      { text: '@Hubwatch status', entities: [{ type: 'mention', mentioned: bot, text: '@Hubwatch' }] },
      'status',
    ],
    [
      'entities are characters',
      { text: '&lt;a&gt; &amp;amp; &quot;x&quot; &#39;y&#39;&nbsp;z\u00a0!' },
      `<a> &amp; "x" 'y' z !`,
    ],
    ['lines stay lines', { text: 'explain\r\n429001' }, 'explain\r\n429001'],
    ['no text is an empty one', { text: undefined }, ''],
    ['null is an empty one', { text: null }, ''],
    ['a text beats a value', { text: 'help', value: { verb: 'show', incident: 'AAAAAAA' } }, 'help'],
  ] satisfies [string, RawActivity, string][])('%s', async (_, fields, text) => {
    expect(await heard(fields)).toMatchObject({ kind: 'text', text });
  });

  it.each([
    ['entities that are null', { entities: null }],
    ['an entity without a type', { entities: [{}] }],
    ['an entity that is none', { entities: ['mention', null, 7] }],
    ['a mention of nobody', { entities: [{ type: 'mention' }] }],
    ['a mention without text', { entities: [{ type: 'mention', mentioned: bot }] }],
    ['entities that are no list', { entities: 'mention' }],
    ['no recipient', { recipient: undefined }],
    ['times that are none', { timestamp: 'soon', localTimestamp: 7, expiration: {} }],
  ] satisfies [string, RawActivity][])('is understood with %s', async (_, fields) => {
    expect(await heard({ text: 'undefined help', ...fields })).toMatchObject({ kind: 'text', text: 'undefined help' });
  });

  it('does not take its time over tags that never close', async () => {
    const said = await heard({ text: '<at'.repeat(80_000) });
    expect(said.kind).toBe('text');
  });
});

describe('a button', () => {
  it.each([
    ['acknowledge', execute('acknowledge', { incident: 'K7Q2M9A' }), { verb: 'acknowledge', incident: 'K7Q2M9A' }],
    [
      'the verb in the data only',
      pressed({ action: { data: { verb: 'show', incident: 'K7Q2M9A' } } }),
      { verb: 'show', incident: 'K7Q2M9A' },
    ],
    ['the verb beats the data', execute('show', { verb: 'resolve', incident: 'A' }), { verb: 'show', incident: 'A' }],
    ['a page', execute('list', { what: 'status', page: 2 }), { verb: 'list', what: 'status', page: 2 }],
    [
      'more than we asked for',
      execute('explain', { code: '429001', lang: 'fr', evil: '{{x}}' }),
      { verb: 'explain', code: '429001', lang: 'fr' },
    ],
  ] satisfies [string, RawActivity, unknown][])('%s', async (_, fields, action) => {
    expect(await heard(fields)).toMatchObject({ kind: 'action', action, messageId: '1773135000001' });
  });

  it.each([
    ['no value', pressed(undefined)],
    ['null', pressed(null)],
    ['an empty value', pressed({})],
    ['a list', pressed([])],
    ['a text', pressed('acknowledge')],
    ['an action that is none', pressed({ action: 'acknowledge' })],
    ['an empty action', pressed({ action: {} })],
    ['an unknown verb', execute('drop', { incident: 'A' })],
    ['a verb of our prototype', execute('constructor', { incident: 'A' })],
    ['a verb that is no text', execute({ verb: 'acknowledge' }, { incident: 'A' })],
    ['no incident', execute('acknowledge', {})],
    ['an incident that is no text', execute('acknowledge', { incident: { id: 'A' } })],
    ['an incident of a page', execute('acknowledge', { incident: 'A'.repeat(2_000) })],
    ['a page below zero', execute('list', { what: 'status', page: -1 })],
    ['a page that is no number', execute('list', { what: 'status', page: '1' })],
    ['data that is none', execute('acknowledge', 'K7Q2M9A')],
    ['a list as data', execute('acknowledge', ['K7Q2M9A'])],
  ] satisfies [string, RawActivity][])('that is none of ours (%s) is heard as no action', async (_, fields) => {
    expect(await heard(fields)).toMatchObject({ kind: 'action', action: undefined });
  });

  it.each([
    ['ours', { verb: 'acknowledge', incident: 'K7Q2M9A' }, { verb: 'acknowledge', incident: 'K7Q2M9A' }],
    ['garbage', { drop: 'tables' }, undefined],
    ['a text', 'acknowledge', undefined],
    ['zero', 0, undefined],
  ])('of a client without Universal Actions is a submit: %s', async (_, value, action) => {
    expect(await heard({ text: undefined, value })).toMatchObject({ kind: 'submit', action });
  });
});

describe('a search', () => {
  const query = (value: unknown): RawActivity => ({ type: 'invoke', name: 'composeExtension/query', value });
  it.each([
    [
      'a text',
      query({ parameters: [{ name: 'q', value: '429001' }], queryOptions: { skip: 25, count: 5 } }),
      { query: '429001', skip: 25, count: 5 },
    ],
    [
      'the first look',
      query({ parameters: [{ name: 'initialRun', value: 'true' }] }),
      { query: '', skip: 0, count: 10 },
    ],
    [
      'too much of everything',
      query({ parameters: [{ name: 'q', value: 'x'.repeat(5_000) }], queryOptions: { skip: 1e9, count: 1e9 } }),
      { query: 'x'.repeat(1_000), skip: 1_000, count: 25 },
    ],
    [
      'less than nothing',
      query({ parameters: [{ name: 'q', value: 7 }], queryOptions: { skip: -1, count: 0.5 } }),
      { query: '', skip: 0, count: 10 },
    ],
    ['no parameters', query({}), { query: '', skip: 0, count: 10 }],
    ['garbage', query('x'), { query: '', skip: 0, count: 10 }],
    ['nothing', query(undefined), { query: '', skip: 0, count: 10 }],
  ] satisfies [string, RawActivity, unknown][])('%s', async (_, fields, search) => {
    expect(await heard(fields, 'personal')).toMatchObject({ kind: 'search', ...(search as object) });
  });
});

describe('the bot is added and removed', () => {
  const team = {
    conversation: { ...places.channel.conversation, id: teamId },
    channelData: { ...places.channel.channelData, channel: undefined },
  };
  const selected = { settings: { selectedChannel: { id: channelId } }, team: { id: teamId }, tenant: { id: tenantId } };
  it.each([
    [
      'installed in a team',
      { type: 'installationUpdate', action: 'add', ...team, channelData: selected },
      { kind: 'added', fresh: true, conversation: { id: channelId, teamId } },
    ],
    [
      'installed in a team whose default is another channel',
      { type: 'installationUpdate', action: 'add', ...team, channelData: { ...selected, channel: { id: teamId } } },
      { kind: 'added', fresh: true, conversation: { id: channelId } },
    ],
    ['upgraded', { type: 'installationUpdate', action: 'add-upgrade', ...team }, { kind: 'added', fresh: false }],
    [
      'added as a member',
      { type: 'conversationUpdate', membersAdded: [{ id: '29:x' }, bot] },
      { kind: 'added', fresh: false },
    ],
    [
      'added as a member of a team',
      { type: 'conversationUpdate', membersAdded: [bot], ...team, channelData: selected },
      { kind: 'added', fresh: false, conversation: { id: channelId } },
    ],
    ['somebody else added', { type: 'conversationUpdate', membersAdded: [{ id: '29:x' }] }, { kind: 'other' }],
    [
      'uninstalled',
      { type: 'installationUpdate', action: 'remove', ...team },
      { kind: 'removed', conversation: { id: teamId } },
    ],
    ['upgraded away', { type: 'installationUpdate', action: 'remove-upgrade' }, { kind: 'removed' }],
    ['removed as a member', { type: 'conversationUpdate', membersRemoved: [bot] }, { kind: 'removed' }],
    ['somebody else removed', { type: 'conversationUpdate', membersRemoved: [{ id: '29:x' }] }, { kind: 'other' }],
    [
      'the channel deleted',
      {
        type: 'conversationUpdate',
        ...team,
        channelData: { ...places.channel.channelData, eventType: 'channelDeleted' },
      },
      { kind: 'removed', conversation: { id: channelId } },
    ],
    [
      'the team deleted',
      { type: 'conversationUpdate', ...team, channelData: { team: { id: teamId }, eventType: 'teamDeleted' } },
      { kind: 'removed', conversation: { id: teamId } },
    ],
    [
      'a channel renamed',
      { type: 'conversationUpdate', channelData: { ...places.channel.channelData, eventType: 'channelRenamed' } },
      { kind: 'other' },
    ],
    ['an unknown installation event', { type: 'installationUpdate' }, { kind: 'other' }],
    ['a reaction', { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] }, { kind: 'other' }],
    ['an invoke that we do not know', { type: 'invoke', name: 'task/fetch', value: {} }, { kind: 'other' }],
    ['an event of tomorrow', { type: 'somethingNew', value: { a: 1 } }, { kind: 'other' }],
  ] satisfies [string, RawActivity, object][])('%s', async (_, fields, expected) => {
    const response = await door.say(anActivity(door.teams.serviceUrl, 'channel', fields));
    expect(response.status).toBeLessThan(502);
    expect(door.handled).toMatchObject([expected]);
  });

  it.each(['group', 'personal'] as const)('in a %s chat, too', async (place) => {
    const added = await heard({ type: 'installationUpdate', action: 'add' }, place);
    expect(added).toMatchObject({
      kind: 'added',
      fresh: true,
      conversation: { kind: place, id: places[place].conversation.id },
    });
  });
});
