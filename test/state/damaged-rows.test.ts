import { describe, expect, it } from 'vitest';
import {
  tableChannels,
  tableHeartbeat,
  tableHubRecords,
  tableIncidents,
  tableLogRecords,
  tablePosts,
  tableSilences,
} from '../../src/state/table-stores.ts';
import { key } from '../../src/state/tables.ts';
import { aChannel, aHub, aHubRecord, anIncident, aPost, aSilence, now } from '../fixtures/domain.ts';
import { testStorage } from '../fixtures/storage.ts';

const storage = testStorage();

/** What can stand in a row that nobody of ours wrote, or that was cut off. */
const damages: readonly { readonly what: string; readonly columns: Readonly<Record<string, unknown>> }[] = [
  { what: 'no value at all', columns: {} },
  { what: 'half a value', columns: { json0: '{"id":"AAAAAAA","hub":{' } },
  { what: 'null', columns: { json0: 'null' } },
  { what: 'another type', columns: { json0: '"text"' } },
  { what: 'an empty object', columns: { json0: '{}' } },
  { what: 'a column that is no text', columns: { json0: 7 } },
  { what: 'bytes that nobody deflated', columns: { zip0: new Uint8Array([1, 2, 3]) } },
];

async function plant(table: string, partitionKey: string, rowKey: string, columns: object): Promise<void> {
  const client = storage.table(table);
  await client.createTable();
  await client.upsertEntity({ partitionKey, rowKey, ...columns }, 'Replace');
}

describe.each(damages)('a damaged row ($what)', ({ columns }) => {
  it('is left out of the incidents, and gives way to the incident that belongs there', async () => {
    await storage.clear();
    const incident = anIncident();
    await plant('hubwatchIncidents', key(incident.group), key(incident.fingerprint), { id: incident.id, ...columns });
    const store = tableIncidents(storage.access());
    const sound = anIncident(aHub('hub-sound'));
    await store.insert(sound);
    expect((await store.listLive()).map(({ value }) => value.id)).toEqual([sound.id]);
    expect(await store.find(incident.id)).toBeUndefined();
    expect(await store.insert(incident)).toBe('inserted');
    expect((await store.find(incident.id))?.value).toEqual(incident);
  });

  it('is left out of the silences', async () => {
    await storage.clear();
    await plant('hubwatchSilences', 'silence', 'x', columns);
    const store = tableSilences(storage.access());
    await store.put(aSilence());
    expect(await store.list(now)).toEqual([aSilence()]);
  });

  it('is left out of the channels', async () => {
    await storage.clear();
    const channel = aChannel();
    await plant('hubwatchChannels', 'channel', key(channel.id), columns);
    const store = tableChannels(storage.access());
    expect(await store.get(channel.id)).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await store.put(channel);
    expect(await store.list()).toEqual([channel]);
  });

  it('is left out of the posts, and gives way to the claim that belongs there', async () => {
    await storage.clear();
    const post = aPost();
    await plant('hubwatchPosts', key(post.incidentId), key(post.channelId), columns);
    const store = tablePosts(storage.access());
    expect(await store.get(post.incidentId, post.channelId)).toBeUndefined();
    expect(await store.listAll()).toEqual([]);
    expect(await store.save(post, undefined)).not.toBe('stale');
    expect(await store.list(post.incidentId)).toEqual([post]);
  });

  it('is left out of the hub records', async () => {
    await storage.clear();
    await plant('hubwatchHubs', key('g'), key('hub-a'), columns);
    const store = tableHubRecords(storage.access());
    await store.save('g', [aHubRecord(aHub('hub-b'))]);
    expect(await store.listGroup('g')).toEqual([aHubRecord(aHub('hub-b'))]);
    expect(await store.listAll()).toHaveLength(1);
    await store.save('g', [aHubRecord(aHub('hub-a'))]);
    expect(await store.listGroup('g')).toHaveLength(2);
  });

  it('counts as no heartbeat, and the next one is written over it', async () => {
    await storage.clear();
    await plant('hubwatchHeartbeat', 'heartbeat', 'last', columns);
    const store = tableHeartbeat(storage.access());
    expect(await store.read()).toBeUndefined();
    await store.write({ tickAt: now, failing: {} });
    expect(await store.read()).toEqual({ tickAt: now, failing: {} });
  });

  it('counts as a scope that was never swept', async () => {
    await storage.clear();
    await plant('hubwatchLogs', 'scope', key('subscription:s'), columns);
    const store = tableLogRecords(storage.access());
    expect(await store.read('subscription:s')).toBeUndefined();
    await store.write('subscription:s', { hubs: {} });
    expect(await store.read('subscription:s')).toEqual({ hubs: {} });
  });
});
