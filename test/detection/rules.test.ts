import { readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { emptyRulesFile, ruleNames, rulesFor, sourcesOf, type HubLabels } from '../../src/detection/resolve-rules.ts';
import { tagFaults } from '../../src/detection/hub-tags.ts';
import { rulesJsonSchema, type RulesFile } from '../../src/detection/rules.ts';
import { parseRules } from '../../src/detection/rules-text.ts';
import type { Rule } from '../../src/detection/rule.ts';
import { sensitivityNumbers } from '../../src/detection/sensitivity.ts';

const hub: HubLabels = {
  id: '/subscriptions/s/iotHubs/north',
  name: 'north',
  region: 'westeurope',
  tags: { env: 'test' },
};

function parsed(text: string): RulesFile {
  const result = parseRules(text);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.rules;
}

function devices(file: RulesFile, of: HubLabels = hub): Extract<Rule, { detector: 'connected-devices' }> | undefined {
  return rulesFor(file, of).find((rule) => rule.detector === 'connected-devices');
}

describe('a rules file with faults', () => {
  it.each([
    { fault: 'no version', text: 'sensitivity: low', line: 1, problem: /is missing/, remedy: /Write/ },
    {
      fault: 'an unknown key',
      text: 'version: 1\nrules:\n  qouta: {}',
      line: 3,
      problem: /qouta is not known/,
      remedy: /quota/,
    },
    {
      fault: 'an unknown key further in',
      text: 'version: 1\nrules:\n  quota:\n    levls: 1',
      line: 4,
      problem: /levls/,
      remedy: /levels/,
    },
    {
      fault: 'an unknown word',
      text: 'version: 1\nsensitivity: extreme',
      line: 2,
      problem: /not known/,
      remedy: /low, medium, high/,
    },
    {
      fault: 'an alias of nothing',
      text: 'version: 1\nsensitivity: *nope',
      line: 2,
      problem: /\*nope refers to nothing/,
      remedy: /&nope/,
    },
    {
      fault: 'an alias of what comes later',
      text: 'version: 1\nrules:\n  quota: *q\n  telemetry: &q {}',
      line: 3,
      problem: /\*q refers to nothing/,
      remedy: /&q/,
    },
    {
      fault: 'aliases of aliases of aliases',
      text: `version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n${'b c d e f g h i'
        .split(' ')
        .map(
          (name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'.charAt(i)}`).join(',')}]`,
        )
        .join('\n')}`,
      line: 10,
      problem: /stand for too much/,
      remedy: /Write out/,
    },
    {
      fault: 'tags that are none',
      text: 'version: 1\noverrides:\n  - hubs:\n      tags: {}\n    rules: { quota: { enabled: false } }',
      line: 4,
      problem: /cannot be used/,
      remedy: /Name a tag and its value/,
    },
    {
      fault: 'no tags beside a region',
      text: 'version: 1\nmaintenance:\n  - hubs: { region: westeurope, tags: {} }\n    from: 2026-03-10T22:00:00Z\n    to: 2026-03-11T22:00:00Z',
      line: 3,
      problem: /cannot be used/,
      remedy: /leave tags out/,
    },
    {
      fault: 'a tag that would be lost',
      text: 'version: 1\noverrides:\n  - hubs: { tags: { __proto__: x } }\n    rules: { quota: { enabled: false } }',
      line: 3,
      problem: /__proto__ cannot be used/,
      remedy: /remove it/,
    },
    {
      fault: 'a rule that would be lost',
      text: 'version: 1\nrules:\n  metrics:\n    "__proto__": { metric: jobs.failed, aggregation: total }',
      line: 4,
      problem: /__proto__ cannot be used/,
      remedy: /remove it/,
    },
    {
      fault: 'a name that would be lost, by another name',
      text: 'version: 1\nx: &p __proto__\nrules:\n  metrics:\n    ? *p\n    : { metric: jobs.failed, aggregation: total }',
      line: 5,
      problem: /__proto__ cannot be used/,
      remedy: /remove it/,
    },
    {
      fault: 'a share above one',
      text: 'version: 1\nrules:\n  connected-devices:\n    leastDrop: 5',
      line: 4,
      problem: /too large/,
      remedy: /at most 0.95/,
    },
    {
      fault: 'a text for a number',
      text: 'version: 1\nrules:\n  throttling:\n    attemptsRatio: "a lot"',
      line: 4,
      problem: /wrong kind/,
      remedy: /number/,
    },
    {
      fault: 'a duration without a unit',
      text: 'version: 1\nrules:\n  no-data:\n    after: "30"',
      line: 4,
      problem: /cannot be used/,
      remedy: /90s, 5m or 2h/,
    },
    {
      fault: 'a duration that is too short',
      text: 'version: 1\nrules:\n  no-data:\n    after: 1m',
      line: 4,
      problem: /cannot be used/,
      remedy: /between 10m and 24h/,
    },
    {
      fault: 'levels that fall',
      text: 'version: 1\nrules:\n  quota:\n    levels: { warning: 0.9, error: 0.8, critical: 1 }',
      line: 4,
      problem: /cannot be used/,
      remedy: /rise/,
    },
    {
      fault: 'an override for nobody',
      text: 'version: 1\noverrides:\n  - hubs: {}',
      line: 3,
      problem: /cannot be used/,
      remedy: /hub, region or tags/,
    },
    {
      fault: 'a rule about no metric',
      text: 'version: 1\nrules:\n  metrics:\n    uploads: { floor: 3 }',
      line: 4,
      problem: /does not say which metric/,
      remedy: /Add metric and aggregation/,
    },
    { fault: 'a key twice', text: 'version: 1\nversion: 1', line: 2, problem: /unique/, remedy: /Keep one/ },
    { fault: 'text that is not YAML', text: 'version: 1\nrules: [', line: 2, problem: /./, remedy: /Correct the YAML/ },
    { fault: 'a list', text: '- 1', line: 1, problem: /wrong kind/, remedy: /object/ },
  ])('$fault: line, problem and remedy', ({ text, line, problem, remedy }) => {
    const result = parseRules(text);
    if (!('faults' in result)) throw new Error('accepted');
    const [first] = result.faults;
    expect(first?.line).toBe(line);
    expect(first?.problem).toMatch(problem);
    expect(first?.remedy).toMatch(remedy);
  });

  it('tells all of them at once, in the order of lines', () => {
    const result = parseRules('version: 1\nsensitivity: none\nrules:\n  quota: { levels: 3 }\n  wrong: 1');
    expect('faults' in result && result.faults.map(({ line }) => line)).toEqual([2, 4, 5]);
  });
});

describe('whose word counts', () => {
  const file = parsed(`
version: 1
sensitivity: low
overrides:
  - { hubs: { hub: north }, rules: { connected-devices: { leastDevices: 40 } } }
  - { hubs: { tags: { env: test } }, rules: { connected-devices: { leastDevices: 30, leastDrop: 0.3 } } }
  - { hubs: { region: West Europe }, rules: { connected-devices: { leastDevices: 20, leastDrop: 0.2, leastSurge: 0.2 } } }
`);

  it('the hub by name, then tags, then region, then the file, then what is shipped; whatever their order', () => {
    expect(devices(file)?.settings).toMatchObject({
      leastCount: 40,
      leastDrop: 0.3,
      leastSurge: 0.2,
      margin: sensitivityNumbers.low.margin,
    });
    expect(devices(file, { ...hub, name: 'south' })?.settings.leastCount).toBe(30);
    expect(devices(file, { ...hub, name: 'south', tags: {} })?.settings.leastCount).toBe(20);
    expect(devices(file, { ...hub, name: 'south', tags: {}, region: 'eastus' })?.settings.leastCount).toBe(
      sensitivityNumbers.low.leastDevices,
    );
    expect(devices(emptyRulesFile)?.settings.leastCount).toBe(sensitivityNumbers.medium.leastDevices);
  });

  it("a hub's own tags beat what is said of many hubs, not what is said of it", () => {
    const tagged = { ...hub, tags: { 'hubwatch-sensitivity': 'High' } };
    expect(devices(file, tagged)?.settings.margin).toBe(sensitivityNumbers.high.margin);
    const named = parsed('version: 1\noverrides:\n  - { hubs: { hub: NORTH }, sensitivity: low }');
    expect(devices(named, tagged)?.settings.margin).toBe(sensitivityNumbers.low.margin);
  });

  it('tags switch signals off, and a slip in one is said', () => {
    const off = { ...hub, tags: { 'hubwatch-off': 'quota, telemetry' } };
    const left = rulesFor(emptyRulesFile, off).map(({ detector }) => detector);
    expect(left).not.toContain('quota');
    expect(left).not.toContain('telemetry');
    expect(left).toContain('connected-devices');
    const known = ruleNames(emptyRulesFile);
    expect(tagFaults({ 'hubwatch-off': 'qouta' }, known)).toMatchObject([{ tag: 'hubwatch-off', says: 'qouta' }]);
    expect(tagFaults({ 'hubwatch-sensitivity': 'loud' }, known)).toMatchObject([
      { tag: 'hubwatch-sensitivity', says: 'loud', allowed: ['low', 'medium', 'high'] },
    ]);
    expect(tagFaults({ 'hubwatch-off': 'Quota, all, jobs-failed', 'hubwatch-sensitivity': 'High' }, known)).toEqual([]);
  });

  it('tags switch off any rule by its name, or all of them, but none that is switched on for this very hub', () => {
    const left = (off: string, of = emptyRulesFile): string[] =>
      rulesFor(of, { ...hub, tags: { 'hubwatch-off': off } }).map(({ id }) => id);
    expect(left('jobs-failed')).not.toContain('jobs-failed');
    expect(left('jobs-failed')).toContain('routing-latency');
    expect(left('all')).toEqual([]);
    const uploads = 'uploads: { metric: x, aggregation: total }';
    expect(left('all', parsed(`version: 1\nrules: { quota: { enabled: true }, metrics: { ${uploads} } }`))).toEqual([]);
    const named = parsed('version: 1\noverrides:\n  - { hubs: { hub: north }, rules: { quota: { enabled: true } } }');
    expect(left('all', named)).toEqual(['quota']);
  });

  it.each(['quota', 'visibility', 'storm', 'logs-429'])('no rule for a metric takes the name %s', (name) => {
    const result = parseRules(`version: 1\nrules:\n  metrics:\n    ${name}: { metric: x, aggregation: total }`);
    expect('faults' in result && result.faults).toMatchObject([
      {
        line: 4,
        path: `rules.metrics.${name}`,
        problem: 'is a name that cannot be used',
        remedy: expect.stringContaining('another name') as string,
      },
    ]);
  });

  it.each(['low', 'medium', 'high'] as const)('%s is the documented numbers', (sensitivity) => {
    const numbers = sensitivityNumbers[sensitivity];
    const { settings } = devices({ version: 1, sensitivity }) ?? {};
    expect(settings).toMatchObject({
      leastDrop: numbers.leastDrop,
      deviations: numbers.deviations,
      margin: numbers.margin,
    });
  });

  test.prop([fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)), fc.boolean()])(
    'a name that every object has a member of is a name like any other',
    (member, lower) => {
      const name = lower ? member.toLowerCase() : member;
      expect(sourcesOf({ version: 1, rules: { metrics: {} } }, hub, name)).toEqual([]);
      const tagged = Object.fromEntries([
        [name, name],
        ['hubwatch-off', name],
        ['hubwatch-sensitivity', name],
      ]);
      expect(rulesFor(emptyRulesFile, { ...hub, tags: tagged })).toEqual(rulesFor(emptyRulesFile, hub));
      expect(tagFaults(tagged, ruleNames(emptyRulesFile))).toHaveLength(2);
      const wanted: RulesFile = {
        version: 1,
        overrides: [{ hubs: { tags: Object.fromEntries([[name, name]]) }, rules: { quota: { enabled: false } } }],
      };
      expect(rulesFor(wanted, hub)).toEqual(rulesFor(emptyRulesFile, hub));
      expect(rulesFor(wanted, { ...hub, tags: tagged })).not.toEqual(rulesFor(emptyRulesFile, hub));
    },
  );

  it('a rule named constructor is judged, and has its name', () => {
    const named = parsed(
      'version: 1\nrules: { metrics: { constructor: { metric: jobs.failed, aggregation: total, floor: 7 } } }',
    );
    expect(rulesFor(named, hub).find(({ id }) => id === 'constructor')).toMatchObject({ metric: { floor: 7 } });
    expect(sourcesOf(named, hub, 'constructor')).toEqual(['rules']);
  });

  it('shipped metric rules are there, and can be adjusted or switched off by name', () => {
    const adjusted = parsed(
      'version: 1\nrules:\n  metrics:\n    method-failures: { floor: 50 }\n    jobs-failed: { enabled: false }',
    );
    const rules = rulesFor(adjusted, hub);
    expect(rules.find(({ id }) => id === 'method-failures')).toMatchObject({
      metric: { floor: 50, metric: 'c2d.methods.failure' },
    });
    expect(rules.some(({ id }) => id === 'jobs-failed')).toBe(false);
    expect(rules.some(({ id }) => id === 'routing-latency')).toBe(true);
  });
});

describe('what is published', () => {
  const folder = new URL('../../rules/', import.meta.url);

  it('the JSON schema is up to date (node build/rules-schema.ts)', () => {
    expect(JSON.parse(readFileSync(new URL('hubwatch-rules.schema.json', folder), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(rulesJsonSchema())),
    );
  });

  it('the example can be read', () => {
    const example = parsed(readFileSync(new URL('example.yaml', folder), 'utf8'));
    expect(rulesFor(example, hub).some(({ id }) => id === 'file-uploads')).toBe(true);
  });
});
