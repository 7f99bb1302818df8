import { expect, it } from 'vitest';
import { status, whyNot } from '../../src/app/tell-why.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { MINUTE } from '../../src/time/time.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';

const scenario = parseScenario(
  'switched-off',
  `title: Hubs whose owners have switched something off
about: For a test.
length: 20m
hubs:
  - { name: plant-berlin, tags: { hubwatch-off: all } }
  - { name: plant-lyon, tags: { hubwatch-off: 'throttling, qouta' } }
  - { name: plant-oslo }
events:
  - { kind: devices, hubs: [plant-berlin], at: 2m, share: 0 }
`,
);

it('a hub that is not watched does not look healthy, and what a tag cannot mean is said', async () => {
  const play = await playScenario(scenario);
  try {
    await play.playTo();
    const now = scenario.startsAt + 20 * MINUTE;
    const card = await status(play.deps, 1, 'en', now);
    expect(lintCard(card)).toEqual([]);
    const text = readCard(card);
    expect(text).toContain('2 hubs watched, 0 open incidents, 0 with unknown state, 1 not watched.');
    expect(text).toMatch(/plant-berlin.*not watched: its rules are switched off/);
    expect(text).toMatch(/plant-lyon.*fine, data .* old {2}not watched: throttling/);
    expect(text).toMatch(/plant-oslo.*fine, data .* old$/m);
    const berlin = JSON.stringify(await whyNot(play.deps, 'plant-berlin', 'en', now));
    expect(berlin).toContain('not watched: connected devices, throttling, daily message quota');
    const lyon = JSON.stringify(await whyNot(play.deps, 'plant-lyon', 'fr', now));
    expect(lyon).toContain('sans surveillance : limitation de débit');
    expect(lyon).toContain('hubwatch-off dit « qouta »');
  } finally {
    await play.close();
  }
});
