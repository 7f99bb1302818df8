import { describe, expect, it } from 'vitest';
import type { SilenceStore } from '../../src/incidents/store.ts';
import { MINUTE } from '../../src/time/time.ts';
import { aSilence, now } from '../fixtures/domain.ts';

/** What every silence store must do. `make` gives an empty one. */
export function describeSilenceStore(name: string, make: () => SilenceStore | Promise<SilenceStore>): void {
  describe(`silence store: ${name}`, () => {
    it('lists what has not ended before the given time', async () => {
      const store = await make();
      await store.put(aSilence('ended', { until: now }));
      await store.put(aSilence('running', { until: now + 1 }));
      expect((await store.list(now)).map(({ id }) => id)).toEqual(['running']);
      expect((await store.list(now - 1)).map(({ id }) => id).sort()).toEqual(['ended', 'running']);
    });

    it('replaces a silence of the same id', async () => {
      const store = await make();
      await store.put(aSilence('snooze'));
      const longer = aSilence('snooze', { until: now + 90 * MINUTE, by: { id: 'adele', name: 'Adèle' } });
      await store.put(longer);
      expect(await store.list(now)).toEqual([longer]);
    });

    it('forgets a removed silence, and does not mind removing it twice', async () => {
      const store = await make();
      await store.put(aSilence('snooze'));
      await store.remove('snooze');
      await store.remove('snooze');
      expect(await store.list(0)).toEqual([]);
    });

    it('takes ids with the characters of a fingerprint and of a person', async () => {
      const store = await make();
      const ids = ['snooze /subscriptions/s/x|throttling', 'a#b?c%2F\\d', "it's", 'é 火'];
      for (const id of ids) await store.put(aSilence(id));
      expect((await store.list(now)).map(({ id }) => id).sort()).toEqual(ids.toSorted());
      for (const id of ids) await store.remove(id);
      expect(await store.list(now)).toEqual([]);
    });
  });
}
