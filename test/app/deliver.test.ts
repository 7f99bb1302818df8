import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../src/app/deliver.ts';
import { requestDelivery } from '../../src/app/request-delivery.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time/time.ts';
import { acknowledged, firing, kinds, over, shown, startDelivering } from '../fixtures/delivery.ts';
import { aHub, anIncident, now } from '../fixtures/domain.ts';
import { refusal, startConnector, type FakeConnector } from '../fixtures/fake-connector.ts';
import { channelAt } from '../fixtures/messenger.ts';

let teams: FakeConnector;
beforeAll(async () => {
  teams = await startConnector();
});
afterAll(() => teams.close());
beforeEach(() => {
  teams.reset();
});

const message = { kind: 'delivery', incidentId: firing.id, channelId: '19:alerts@thread.tacv2', attempt: 0 } as const;

describe('one living card', () => {
  it('is posted once and edited in place: firing, acknowledged, resolved, reopened', async () => {
    const { change, events, post } = await startDelivering(teams);
    await change(firing);
    expect(shown(teams)).toContain('hub-a');
    await change(acknowledged);
    expect(shown(teams)).toContain('Adèle Martin');
    await change(over);
    await change({ ...firing, revision: 4 });
    expect(kinds(teams.calls)).toEqual(['create', 'update', 'update', 'update']);
    expect(teams.messages.size).toBe(1);
    expect(await post(firing)).toMatchObject({
      revision: 4,
      attempts: 0,
      ref: { activityId: [...teams.messages.keys()][0] },
    });
    expect(events()).toEqual(Array.from({ length: 4 }, () => 'delivery.sent'));
  });

  it('is not touched by messages that come late, twice or in any number', async () => {
    const { change, playback } = await startDelivering(teams);
    await change(firing);
    for (let i = 0; i < 5; i++) await deliver(playback.deps, message, now + i);
    expect(kinds(teams.calls)).toEqual(['create']);
  });

  it('is posted once by any number of workers at the same moment', async () => {
    const { store, playback } = await startDelivering(teams);
    await store(firing);
    await Promise.all(Array.from({ length: 8 }, () => deliver(playback.deps, message, now)));
    await playback.drain(now + 5 * MINUTE);
    expect(kinds(teams.calls)).toEqual(['create']);
  });

  it('is edited once per change by any number of workers', async () => {
    const { change, store, playback } = await startDelivering(teams);
    await change(firing);
    await store(acknowledged);
    await Promise.all(Array.from({ length: 8 }, () => deliver(playback.deps, message, now)));
    await playback.drain(now + 5 * MINUTE);
    expect(kinds(teams.calls)).toEqual(['create', 'update']);
  });

  it('shows what became true while it was being sent, within seconds', async () => {
    const { store, playback } = await startDelivering(teams);
    await store(firing);
    teams.script(async () => {
      // The acknowledgement comes while Teams takes the first card; its delivery meets the claim.
      await store(acknowledged);
      await deliver(playback.deps, message, now);
      return undefined;
    });
    await deliver(playback.deps, message, now);
    await playback.drain(now + 10 * SECOND);
    expect(kinds(teams.calls)).toEqual(['create', 'update']);
    expect(shown(teams)).toContain('Adèle Martin');
  });

  it('goes to every channel that receives alerts, and to no other', async () => {
    const channels = [
      channelAt(teams.serviceUrl),
      channelAt(teams.serviceUrl, { id: '19:group@thread.v2', kind: 'group' }),
      channelAt(teams.serviceUrl, { id: '19:quiet@thread.tacv2', subscribed: false }),
      channelAt(teams.serviceUrl, { id: '19:gone@thread.tacv2', goneAt: now }),
    ];
    const { change } = await startDelivering(teams, { channels });
    await change(firing);
    expect(teams.calls.map(({ kind, conversationId }) => [kind, conversationId])).toEqual([
      ['create', '19:alerts@thread.tacv2'],
      ['send', '19:group@thread.v2'],
    ]);
  });

  it('is posted anew when somebody has deleted it, as it is now', async () => {
    const { change, events } = await startDelivering(teams);
    await change(firing);
    teams.deleteMessage([...teams.messages.keys()][0] ?? '');
    await change(acknowledged);
    expect(kinds(teams.calls)).toEqual(['create', 'update', 'create']);
    expect(shown(teams)).toContain('Adèle Martin');
    expect(events()).toEqual(['delivery.sent', 'delivery.card-lost', 'delivery.sent']);
  });

  it('is not posted anew when the incident is over', async () => {
    const { change } = await startDelivering(teams);
    await change(firing);
    teams.deleteMessage([...teams.messages.keys()][0] ?? '');
    await change(over);
    expect(kinds(teams.calls)).toEqual(['create', 'update']);
    expect(teams.messages.size).toBe(0);
  });

  it('is not posted at all for an incident that ended before anybody was told', async () => {
    const { change } = await startDelivering(teams);
    await change(over);
    expect(teams.calls).toEqual([]);
  });

  it.each([
    ['incident', { ...message, incidentId: 'ZZZZZZZ' }],
    ['channel', { ...message, channelId: '19:other@thread.tacv2' }],
  ])('of an unknown %s is nobody’s: the message is dropped', async (what, unknown) => {
    const { store, playback, logged } = await startDelivering(teams);
    await store(firing);
    await deliver(playback.deps, unknown, now);
    expect(logged).toMatchObject([{ event: 'delivery.dropped', fields: { reason: `${what}-unknown` } }]);
  });
});

describe('a card that is too much for Teams', () => {
  it('is sent reduced: what is wrong and the buttons', async () => {
    const { change, post } = await startDelivering(teams);
    teams.script(refusal(413, 'MessageSizeTooBig'));
    await change(firing);
    const [full, reduced] = teams.calls;
    expect(kinds(teams.calls)).toEqual(['create', 'create']);
    expect(JSON.stringify(reduced?.activity).length).toBeLessThan(JSON.stringify(full?.activity).length / 2);
    expect(JSON.stringify(reduced?.activity)).toContain('"verb":"acknowledge"');
    expect(await post(firing)).toMatchObject({ revision: 1, attempts: 0 });
  });

  it('is edited reduced, too', async () => {
    const { change } = await startDelivering(teams);
    await change(firing);
    teams.script(refusal(400, 'BadSyntax'));
    await change(acknowledged);
    expect(kinds(teams.calls)).toEqual(['create', 'update', 'update']);
    expect(shown(teams)).toContain('Adèle Martin');
  });

  it('is not tried again at this revision if the reduced one is refused as well, but at the next', async () => {
    const { change, events, playback } = await startDelivering(teams);
    teams.script(refusal(413), refusal(413));
    await change(firing);
    await playback.drain(now + HOUR);
    expect(kinds(teams.calls)).toEqual(['create', 'create']);
    await change(acknowledged, now + HOUR);
    expect(events()).toEqual(['delivery.rejected', 'delivery.sent']);
    expect(shown(teams)).toContain('Adèle Martin');
  });
});

describe('a channel that is gone', () => {
  const both = (): ReturnType<typeof channelAt>[] => [
    channelAt(teams.serviceUrl),
    channelAt(teams.serviceUrl, { id: '19:other@thread.tacv2' }),
  ];

  it('receives nothing more, is not asked again, and the others go on', async () => {
    const { change, stores, events, playback } = await startDelivering(teams, { channels: both() });
    teams.always(({ conversationId }) =>
      conversationId === '19:alerts@thread.tacv2' ? refusal(403, 'BotNotInConversationRoster') : undefined,
    );
    await change(firing);
    await playback.drain(now + HOUR);
    await change(acknowledged, now + HOUR);
    expect(teams.calls.map(({ kind, conversationId }) => `${kind} ${conversationId.split(';')[0] ?? ''}`)).toEqual([
      'create 19:alerts@thread.tacv2',
      'create 19:other@thread.tacv2',
      'update 19:other@thread.tacv2',
    ]);
    expect(await stores.channels.get('19:alerts@thread.tacv2')).toMatchObject({
      goneAt: now,
      goneWhy: 'Teams refuses messages to conversation 19:alerts@thread.tacv2 (403 BotNotInConversationRoster)',
    });
    expect(events()).toContain('channel.gone');
  });

  it('is not brought back by a worker that was sending when somebody removed it', async () => {
    const { store, stores, playback } = await startDelivering(teams);
    await store(firing);
    teams.script(async () => {
      await stores.channels.remove(message.channelId);
      return refusal(403, 'BotNotInConversationRoster');
    });
    await deliver(playback.deps, message, now);
    expect(await stores.channels.list()).toEqual([]);
  });

  it.each([
    ['403', refusal(403)],
    ['429', refusal(429)],
  ])('keeps what somebody changed of it in the meantime (%s)', async (_, answer) => {
    const { store, stores, playback } = await startDelivering(teams);
    await store(firing);
    teams.script(async () => {
      await stores.channels.put(channelAt(teams.serviceUrl, { subscribed: false, language: 'fr' }));
      return answer;
    });
    await deliver(playback.deps, message, now);
    expect(await stores.channels.get(message.channelId)).toMatchObject({ subscribed: false, language: 'fr' });
  });
});

describe('a message to the queue that cannot be sent', () => {
  it('does not keep the other channels from theirs', async () => {
    const channels = [channelAt(teams.serviceUrl, { id: '19:a' }), channelAt(teams.serviceUrl, { id: '19:b' })];
    const { store, playback, events } = await startDelivering(teams, { channels });
    await store(anIncident(aHub('hub-b')));
    const { deps } = playback;
    const delivery: typeof deps.queues.delivery = (asked, delayMs) =>
      asked.channelId === '19:a' ? Promise.reject(new Error('full')) : deps.queues.delivery(asked, delayMs);
    await requestDelivery({ ...deps, queues: { ...deps.queues, delivery } }, [anIncident(aHub('hub-b'))]);
    await playback.drain(now);
    expect(teams.calls.map(({ conversationId }) => conversationId)).toEqual(['19:b']);
    expect(events()).toEqual(['delivery.not-queued', 'delivery.sent']);
  });
});
