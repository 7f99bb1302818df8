import { describe, expect, it } from 'vitest';
import { healthReader } from '../../src/app/health.ts';
import type { HubRecordStore } from '../../src/detection/hub-record.ts';
import { memoryChannels, memoryHeartbeat, memoryHubRecords } from '../../src/state/memory.ts';
import { SECOND } from '../../src/time/time.ts';
import { aChannel, aHub, aHubRecord, now } from '../fixtures/domain.ts';
import { startDelivering } from '../fixtures/delivery.ts';
import { startConnector } from '../fixtures/fake-connector.ts';

async function reader(listAll: HubRecordStore['listAll'] = memoryHubRecords().listAll) {
  const teams = await startConnector();
  await teams.close();
  const { deps } = (await startDelivering(teams)).playback;
  const channels = memoryChannels();
  await channels.put(aChannel());
  const heartbeat = memoryHeartbeat();
  await heartbeat.write({ tickAt: now, failing: {} });
  let reads = 0;
  const hubs: HubRecordStore = {
    ...memoryHubRecords(),
    listAll: () => {
      reads += 1;
      return listAll();
    },
  };
  return {
    health: healthReader({ ...deps, stores: { ...deps.stores, channels, heartbeat, hubs } }),
    reads: () => reads,
  };
}

describe('health that anybody may ask for', () => {
  it('is read once for all who ask at once, and holds for ten seconds', async () => {
    const { health, reads } = await reader(() => Promise.resolve([aHubRecord()]));
    const answers = await Promise.all(Array.from({ length: 50 }, () => health(now)));
    expect(answers[0]).toMatchObject({ status: 'ok', checks: { metrics: 'ok', channels: 'ok' } });
    expect(new Set(answers).size).toBe(1);
    await health(now + 9 * SECOND);
    expect(reads()).toBe(1);
    await health(now + 10 * SECOND);
    expect(reads()).toBe(2);
  });

  it('is not asked of the storage again while the storage is slow', async () => {
    let arrive: (records: readonly ReturnType<typeof aHubRecord>[]) => void = () => undefined;
    const { health, reads } = await reader(
      () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    const first = health(now);
    const second = health(now + 60 * SECOND);
    arrive([]);
    expect(await first).toMatchObject({ checks: { metrics: 'no-hubs' } });
    expect(await second).toBe(await first);
    expect(reads()).toBe(1);
  });

  it('is read again after storage was away, and has no names in it', async () => {
    let fails = true;
    const { health } = await reader(() =>
      fails ? Promise.reject(new Error('secret')) : Promise.resolve([aHubRecord(aHub('plant-berlin'))]),
    );
    expect(await health(now)).toEqual({ status: 'degraded', checks: { storage: 'unavailable' } });
    fails = false;
    const later = await health(now + 10 * SECOND);
    expect(later.status).toBe('ok');
    expect(JSON.stringify(later)).not.toContain('plant');
  });
});
