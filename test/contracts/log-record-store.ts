import { describe, expect, it } from 'vitest';
import type { LogRecordStore, LogScopeRecord } from '../../src/diagnosis/log-record.ts';
import { aHub, now } from '../fixtures/domain.ts';

/** What every store of log records must do. `make` gives an empty one. */
export function describeLogRecordStore(name: string, make: () => LogRecordStore | Promise<LogRecordStore>): void {
  describe(`log record store: ${name}`, () => {
    it('knows no scope that was never swept', async () => {
      expect(await (await make()).read('subscription:x')).toBeUndefined();
    });

    it('remembers what was last written of each scope', async () => {
      const store = await make();
      const record: LogScopeRecord = {
        sweptAt: now,
        hubs: { 'a/b#?%é': { seenAt: now, usual: { 'logs-401': 0.25 } } },
      };
      await store.write('workspace:/\\#?%é', { hubs: {}, unreadable: { since: now, why: 'throttled' } });
      await store.write('workspace:/\\#?%é', record);
      await store.write('subscription:other', { hubs: {} });
      expect(await store.read('workspace:/\\#?%é')).toEqual(record);
      expect(await store.read('subscription:other')).toEqual({ hubs: {} });
    });

    it('holds a workspace of ten thousand hubs', async () => {
      const store = await make();
      const entry = (i: number): readonly [string, LogScopeRecord['hubs'][string]] => [
        aHub(`plant-${String(i)}`, { resourceGroup: `rg-${String(i % 97)}` }).id,
        { seenAt: now + i, usual: { 'logs-401': i / 7, 'logs-404': i / 3 } },
      ];
      const record = { sweptAt: now, hubs: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => entry(i))) };
      await store.write('workspace:large', record);
      expect(await store.read('workspace:large')).toEqual(record);
    });
  });
}
