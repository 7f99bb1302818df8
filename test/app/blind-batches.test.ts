import { describe, expect, it } from 'vitest';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// A group of more than fifty hubs is read in several batches, each by a worker of its own.

const scenario = parseScenario(
  'blind',
  `
title: One batch of a large group cannot be read
about: For a test
length: 45m
hubs:
  - { name: plant, count: 60, noise: 0 }
events:
  - { kind: azure, api: batch, answer: 503, hubs: [plant-001], at: 5m, for: 25m }
`,
);

describe('hubs that cannot be read', () => {
  it('make one incident, which stays as long as any of them cannot, and then ends once', async () => {
    const playback = await playScenario(scenario);
    try {
      await playback.playTo(28 * MINUTE);
      const [incident, ...more] = await playback.incidents();
      expect(more).toEqual([]);
      expect(incident).toMatchObject({ signal: 'visibility', status: 'firing' });
      expect(incident?.subject).toMatchObject({ kind: 'hubs', members: { length: 50 } });
      expect(incident?.events.map(({ kind }) => kind)).toEqual(['opened']);

      await playback.playTo();
      const [after] = await playback.incidents();
      expect(after).toMatchObject({ id: incident?.id, status: 'resolved' });
      expect(after?.events.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
    } finally {
      await playback.close();
    }
  });
});
