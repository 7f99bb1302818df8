import { describe, expect, it } from 'vitest';
import { differences } from '../../src/simulator/expectations.ts';
import { loadScenario, scenarioNames } from '../../src/simulator/load-scenario.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { lintCard } from '../fixtures/card-lint.ts';

// Every scenario that ships, played to its end through the real Azure clients: exactly its expected incidents, each with
// one message per channel that is edited in place.

describe.each(scenarioNames())('the scenario %s', (name) => {
  it('ends with exactly its expected incidents, one living card each', async () => {
    const scenario = loadScenario(name);
    const play = await playScenario(scenario);
    try {
      await play.playTo();
      const incidents = await play.incidents();
      expect(differences(scenario, incidents)).toStrictEqual([]);
      expect(play.sent.filter(({ action }) => action === 'post')).toHaveLength(scenario.expect.length);
      for (const { message } of play.sent) if (message.card) expect(lintCard(message.card)).toStrictEqual([]);
      for (const incident of incidents) {
        const posts = await play.deps.stores.posts.list(incident.id);
        expect(posts.map(({ revision }) => revision)).toStrictEqual(posts.map(() => incident.revision));
      }
    } finally {
      await play.close();
    }
  });
});
