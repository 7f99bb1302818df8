import { afterEach, expect, it } from 'vitest';
import type { LogAccess } from '../../src/azure/readers.ts';
import { shippedMetricRules } from '../../src/detection/shipped-rules.ts';
import { playScenario, type ScenarioPlayback } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// Log Analytics counts queries, so what a tick may ask is counted where it arrives: at the server.

const metrics = Object.fromEntries(Object.keys(shippedMetricRules).map((name) => [name, { enabled: false }]));
const rules = { version: 1, rules: { metrics } } as const;

let play: ScenarioPlayback;
afterEach(() => play.close());

/** Log queries of every minute, and incidents that are live in it. */
async function queries(length: number, hubs: readonly object[], events: readonly object[], logs?: LogAccess) {
  const scenario = parseScenario(
    'budget',
    JSON.stringify({ title: 'budget', about: 'how much is asked', length: `${String(length)}m`, hubs, events }),
  );
  play = await playScenario(scenario, { policies: { rules }, ...(logs ? { logs } : {}) });
  const asked: { readonly queries: number; readonly incidents: number }[] = [];
  for (let minute = 1; minute <= length; minute++) {
    const before = play.azure.counts.logs;
    await play.tick(scenario.startsAt + minute * MINUTE);
    const live = (await play.incidents()).filter(({ status }) => status !== 'resolved');
    asked.push({ queries: play.azure.counts.logs - before, incidents: live.length });
  }
  return asked;
}

it('asks once per subscription and tick while nothing is wrong, however many hubs there are', async () => {
  const asked = await queries(
    6,
    [
      { name: 'plant', count: 30, connected: 200 },
      { name: 'van', count: 10, connected: 200, subscription: '22222222-2222-4222-8222-222222222222' },
    ],
    [],
  );
  expect(asked.map((each) => each.queries)).toEqual([2, 2, 2, 2, 2, 2]);
});

it('asks once per workspace and tick, wherever the hubs are', async () => {
  const asked = await queries(
    4,
    [
      { name: 'plant', count: 4, connected: 200 },
      { name: 'van', count: 4, connected: 200, subscription: '22222222-2222-4222-8222-222222222222' },
    ],
    [],
    { kind: 'workspaces', ids: ['33333333-3333-4333-8333-333333333333'] },
  );
  expect(asked.map((each) => each.queries)).toEqual([1, 1, 1, 1]);
});

it('asks at most twice more for each incident and tick', async () => {
  const asked = await queries(
    30,
    [{ name: 'plant', count: 8, connected: 300 }],
    [
      { kind: 'devices', hubs: ['plant-001', 'plant-002'], at: '4m', share: 0.05 },
      { kind: 'logs', hubs: ['plant-001'], at: '4m', code: '500001', category: 'Connections', perMinute: 20 },
      { kind: 'logs', hubs: ['plant-004'], at: '6m', code: '429002', category: 'TwinQueries', perMinute: 20 },
    ],
  );
  expect(Math.max(...asked.map(({ incidents }) => incidents))).toBeGreaterThanOrEqual(3);
  for (const minute of asked) expect(minute.queries).toBeLessThanOrEqual(1 + 2 * minute.incidents);
  // An old incident is looked at ever more rarely.
  expect(asked.slice(-10).reduce((sum, minute) => sum + minute.queries, 0)).toBeLessThan(10 * 1 + 10 * 2);
});
