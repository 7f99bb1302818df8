import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { MINUTE } from '../../src/time/time.ts';
import { readCard } from '../fixtures/card-lint.ts';

const risingLoad = parseScenario(
  'rising-load',
  `title: Load that rises past the send rate
about: First every send is taken, then the hub refuses.
length: 48m
hubs: [{ name: plant-berlin, sku: S1, units: 1, messagesPerDay: 40000000, connected: 400, sendsPerMinute: 250 }]
events:
  - { kind: sends, hubs: [plant-berlin], at: 2m, for: 22m, perMinute: 6080 }
  - { kind: sends, hubs: [plant-berlin], at: 24m, for: 24m, perMinute: 15500 }
`,
);

describe('an incident whose metric comes to tell another story', () => {
  it('has the new cause on its card in the same minute', async () => {
    const play = await playScenario(risingLoad, { logs: { kind: 'off' } });
    const stories = new Set<string>();
    try {
      for (let minute = 1; minute <= 48; minute++) {
        await play.playTo(minute * MINUTE);
        for (const { evaluation, diagnosis } of await play.incidents())
          stories.add(`${evaluation.reason}: ${diagnosis.candidates[0]?.reason ?? 'none'}`);
      }
      expect([...stories]).toEqual([
        'attempts-above-rate: near-send-limit',
        'attempts-above-rate: throttle-metric',
        'sustained-throttling: throttle-metric',
      ]);
      const card = readCard(play.sent.at(-1)?.message.card);
      expect(card).not.toContain('refuses nothing yet');
      expect(play.sent.filter(({ action }) => action === 'post')).toHaveLength(1);
    } finally {
      await play.close();
    }
  });
});
