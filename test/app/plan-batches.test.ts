import { describe, expect, it } from 'vitest';
import { batchMessage } from '../../src/app/messages.ts';
import { planBatches } from '../../src/app/plan-batches.ts';
import { asciiJson } from '../../src/state/ascii-json.ts';
import { aHub, now } from '../fixtures/domain.ts';

const hubs = (count: number, fields: Parameters<typeof aHub>[1] = {}) =>
  Array.from({ length: count }, (_, i) => aHub(`hub-${String(i).padStart(5, '0')}`, fields));

describe('batches', () => {
  it('hold at most fifty hubs, of one subscription and region, each hub once', () => {
    const all = [...hubs(120), ...hubs(30, { region: 'northeurope' })];
    const batches = planBatches(all, now);
    expect(batches.map((batch) => batch.hubs.length)).toEqual([50, 50, 20, 30]);
    for (const { group, hubs: members } of batches)
      for (const hub of members) expect(`${hub.subscriptionId}:${hub.region}`).toBe(group);
    expect(new Set(batches.flatMap((batch) => batch.hubs.map((hub) => hub.id))).size).toBe(150 - 30);
  });

  it('share the ids of their group among them, so that each knows which hubs are gone', () => {
    expect(planBatches(hubs(50), now).map(({ ids }) => ids)).toEqual([{ from: '' }]);
    const all = hubs(120);
    const batches = planBatches(all.toReversed(), now);
    expect(batches.map(({ ids }) => ids)).toEqual([
      { from: '', until: all[50]?.id },
      { from: all[50]?.id, until: all[100]?.id },
      { from: all[100]?.id },
    ]);
    for (const { ids, hubs: members } of batches)
      expect(members.map(({ id }) => id)).toEqual(
        all.map(({ id }) => id).filter((id) => id >= ids.from && id < (ids.until ?? '~')),
      );
  });

  it('name a hub once, however often it was listed', () => {
    const [batch, ...more] = planBatches([...hubs(3), ...hubs(3)], now);
    expect(batch?.hubs).toHaveLength(3);
    expect(more).toEqual([]);
  });

  it('fit into a queue message, whatever the hubs are called and tagged', () => {
    const tags = { hubwatchOwner: 'é'.repeat(256), ['火'.repeat(200)]: '火'.repeat(200), other: '"'.repeat(256) };
    const big = hubs(50, { tags, resourceGroup: '火'.repeat(90), sku: 'S1' });
    const batches = planBatches(big, now);
    expect(batches.flatMap((batch) => batch.hubs)).toHaveLength(50);
    expect(batches.length).toBeGreaterThan(1);
    for (const batch of batches) {
      expect(asciiJson(batch).length).toBeLessThan(64 * 1024);
      expect(batchMessage.parse(JSON.parse(asciiJson(batch)))).toEqual(batch);
    }
    expect(batches[0]?.hubs[0]?.tags).toHaveProperty('hubwatchOwner');
  });

  it('are none without hubs', () => {
    expect(planBatches([], now)).toEqual([]);
  });
});
