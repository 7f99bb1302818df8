import { describe, expect, it } from 'vitest';
import { parseRules } from '../../src/detection/rules-text.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

const scenario = parseScenario(
  'planned',
  `title: Planned work
about: All devices of two hubs are away for twenty minutes, one of them as planned.
length: 55m
hubs:
  - { name: plant-berlin, connected: 420, sendsPerMinute: 150 }
  - { name: plant-lyon, connected: 900, sendsPerMinute: 150 }
events:
  - { kind: devices, at: 5m, for: 20m, share: 0 }
`,
);

function rulesOf(text: string) {
  const parsed = parseRules(text);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.rules;
}

describe('declared maintenance', () => {
  it('of one hub: nothing is told of it, and of the others as ever', async () => {
    const rules = rulesOf(
      [
        'version: 1',
        'maintenance:',
        '  - hubs: { hub: plant-berlin }',
        '    from: 2026-03-10T09:00:00Z',
        '    to: 2026-03-10T09:35:00Z',
      ].join('\n'),
    );
    const play = await playScenario(scenario, { policies: { rules } });
    try {
      await play.playTo(20 * MINUTE);
      const [berlin] = await play.deps.stores.hubs.listAll();
      expect(berlin?.evaluations?.['connected-devices']).toMatchObject({ verdict: 'unknown', reason: 'maintenance' });
      await play.playTo();
      const subjects = (await play.incidents()).map(({ subject }) => subject.kind === 'hub' && subject.hub.name);
      expect(new Set(subjects)).toEqual(new Set(['plant-lyon']));
    } finally {
      await play.close();
    }
  });

  it('that ends before it begins is refused with its line', () => {
    const parsed = parseRules(
      'version: 1\nmaintenance:\n  - from: 2026-03-10T10:00:00Z\n    to: 2026-03-10T09:00:00Z\n',
    );
    expect('faults' in parsed && parsed.faults).toMatchObject([
      { line: 4, remedy: expect.stringContaining('after from') as string },
    ]);
  });
});
