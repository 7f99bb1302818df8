import { describe, expect, it } from 'vitest';
import { parseRules } from '../../src/detection/rules-text.ts';
import { OperationalError } from '../../src/failure/operational-error.ts';
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

describe('rules whose metrics cannot be read', () => {
  const refused = (names: string) =>
    parseScenario(
      'unread',
      `title: Some metrics cannot be read
about: For a test.
length: 60m
hubs: [{ name: plant-berlin, connected: 420, sendsPerMinute: 150 }]
events:
  - { kind: metric, hubs: [plant-berlin], at: 5m, for: 45m, metric: d2c.twin.read.failure, value: 80 }
${names}`,
    );

  it('are unknown, keep their incident, and are told of once until it is over', async () => {
    const play = await playScenario(refused(''));
    const read = play.deps.azure.metrics;
    let blind = false;
    const deps = play.deps as { azure: { metrics: typeof read } };
    deps.azure.metrics = {
      read: async (query, signal) => {
        const readings = await read.read(query, signal);
        if (!blind || !query.metrics.some(({ metric }) => metric.startsWith('d2c.twin'))) return readings;
        const failure = new OperationalError('azure.refused', 'Azure Monitor refused', { hint: 'Check the names.' });
        return readings.map(({ hubId }) => ({ hubId, failure }));
      },
    };
    try {
      await play.playTo(20 * MINUTE);
      expect((await play.incidents()).map(({ signal }) => signal)).toEqual(['device-twin-read-failures']);
      blind = true;
      await play.playTo(45 * MINUTE);
      const told = await play.incidents();
      expect(told.map(({ signal, status }) => [signal, status])).toEqual([
        ['device-twin-read-failures', 'firing'],
        ['visibility', 'firing'],
      ]);
      expect(told[1]?.evaluation.reason).toBe('rules-unread');
      const [record] = await play.deps.stores.hubs.listAll();
      expect(record?.evaluations?.['twin-reads']).toMatchObject({ verdict: 'unknown', reason: 'azure.refused' });
      expect(record?.evaluations?.['connected-devices']?.verdict).toBe('normal');
      blind = false;
      await play.playTo();
      expect((await play.incidents()).find(({ signal }) => signal === 'visibility')?.status).toBe('resolved');
    } finally {
      await play.close();
    }
  });

  it('do not blind the shipped ones', async () => {
    const parsed = parseRules(
      'version: 1\nrules: { metrics: { of-nothing: { metric: no.such.metric, aggregation: total } } }\n',
    );
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    const play = await playScenario(refused(''), { policies: { rules: parsed.rules } });
    try {
      await play.playTo(30 * MINUTE);
      expect((await play.incidents()).map(({ signal }) => signal).toSorted()).toEqual([
        'device-twin-read-failures',
        'visibility',
      ]);
    } finally {
      await play.close();
    }
  });

  it('do not blind the shipped one for the same metric, if they fold it as Azure does not', async () => {
    const parsed = parseRules(
      'version: 1\nrules: { metrics: { summed: { metric: RoutingDeliveryLatency, aggregation: total } } }\n',
    );
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    const play = await playScenario(refused(''), { policies: { rules: parsed.rules } });
    const read = play.deps.azure.metrics;
    const deps = play.deps as { azure: { metrics: typeof read } };
    deps.azure.metrics = {
      read: async (query, signal) => {
        const readings = await read.read(query, signal);
        const wrong = query.metrics.some(
          ({ metric, aggregation }) => metric === 'RoutingDeliveryLatency' && aggregation === 'total',
        );
        const failure = new OperationalError('azure.refused', 'Total is not supported', { hint: 'Use average.' });
        return wrong ? readings.map(({ hubId }) => ({ hubId, failure })) : readings;
      },
    };
    try {
      await play.playTo(7 * MINUTE);
      const [record] = await play.deps.stores.hubs.listAll();
      expect(record?.evaluations?.['summed']).toMatchObject({ verdict: 'unknown', reason: 'azure.refused' });
      expect(record?.evaluations?.['routing-latency']?.reason).not.toBe('azure.refused');
      expect(record?.evaluations?.['twin-reads']?.verdict).toBe('normal');
    } finally {
      await play.close();
    }
  });
});
