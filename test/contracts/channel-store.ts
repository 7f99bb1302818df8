import { describe, expect, it } from 'vitest';
import type { ChannelStore } from '../../src/notify/channel.ts';
import { aChannel, now } from '../fixtures/domain.ts';

/** What every channel store must do. `make` gives an empty one. */
export function describeChannelStore(name: string, make: () => ChannelStore | Promise<ChannelStore>): void {
  describe(`channel store: ${name}`, () => {
    it('gives back a channel as it was put', async () => {
      const store = await make();
      const channel = aChannel(undefined, { teamId: '19:team@thread.tacv2', heldUntil: now, language: 'fr' });
      await store.put(channel);
      expect(await store.get(channel.id)).toEqual(channel);
      expect(await store.list()).toEqual([channel]);
    });

    it('knows no channel that was never put', async () => {
      expect(await (await make()).get('19:other@thread.tacv2')).toBeUndefined();
    });

    it('replaces a channel whole: what the new one does not say is gone', async () => {
      const store = await make();
      await store.put(aChannel('19:a', { goneAt: now, goneWhy: 'removed' }));
      await store.put(aChannel('19:a'));
      expect(await store.get('19:a')).toEqual(aChannel('19:a'));
    });

    it('forgets a removed channel, and does not mind removing it twice', async () => {
      const store = await make();
      await store.put(aChannel('19:a'));
      await store.put(aChannel('19:b'));
      await store.remove('19:a');
      await store.remove('19:a');
      expect((await store.list()).map(({ id }) => id)).toEqual(['19:b']);
    });

    it.each([
      ['a channel of Teams', '19:0b7f3266_7e06-4dd9@thread.tacv2'],
      ['a personal chat', 'a:1WhEXAMPLE_x-y/z+='],
      ['every character that keys refuse', 'a/b\\c#d?e%2Ff%g\u0007h'],
      ['quotes and non-ASCII', `it's "Zoë" 火 \u{1F525}`],
      ['a thousand characters', 'é'.repeat(1_000)],
      ['half a character', 'x\ud83d'],
    ])('tells channels apart by their whole id: %s', async (_, id) => {
      const store = await make();
      const other = `${id}2`;
      await store.put(aChannel(id));
      await store.put(aChannel(other));
      expect(await store.get(id)).toMatchObject({ addedAt: now });
      await store.remove(other);
      expect(await store.get(other)).toBeUndefined();
      expect(await store.list()).toHaveLength(1);
    });
  });
}
