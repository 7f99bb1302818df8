import { afterEach, describe, expect, it } from 'vitest';
import { membersCard } from '../../src/cards/members.ts';
import { shippedMetricRules } from '../../src/detection/shipped-rules.ts';
import { cause } from '../../src/diagnosis/diagnosis.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { playScenario, type ScenarioPlayback } from '../../src/simulator/play-scenario.ts';
import { parseScenario, type Scenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// One outage of many hubs, from the wire to the messages that were sent. Times are simulated ones.

const metrics = Object.fromEntries(Object.keys(shippedMetricRules).map((name) => [name, { enabled: false }]));
const rules = { version: 1, rules: { metrics } } as const;

let play: ScenarioPlayback;
afterEach(() => play.close());

async function played(scenario: Scenario): Promise<readonly Incident[]> {
  play = await playScenario(scenario, { policies: { rules } });
  await play.playTo();
  return play.incidents();
}

function scenario(length: string, hubs: readonly object[], events: readonly object[]): Scenario {
  return parseScenario('storm', JSON.stringify({ title: 'storm', about: 'a storm of hubs', length, hubs, events }));
}

const drop = (hubs: readonly string[], at: string, lasts: string, share = 0.02): object[] => [
  { kind: 'devices', hubs, at, for: lasts, share },
  { kind: 'logs', hubs, at, for: '3m', code: '404104', category: 'Connections', perMinute: 20, devices: 60 },
  { kind: 'logs', hubs, at, for: lasts, code: '500001', category: 'Connections', perMinute: 6, devices: 50 },
];
const unwell = (hubs: readonly string[], at: string, lasts: string): object => ({
  kind: 'health',
  hubs,
  at,
  for: lasts,
  state: 'Unavailable',
  reasonType: 'Unplanned',
  summary: 'We are sorry, your IoT hub is unavailable. We are working on it.',
});
const parentsOf = (incidents: readonly Incident[]): readonly Incident[] =>
  incidents.filter(({ subject }) => subject.kind === 'hubs');
const hubOf = ({ subject }: Incident): string => (subject.kind === 'hub' ? subject.hub.name : '');

describe('two hundred hubs that fail together', () => {
  it(
    'are one card, edited at most three times a minute, that lists every one of them',
    { timeout: 240_000 },
    async () => {
      const incidents = await played(
        scenario(
          '50m',
          [{ name: 'plant', count: 200, connected: 300, sendsPerMinute: 100 }],
          [
            ...drop(['plant-1*', 'plant-200'], '5m', '18m'),
            ...drop(['plant-0*'], '6m', '18m'),
            // One of them stays bad when all others have recovered.
            ...drop(['plant-077'], '6m', '5h'),
          ],
        ),
      );
      const [parent, ...more] = parentsOf(incidents);
      expect(more).toEqual([]);
      expect(parent).toMatchObject({ status: 'resolved' });
      const posts = play.sent.filter(({ action }) => action === 'post');
      const names = Array.from({ length: 200 }, (_, i) => `plant-${String(i + 1).padStart(3, '0')}`);

      // None of the two hundred is lost, however far one has to turn the pages.
      const pages = Array.from({ length: 10 }, (_, page) => JSON.stringify(parent && membersCard(parent, page, 'en')));
      for (const name of names)
        expect(pages.filter((page) => page.includes(`${name}"`) || page.includes(name)).length, name).toBe(1);

      // One card for the storm, and one for the hub that is still bad ten minutes after it.
      const leftover = incidents.filter((incident) => hubOf(incident) === 'plant-077' && !incident.foldedInto);
      expect(leftover).toMatchObject([{ grouping: 'settled' }]);
      const endedAt = parent?.status === 'resolved' ? parent.resolvedAt : Number.NaN;
      expect(posts).toHaveLength(2);
      expect(posts[0]?.at).toBeLessThan(play.deps.policies.scheduleMs * 15 + Date.parse('2026-03-10T09:00:00Z'));
      expect((posts[1]?.at ?? 0) - endedAt).toBeGreaterThanOrEqual(10 * MINUTE);

      const edits = Map.groupBy(
        play.sent.filter(({ action }) => action === 'update'),
        ({ at }) => Math.floor(at / MINUTE),
      );
      expect(Math.max(...[...edits.values()].map((each) => each.length))).toBeLessThanOrEqual(3);
      expect(incidents.filter((incident) => hubOf(incident) !== '' && !incident.foldedInto)).toHaveLength(1);
    },
  );
});

describe('Azure Resource Health', () => {
  it.each([
    ['before', '1m'],
    ['while', '8m'],
    ['after', '16m'],
  ])('makes one card of three hubs when it speaks %s they fail', async (_, at) => {
    const names = ['plant-001', 'plant-002', 'plant-003'];
    const incidents = await played(
      scenario(
        '32m',
        [
          { name: 'plant', count: 3, connected: 300 },
          { name: 'other', count: 9, connected: 300 },
        ],
        [{ kind: 'devices', hubs: names, at: '5m', share: 0.02 }, unwell(names, at, '3h')],
      ),
    );
    const [parent, ...more] = parentsOf(incidents);
    expect(more).toEqual([]);
    expect(parent?.subject).toMatchObject({ members: names.map((name) => ({ hub: { name } })) });
    expect(parent && cause(parent.diagnosis)).toMatchObject({
      reason: 'platform-unhealthy',
      confidence: 'established',
    });
    expect(incidents.filter((incident) => hubOf(incident) !== '' && !incident.foldedInto)).toEqual([]);
  });
});

describe('hubs that have nothing to do with each other', () => {
  it.each<[string, readonly object[], readonly object[]]>([
    [
      'two of one region in the same minute',
      [
        { name: 'plant-a', connected: 400 },
        { name: 'plant-b', connected: 400 },
      ],
      [...drop(['plant-a'], '5m', '30m'), ...drop(['plant-b'], '5m', '30m')],
    ],
    [
      'two of one region with different errors',
      [
        { name: 'plant-a', connected: 400 },
        { name: 'plant-b', connected: 400 },
      ],
      [
        ...drop(['plant-a'], '5m', '30m'),
        { kind: 'logs', hubs: ['plant-b'], at: '5m', code: '429002', category: 'TwinQueries', perMinute: 20 },
      ],
    ],
    [
      'two in different regions and subscriptions',
      [
        { name: 'plant-a', connected: 400 },
        {
          name: 'plant-b',
          connected: 400,
          region: 'francecentral',
          subscription: '22222222-2222-4222-8222-222222222222',
        },
      ],
      [...drop(['plant-a'], '5m', '30m'), ...drop(['plant-b'], '5m', '30m')],
    ],
  ])('have a card each: %s', async (_, hubs, events) => {
    const incidents = await played(scenario('30m', hubs, events));
    expect(parentsOf(incidents)).toEqual([]);
    const own = incidents.filter(({ foldedInto }) => !foldedInto);
    expect(own.map(hubOf).toSorted()).toEqual(['plant-a', 'plant-b']);
    expect(play.sent.filter(({ action }) => action === 'post')).toHaveLength(2);
  });
});
