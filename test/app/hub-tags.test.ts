import { expect, it } from 'vitest';
import { tellTagFaults } from '../../src/app/tell-tag-faults.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { aHub } from '../fixtures/domain.ts';

it('a hub that is tagged off makes no incident, from its metrics or from its logs; a slip in a tag is told once', async () => {
  const scenario = parseScenario(
    'tags',
    `title: Owners tag their hubs
about: For a test
length: 20m
hubs:
  - { name: plant-berlin, tags: { hubwatch-off: all } }
  - { name: plant-lyon, tags: { hubwatch-off: 'logs-403004 qouta' } }
  - { name: plant-oslo }
events:
  - { kind: devices, hubs: [plant-berlin], at: 2m, for: 18m, share: 0 }
  - { kind: logs, at: 2m, for: 18m, code: '403004', category: C2DCommands, operation: sendC2D, perMinute: 30 }
`,
  );
  const told: unknown[] = [];
  const play = await playScenario(scenario, {
    log: (event, fields) => {
      if (event === 'tags.not-followed') told.push(fields);
    },
  });
  try {
    await play.playTo();
    const subjects = (await play.incidents()).map(({ subject }) => subject.kind === 'hub' && subject.hub.name);
    expect(subjects).toEqual(['plant-oslo']);
    const [berlin] = await play.deps.stores.hubs.listAll();
    expect(berlin).toMatchObject({ hub: { name: 'plant-berlin' }, verdicts: {} });
    expect(told).toEqual([
      { hub: 'plant-lyon', faults: [expect.stringMatching(/"qouta" is none of .*quota.*logs-429/)] },
    ]);
  } finally {
    await play.close();
  }
});

it('a slip that takes the place of another is told', () => {
  const told: string[] = [];
  const deps = {
    policies: { rules: { version: 1 } },
    log: (event: string) => told.push(event),
  } as unknown as Parameters<typeof tellTagFaults>[0];
  const tagged = (off: string) => aHub('hub-a', { tags: { 'hubwatch-off': off } });
  tellTagFaults(deps, tagged('qouta'), tagged('quota'));
  tellTagFaults(deps, tagged('qoata'), tagged('qouta'));
  tellTagFaults(deps, tagged('quota'), tagged('qoata'));
  expect(told).toHaveLength(2);
});
