import { describe, expect, it } from 'vitest';
import type { HeartbeatStore } from '../../src/hubs/heartbeat.ts';
import { now } from '../fixtures/domain.ts';

/** What every heartbeat store must do. `make` gives an empty one. */
export function describeHeartbeatStore(name: string, make: () => HeartbeatStore | Promise<HeartbeatStore>): void {
  describe(`heartbeat store: ${name}`, () => {
    it('has none before the first tick', async () => {
      expect(await (await make()).read()).toBeUndefined();
    });

    it('remembers the last one written', async () => {
      const store = await make();
      await store.write({ tickAt: now, failing: { '*': { since: now, code: 'azure.auth' } } });
      const last = { tickAt: now + 1, failing: { 'a/b#?%é': { since: now, code: 'azure.throttled' } } };
      await store.write(last);
      expect(await store.read()).toEqual(last);
    });
  });
}
