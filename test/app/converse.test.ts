import { beforeEach, describe, expect, it } from 'vitest';
import { converse } from '../../src/app/converse.ts';
import type { Inbound } from '../../src/bot/inbound.ts';
import type { Channel } from '../../src/notify/channel.ts';
import { memoryChannels } from '../../src/state/memory.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time/time.ts';
import { startDelivering, type Delivering } from '../fixtures/delivery.ts';
import { aChannel, anIncident, now, tenantId } from '../fixtures/domain.ts';
import { startConnector } from '../fixtures/fake-connector.ts';

const team = '19:team@thread.tacv2';
const alerts: Channel = aChannel('19:alerts@thread.tacv2', { teamId: team });
const conversation = {
  id: alerts.id,
  kind: 'channel',
  tenantId,
  serviceUrl: alerts.serviceUrl,
  botId: alerts.botId,
  teamId: team,
} as const;
const from = { id: 'olivia', name: 'Olivia Oncall' };
const said = (fields: object): Inbound => ({ conversation, from, locale: 'en-GB', ...fields }) as Inbound;

let app: Delivering;
beforeEach(async () => {
  const teams = await startConnector();
  await teams.close();
  app = await startDelivering(teams, { channels: [alerts] });
});
const ask = (inbound: Inbound, deps = app.playback.deps) => converse(deps, inbound, now);

describe('when storage is away', () => {
  const away = (): Promise<never> => Promise.reject(new Error('storage is away'));
  const deps = () => ({
    ...app.playback.deps,
    stores: { ...app.stores, channels: { ...memoryChannels(), get: away, list: away, put: away, remove: away } },
  });

  it.each([
    ['a message', { kind: 'text', text: 'status' }],
    ['a button', { kind: 'action', action: { verb: 'acknowledge', incident: 'AAAAAAA' }, messageId: '1' }],
    ['a submit', { kind: 'submit', action: { verb: 'list', what: 'help' } }],
  ])('%s gets a polite sentence, never an error', async (_, inbound) => {
    expect(await ask(said(inbound), deps())).toMatchObject({ kind: 'words' });
    expect(app.logged).toMatchObject([{ event: 'conversation.failed', fields: { error: 'storage is away' } }]);
  });

  it('a search finds nothing', async () => {
    expect(await ask(said({ kind: 'search', query: 'x', skip: 0, count: 10 }), deps())).toEqual({
      kind: 'results',
      results: [],
    });
  });

  it.each(['added', 'removed'])('a bot that is %s fails loudly: nobody would say it again', async (kind) => {
    await expect(ask(said({ kind, fresh: true }), deps())).rejects.toThrow('storage is away');
  });
});

describe('the bot is removed', () => {
  const elsewhere = aChannel('19:other@thread.tacv2', { teamId: '19:other-team@thread.tacv2' });
  const sibling = aChannel('19:second@thread.tacv2', { teamId: team });

  it('from a team: all its channels stop, and no other', async () => {
    for (const channel of [sibling, elsewhere]) await app.stores.channels.put(channel);
    await ask(said({ kind: 'removed', conversation: { ...conversation, id: team } }));
    expect((await app.stores.channels.list()).map(({ id }) => id)).toEqual([elsewhere.id]);
  });

  it('with one channel that is deleted: the other channels of the team go on', async () => {
    await app.stores.channels.put(sibling);
    await ask(said({ kind: 'removed' }));
    expect((await app.stores.channels.list()).map(({ id }) => id)).toEqual([sibling.id]);
  });
});

describe('a command that names what is not there', () => {
  it.each([
    'ack K7Q2M9A',
    'ack \ud83d\u0007x',
    "ack x'--",
    'close ZZZZZZZ',
    'snooze %00',
    'show K7Q2M9A',
    'why K7Q2M9A',
  ])('%j gets words and changes nothing', async (text) => {
    const incident = anIncident();
    await app.store(incident);
    expect(await ask(said({ kind: 'text', text }))).toMatchObject({
      kind: expect.stringMatching(/words|card/) as string,
    });
    expect((await app.stores.incidents.find(incident.id))?.value).toEqual(incident);
    expect(app.logged).toEqual([]);
  });

  it.each([
    ['no action', undefined],
    ['an id that is none', { verb: 'acknowledge', incident: '' }],
    ['an unknown incident', { verb: 'silence', incident: 'ZZZZZZZ' }],
    ['a page far away', { verb: 'list', what: 'status', page: 10_000 }],
  ])('by button, too: %s', async (_, action) => {
    expect(await ask(said({ kind: 'action', action, messageId: '1' }))).not.toMatchObject({ kind: 'nothing' });
    expect(await app.stores.silences.list(0)).toEqual([]);
    expect(app.logged).toEqual([]);
  });
});

describe('two people who press Acknowledge at once', () => {
  it('make one winner; the other is shown who won', async () => {
    const incident = anIncident();
    await app.store(incident);
    const press = (name: string) =>
      ask(
        said({
          kind: 'action',
          action: { verb: 'acknowledge', incident: incident.id },
          messageId: '1',
          from: { id: name, name },
        }),
      );
    const replies = await Promise.all(['Adèle', 'Diego', 'Megan'].map(press));
    const winner = await app.stores.incidents.find(incident.id);
    expect(winner?.value).toMatchObject({ status: 'acknowledged', revision: 2 });
    const name = winner?.value.status === 'acknowledged' ? winner.value.acknowledgedBy.name : '';
    for (const reply of replies) expect(JSON.stringify(reply)).toContain(`Acknowledged by ${name}`);
  });
});

describe('a command on an incident', () => {
  const press = (verb: string, incident: string, by = from, at = now) =>
    converse(app.playback.deps, said({ kind: 'action', action: { verb, incident }, messageId: '1', from: by }), at);

  it('is logged with who gave it and where, whether or not it changes anything', async () => {
    const incident = anIncident();
    await app.store(incident);
    const stranger = { id: 'mallory', name: 'M\n'.repeat(500) };
    for (const [verb, by] of [
      ['silence', from],
      ['silence', stranger],
      ['acknowledge', stranger],
      ['acknowledge', from],
      ['resolve', from],
      ['silence', stranger],
    ] as const)
      await press(verb, incident.id, by);
    const line = (verb: string, by: string, outcome: string, status: string) => ({
      event: 'incident.acted',
      fields: { incident: incident.id, verb, by, conversation: conversation.id, outcome, status },
    });
    expect(app.logged.filter(({ event }) => event === 'incident.acted')).toEqual([
      line('silence', from.id, 'changed', 'firing'),
      line('silence', stranger.id, 'unchanged', 'firing'),
      line('acknowledge', stranger.id, 'changed', 'acknowledged'),
      line('acknowledge', from.id, 'unchanged', 'acknowledged'),
      line('resolve', from.id, 'changed', 'resolved'),
      line('silence', stranger.id, 'unchanged', 'resolved'),
    ]);
  });

  it('to snooze, given again after storage failed in between, still shows on the cards', async () => {
    const incident = anIncident();
    await app.store(incident);
    const { deps } = app.playback;
    const away = (): Promise<never> => Promise.reject(new Error('storage is away'));
    const failing = { ...deps, stores: { ...app.stores, incidents: { ...app.stores.incidents, save: away } } };
    const snooze = said({ kind: 'action', action: { verb: 'silence', incident: incident.id }, messageId: '1' });
    await converse(failing, snooze, now);
    await converse(deps, snooze, now + 5 * SECOND);
    expect((await app.stores.incidents.find(incident.id))?.value).toMatchObject({ revision: 2 });
  });

  it('to snooze, given again and again, edits the cards once a minute and moves the end of the snooze', async () => {
    const incident = anIncident();
    await app.store(incident);
    const revisions = new Set<number | undefined>();
    for (let seconds = 0; seconds < 150; seconds += 5) {
      await press('silence', incident.id, from, now + seconds * SECOND);
      revisions.add((await app.stores.incidents.find(incident.id))?.value.revision);
    }
    expect([...revisions]).toEqual([2, 3, 4]);
    const [snooze, ...more] = await app.stores.silences.list(now);
    expect(snooze?.until).toBe(now + 2 * MINUTE + HOUR);
    expect(more).toEqual([]);
  });
});
