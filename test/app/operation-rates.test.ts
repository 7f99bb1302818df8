import { describe, expect, it } from 'vitest';
import { whyNot } from '../../src/app/tell-why.ts';
import { loadScenario } from '../../src/simulator/load-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { MINUTE } from '../../src/time/time.ts';
import { readCard } from '../fixtures/card-lint.ts';

const scenario = loadScenario('twin-rate');

describe('an operation near its rate', () => {
  it('has a card with the rate, the likely family and the smallest change that carries it', async () => {
    const play = await playScenario(scenario);
    try {
      await play.playTo(24 * MINUTE);
      const card = readCard(play.sent.at(-1)?.message.card);
      expect(card).toMatch(/Twin reads are at 9\d% of what this hub takes \(9[\d.]+ of 100 per second\)/);
      expect(card).toContain('429xxx');
      expect(card).toContain('Find the caller');
      expect(card).not.toContain('put several readings into one message');
      expect(card).toContain('The resource logs hold no errors from');
      expect(card).toContain('az iot hub update --name plant-berlin --sku S3 --unit 1');
      expect(card).toContain('One more unit of S1 would not raise this rate');
      const hubs = await play.deps.stores.hubs.listAll();
      const lyon = hubs.find(({ hub }) => hub.name === 'plant-lyon')?.evaluations?.['twin-reads'];
      expect(lyon).toMatchObject({ verdict: 'normal', reason: 'below-rate', numbers: { limit: 100 } });
      expect(lyon?.numbers.ratio).toBeCloseTo(0.3, 1);
      await play.playTo();
      const over = readCard(play.sent.at(-1)?.message.card);
      expect(over).toMatch(/Until then: Twin reads are at 9\d% of what this hub takes/);
    } finally {
      await play.close();
    }
  });

  it('is told in why not, as long as it is far from it, too', async () => {
    const play = await playScenario(scenario);
    try {
      await play.playTo(20 * MINUTE);
      const reply = await whyNot(play.deps, 'plant-lyon', 'en', scenario.startsAt + 20 * MINUTE);
      expect(JSON.stringify(reply)).toMatch(/Twin reads: normal \(below-rate\), [\d.]+ of 100 per second \(\d+%\)/);
      expect(JSON.stringify(reply)).toContain('Twin queries: normal (below-rate), 0 of 20 per minute (0%)');
    } finally {
      await play.close();
    }
  });
});

const storm = parseScenario(
  'connect-storm',
  `title: Devices connect as fast as the hub lets them
about: Without waiting, again and again.
length: 40m
hubs: [{ name: plant-berlin, sku: S1, connected: 400, sendsPerMinute: 250 }]
events:
  - { kind: logs, hubs: [plant-berlin], at: 5m, for: 12m, code: null, level: Information, category: Connections, operation: deviceConnect, perMinute: 5800, devices: 400 }
`,
);

describe('new connections near their rate', () => {
  it('are told from the logs, and that it is over', async () => {
    const play = await playScenario(storm);
    try {
      await play.playTo();
      const incidents = await play.incidents();
      expect(incidents).toMatchObject([
        {
          signal: 'logs-connections',
          status: 'resolved',
          evaluation: { reason: 'near-rate', numbers: { limit: 100 } },
        },
      ]);
      expect(incidents[0]?.diagnosis.candidates[0]).toMatchObject({
        family: '429xxx',
        confidence: 'likely',
        reason: 'near-connection-rate',
      });
    } finally {
      await play.close();
    }
  });
});
