import { afterEach, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/cards/words/languages.ts';
import { shippedMetricRules } from '../../src/detection/shipped-rules.ts';
import { cause } from '../../src/diagnosis/diagnosis.ts';
import { playScenario, type ScenarioPlayback } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { lintCard } from '../fixtures/card-lint.ts';

// Whatever becomes of the log queries, the card goes out; it says what is missing, and improves when that is there.

const metrics = Object.fromEntries(Object.keys(shippedMetricRules).map((name) => [name, { enabled: false }]));
const rules = { version: 1, rules: { metrics } } as const;

let play: ScenarioPlayback;
afterEach(() => play.close());

/** A hub that loses its devices after five minutes, with these events besides. */
async function lost(length: string, events: readonly object[], hub: object = {}, diagnostics = true) {
  const scenario = parseScenario(
    'lost',
    JSON.stringify({
      title: 'lost',
      about: 'connections are lost, and the logs are bad',
      length,
      hubs: [{ name: 'plant-a', connected: 400, diagnostics, ...hub }],
      events: [{ kind: 'devices', at: '5m', share: 0.1 }, ...events],
    }),
  );
  play = await playScenario(scenario, { policies: { rules } });
  await play.playTo();
  for (const { message } of play.sent) if (message.card) expect(lintCard(message.card)).toEqual([]);
  const incidents = (await play.incidents()).filter(({ foldedInto }) => !foldedInto);
  return { incidents, posts: play.sent.filter(({ action }) => action === 'post') };
}

const refusals = {
  kind: 'logs',
  at: '5m',
  code: '401003',
  category: 'Connections',
  perMinute: 60,
  devices: 360,
};
const textOf = (of: unknown): string => JSON.stringify(of ?? '').replaceAll('\\"', '"');
const english = wordsOf('en');

describe('log queries that are', () => {
  it.each([
    { what: 'refused', answer: 403, why: 'no-permission' },
    { what: 'sent to a workspace that is not there', answer: 404, why: 'no-workspace' },
    { what: 'throttled', answer: 429, why: 'throttled' },
    { what: 'answered by a fault', answer: 500, why: 'no-answer' },
    { what: 'answered with half a document', answer: 'malformed', why: 'unreadable' },
  ] as const)(
    '$what: the card goes out and says so, and is edited when the logs are there',
    async ({ answer, why }) => {
      const { incidents, posts } = await lost('50m', [
        refusals,
        { kind: 'azure', at: '0m', for: '22m', api: 'logs', answer },
      ]);
      expect(posts).toHaveLength(1);
      expect(textOf(posts[0]?.message.card)).toContain(english.logsUnavailable(why));
      expect(incidents).toMatchObject([{ signal: 'connected-devices', diagnosis: { logs: { state: 'found' } } }]);
      expect(cause(incidents[0]?.diagnosis ?? { candidates: [] })).toMatchObject({ code: '401003' });
      const last = play.sent.findLast(({ action }) => action === 'update');
      expect(textOf(last?.message.card)).toContain('401003');
      expect(textOf(last?.message.card)).not.toContain(english.logsUnavailable(why));
    },
  );

  it('left without an answer: the card goes out and says so', async () => {
    const { incidents, posts } = await lost('20m', [
      refusals,
      { kind: 'azure', at: '8m', api: 'logs', answer: 'hang' },
    ]);
    expect(posts).toHaveLength(1);
    expect(incidents).toMatchObject([{ diagnosis: { logs: { state: 'unavailable', why: 'no-answer' } } }]);
    expect(cause(incidents[0]?.diagnosis ?? { candidates: [] })).toBeUndefined();
  });

  it('answered in part: counts are at least these, and the card says so', async () => {
    const { incidents } = await lost('35m', [refusals, { kind: 'azure', at: '0m', api: 'logs', answer: 'partial' }]);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.diagnosis.logs).toMatchObject({ partial: true });
  });

  it('of a hub without a diagnostic setting: the remedy is on the card', async () => {
    const { incidents, posts } = await lost('25m', [refusals], {}, false);
    expect(incidents).toMatchObject([{ diagnosis: { logs: { state: 'unavailable', why: 'no-diagnostic-setting' } } }]);
    expect(textOf(posts[0]?.message.card)).toContain(english.logsUnavailable('no-diagnostic-setting'));
  });
});

describe('log rows that are', () => {
  const hostile = ')](https://evil.example)<at>all</at> <script>\u202e\u0000**"'.repeat(30);
  it.each<[string, readonly object[], readonly string[]]>([
    [
      'of devices with hostile names and descriptions',
      [{ ...refusals, device: hostile, description: hostile, sdk: hostile.slice(0, 400), topShare: 0.9 }],
      ['401xxx'],
    ],
    ['twice there', [refusals, refusals], ['401xxx']],
    [
      'without a code, or with three digits of one',
      [
        refusals,
        { ...refusals, code: null, perMinute: 200 },
        { ...refusals, code: '401', perMinute: 5 },
        { ...refusals, code: '503', category: 'Routes', devices: 0, perMinute: 3 },
      ],
      // What is wrong with the routes is another trouble.
      ['401xxx', '503xxx'],
    ],
  ])('%s do no harm, and the cause is found', async (_, events, families) => {
    const { incidents, posts } = await lost('35m', events);
    expect(posts).toHaveLength(families.length);
    expect(incidents.map(({ diagnosis }) => cause(diagnosis)?.family).toSorted()).toEqual(families);
    // Names stand in runs, which Teams shows as they are; what would hide, turn or mention is gone.
    for (const { message } of play.sent) expect(textOf(message)).not.toMatch(/<at>|\u202e|\\u0000/);
  });
});
