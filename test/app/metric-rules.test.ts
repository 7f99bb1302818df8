import { describe, expect, it } from 'vitest';
import { parseRules } from '../../src/detection/rules-text.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// Metrics that have no detector of their own.

const scenario = parseScenario(
  'twins',
  `title: Twin reads fail
about: A back end asks for twins that are not there.
length: 65m
hubs:
  - { name: plant-berlin, connected: 420, sendsPerMinute: 150 }
  - { name: plant-lyon, connected: 900, sendsPerMinute: 150 }
events:
  - { kind: metric, hubs: [plant-berlin], at: 5m, for: 15m, metric: d2c.twin.read.failure, value: 80 }
`,
);

describe('a rule for any metric', () => {
  it('tells what the metric never did before, and when that is over', async () => {
    const play = await playScenario(scenario);
    try {
      await play.playTo();
      const incidents = await play.incidents();
      expect(incidents.map(({ signal, subject }) => [signal, subject.kind === 'hub' && subject.hub.name])).toEqual([
        ['device-twin-read-failures', 'plant-berlin'],
      ]);
      const [incident] = incidents;
      expect(incident?.openedAt).toBeLessThanOrEqual(scenario.startsAt + 20 * MINUTE);
      expect(incident?.status).toBe('resolved');
      expect(play.sent.filter(({ action }) => action === 'post')).toHaveLength(1);
    } finally {
      await play.close();
    }
  });

  it('can be switched off', async () => {
    const parsed = parseRules('version: 1\nrules:\n  metrics:\n    device-twin-read-failures: { enabled: false }\n');
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    const play = await playScenario(scenario, { policies: { rules: parsed.rules } });
    try {
      await play.playTo(30 * MINUTE);
      expect(await play.incidents()).toEqual([]);
    } finally {
      await play.close();
    }
  });
});

describe('where a rule comes from', () => {
  it('stands beside what it says', async () => {
    const parsed = parseRules(
      [
        'version: 1',
        'rules: { quota: { forecast: false } }',
        'overrides:',
        '  - hubs: { hub: plant-berlin }',
        '    rules: { metrics: { jobs-failed: { floor: 3 } } }',
        '  - hubs: { region: westeurope }',
        '    sensitivity: high',
      ].join('\n'),
    );
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    const play = await playScenario(scenario, { policies: { rules: parsed.rules } });
    try {
      await play.playTo(6 * MINUTE);
      const [berlin, lyon] = (await play.deps.stores.hubs.listAll()).map(({ evaluations }) => evaluations ?? {});
      expect(berlin?.['quota']?.ruleSource).toBe('rules, overrides[1]');
      expect(berlin?.['jobs-failed']?.ruleSource).toBe('overrides[1], overrides[0]');
      expect(lyon?.['jobs-failed']?.ruleSource).toBe('overrides[1]');
    } finally {
      await play.close();
    }
  });

  it('is not said where it is as shipped', async () => {
    const play = await playScenario(scenario);
    try {
      await play.playTo(MINUTE);
      for (const { evaluations } of await play.deps.stores.hubs.listAll())
        for (const evaluation of Object.values(evaluations ?? {})) expect(evaluation.ruleSource).toBeUndefined();
    } finally {
      await play.close();
    }
  });
});
