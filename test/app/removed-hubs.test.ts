import { expect, it } from 'vitest';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

it.each([3, 120])('hubs that are gone are forgotten, in a group of %i', async (count) => {
  const scenario = parseScenario(
    'removed',
    `
title: Some hubs are deleted
about: For a test
length: 20m
hubs:
  - { name: plant, count: ${String(count)}, noise: 0 }
events:
  - { kind: deleted, hubs: [plant-001, plant-002], at: 5m }
`,
  );
  const playback = await playScenario(scenario);
  try {
    const known = async (): Promise<string[]> =>
      (await playback.deps.stores.hubs.listAll()).map(({ hub }) => hub.name).sort();
    await playback.playTo(4 * MINUTE);
    expect(await known()).toHaveLength(count);
    await playback.playTo();
    expect(await known()).toEqual(scenario.hubs.slice(2).map(({ name }) => name));
  } finally {
    await playback.close();
  }
});
