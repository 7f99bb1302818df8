import { describe, expect, it } from 'vitest';
import type { HubRecordStore } from '../../src/detection/hub-record.ts';
import { aHub, aHubRecord, now } from '../fixtures/domain.ts';

/** What every store of hub records must do. `make` gives an empty one. */
export function describeHubRecordStore(name: string, make: () => HubRecordStore | Promise<HubRecordStore>): void {
  describe(`hub record store: ${name}`, () => {
    const names = (records: readonly { readonly hub: { readonly name: string } }[]): string[] =>
      records.map(({ hub }) => hub.name).sort();

    it('gives back the records of a group, and of all groups', async () => {
      const store = await make();
      const record = aHubRecord(aHub('hub-a', { tags: { 'owner/é': '火 #?%' } }), { failingSince: now, failure: 'x' });
      await store.save('s:westeurope', [record]);
      await store.save('s:northeurope', [aHubRecord(aHub('hub-b'))]);
      expect(await store.listGroup('s:westeurope')).toEqual([record]);
      expect(names(await store.listAll())).toEqual(['hub-a', 'hub-b']);
      expect(await store.listGroup('s:nowhere')).toEqual([]);
    });

    it('replaces a record whole, whichever letter case its hub is written in', async () => {
      const store = await make();
      await store.save('g', [aHubRecord(aHub('Hub-A'), { failingSince: now, failure: 'azure.auth' })]);
      await store.save('g', [aHubRecord(aHub('hub-a'))]);
      expect(await store.listGroup('g')).toEqual([aHubRecord(aHub('hub-a'))]);
    });

    it('leaves the other records of the group alone', async () => {
      const store = await make();
      await store.save('g', [aHubRecord(aHub('hub-a')), aHubRecord(aHub('hub-b'))]);
      await store.save('g', [aHubRecord(aHub('hub-b'), { failure: 'x' })]);
      expect(names(await store.listGroup('g'))).toEqual(['hub-a', 'hub-b']);
    });

    it('removes the named ones', async () => {
      const store = await make();
      await store.save('g', [aHubRecord(aHub('hub-a')), aHubRecord(aHub('hub-b'))]);
      await store.remove('g', ['HUB-A', 'hub-never-seen']);
      expect(names(await store.listGroup('g'))).toEqual(['hub-b']);
    });

    it('takes nothing to save for an answer', async () => {
      const store = await make();
      await store.save('g', []);
      expect(await store.listAll()).toEqual([]);
    });

    it('takes the last one where a hub is named twice in one save', async () => {
      const store = await make();
      await store.save('g', [aHubRecord(aHub('hub-a'), { failure: 'x' }), aHubRecord(aHub('hub-a'))]);
      expect(await store.listGroup('g')).toEqual([aHubRecord(aHub('hub-a'))]);
    });

    it('keeps the records of several groups apart when they are saved at once', async () => {
      const store = await make();
      const groups = Array.from({ length: 8 }, (_, i) => `s:region${String(i)}`);
      await Promise.all(
        groups.map((group) => store.save(group, [aHubRecord(aHub(`${group.slice(2)}-a`)), aHubRecord(aHub('hub-b'))])),
      );
      for (const group of groups) expect(names(await store.listGroup(group))).toEqual(['hub-b', `${group.slice(2)}-a`]);
    });

    it('keeps more records than one page or one transaction holds', async () => {
      const store = await make();
      const hubs = Array.from({ length: 1_050 }, (_, i) => aHub(`hub-${String(i).padStart(4, '0')}`));
      await store.save(
        'g',
        hubs.map((hub) => aHubRecord(hub)),
      );
      expect(names(await store.listGroup('g'))).toEqual(hubs.map((hub) => hub.name));
      expect(await store.listAll()).toHaveLength(1_050);
    });

    it('keeps large records: what detectors remember grows', async () => {
      const store = await make();
      const hot = Array.from({ length: 20_000 }, (_, i) => i + 0.25).join(' ');
      // Emoji at every place of a boundary between pieces, whichever length these have.
      const tags = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`t${'x'.repeat(i)}`, '🔥'.repeat(5_000)]));
      const big = Array.from({ length: 50 }, (_, i) =>
        aHubRecord(aHub(`hub-${String(i)}`, { tags: i === 0 ? tags : {} }), {
          states: { 'connected-devices': { detector: 'connected-devices', hot, pictureDay: 20_000 } },
        }),
      );
      await store.save('g', big);
      const found = await store.listGroup('g');
      expect(found).toHaveLength(50);
      expect(found.find(({ hub }) => hub.name === 'hub-0')).toEqual(big[0]);
    });
  });
}
