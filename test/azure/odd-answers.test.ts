import { afterEach, describe, expect, it } from 'vitest';
import { azureMetrics } from '../../src/azure/monitor-query.ts';
import type { Hub } from '../../src/hubs/hub.ts';
import { sendsAccepted, sendThrottle } from '../../src/metrics/iot-hub-metrics.ts';
import type { HubReading } from '../../src/metrics/series.ts';
import { MINUTE } from '../../src/time/time.ts';
import { aMetric, aQuery, at, batchAnswer, outcome, patient, scriptedAzure } from '../fixtures/azure.ts';
import { aHub } from '../fixtures/domain.ts';
import type { Answer } from '../fixtures/http-server.ts';

let close: () => Promise<void>;
afterEach(() => close());

const hubs = [aHub('plant-a'), aHub('plant-b'), aHub('plant-c')];
const span = { from: at - 5 * MINUTE, to: at };

async function readings(answer: Answer, of: readonly Hub[] = hubs): Promise<readonly HubReading[]> {
  const azure = await scriptedAzure(() => answer);
  ({ close } = azure);
  return azureMetrics(azure.connection, patient({ attempts: 1 })).read(aQuery(of, { metrics: [sendThrottle], span }));
}

/** The values of the five minutes of one hub whose answer holds these points. */
async function values(points: readonly object[], name?: string): Promise<unknown> {
  const value = [aMetric(points, name)];
  const [first] = await readings(batchAnswer(hubs.map(({ id }) => ({ id, value }))));
  if (!first || 'failure' in first) return outcome(first);
  return first.series.map((series) => series.points.map((point) => point.value));
}

const point = (minute: number, fields: object): object => ({
  timeStamp: new Date(span.from + minute * MINUTE).toISOString(),
  ...fields,
});
const nothing = null;

describe('points', () => {
  it.each([
    [
      'in any order are sorted',
      [point(3, { total: 3 }), point(0, { total: 0.5 }), point(4, { total: 4 })],
      [0.5, nothing, nothing, 3, 4],
    ],
    ['that are zero are zero', [point(0, { total: 0 })], [0, nothing, nothing, nothing, nothing]],
    [
      'that are null, absent or of another aggregation are gaps',
      [point(0, { total: null }), point(1, {}), point(2, { average: 7 })],
      [nothing, nothing, nothing, nothing, nothing],
    ],
    [
      'named twice: the last one counts',
      [point(1, { total: 1 }), point(1, { total: 2 })],
      [nothing, 2, nothing, nothing, nothing],
    ],
    [
      'off the grid or out of the span do not count',
      [point(0.5, { total: 9 }), point(-1, { total: 9 }), point(5, { total: 9 }), point(2, { total: 2 })],
      [nothing, nothing, 2, nothing, nothing],
    ],
    [
      'without seconds or with an offset are the same instants',
      [
        { timeStamp: '2026-03-10T09:05Z', total: 1 },
        { timeStamp: '2026-03-10T10:06:00+01:00', total: 2 },
      ],
      [1, 2, nothing, nothing, nothing],
    ],
    [
      'that are no numbers are gaps, and leave the others alone',
      [
        point(0, { total: 'NaN' }),
        point(1, { total: 'Infinity' }),
        point(2, { total: {} }),
        point(3, { total: 'seven' }),
        point(4, { total: 4 }),
      ],
      [nothing, nothing, nothing, nothing, 4],
    ],
    ['none: all gaps', [], [nothing, nothing, nothing, nothing, nothing]],
  ] as [string, object[], unknown[]][])('%s', async (_, points, expected) => {
    expect(await values(points)).toEqual([expected]);
  });

  it.each([
    ['in another letter case', 'D2C.Telemetry.Ingress.SendThrottle', [1, nothing, nothing, nothing, nothing]],
    ['of another name', 'somethingElse', [nothing, nothing, nothing, nothing, nothing]],
  ])('of a metric %s', async (_, name, expected) => {
    expect(await values([point(0, { total: 1 })], name)).toEqual([expected]);
  });

  it.each([
    ['a time that is none', [{ timeStamp: 'soon', total: 1 }, point(1, { total: 2 })]],
    ['no time', [{ total: 1 }, point(1, { total: 2 })]],
  ])('with %s are left out', async (_, points) => {
    expect(await values(points)).toEqual([[nothing, 2, nothing, nothing, nothing]]);
  });
});

describe('answers to a batch', () => {
  const value = (total: number): object[] => [aMetric([point(0, { total })])];
  const first = (all: readonly HubReading[]): unknown[] =>
    all.map((each) => ('failure' in each ? each.failure.code : each.series[0]?.points[0]?.value));

  it('are told apart by the id, whatever their order and letter case', async () => {
    const answer = batchAnswer([
      { id: hubs[2]?.id.toUpperCase() ?? '', value: value(3) },
      { id: hubs[0]?.id ?? '', value: value(1) },
      { id: hubs[1]?.id ?? '', value: value(2) },
    ]);
    expect(first(await readings(answer))).toEqual([1, 2, 3]);
  });

  it('without ids go by their place', async () => {
    expect(first(await readings(batchAnswer([1, 2, 3].map((n) => ({ value: value(n) })))))).toEqual([1, 2, 3]);
  });

  it('that leave a hub out: it is unread, and has no other hub’s values', async () => {
    const answer = batchAnswer([
      { id: hubs[0]?.id ?? '', value: value(1) },
      { id: hubs[2]?.id ?? '', value: value(3) },
    ]);
    expect(first(await readings(answer))).toEqual([1, 'azure.malformed', 3]);
  });

  it('without ids and too few: nobody knows whose they are', async () => {
    const answer = batchAnswer([{ value: value(1) }, { value: value(3) }]);
    expect(first(await readings(answer))).toEqual(['azure.malformed', 'azure.malformed', 'azure.malformed']);
  });

  it('that hold only half of the figures of a hub: it is unread', async () => {
    const azure = await scriptedAzure(({ query }) => {
      const names = query.get('metricnames')?.split(',') ?? [];
      const present = names.includes(sendThrottle.metric) ? hubs.slice(1) : hubs;
      return batchAnswer(present.map(({ id }) => ({ id, value: names.map((name) => aMetric([], name)) })));
    });
    ({ close } = azure);
    const all = await azureMetrics(azure.connection, patient({ attempts: 1 })).read(aQuery(hubs));
    expect(all.map(outcome)).toEqual(['azure.malformed', 0, 0]);
  });

  it('about hubs that nobody asked for are left out', async () => {
    const answer = batchAnswer([...hubs, aHub('stranger')].map(({ id }, i) => ({ id, value: value(i) })).toReversed());
    expect(first(await readings(answer))).toEqual([0, 1, 2]);
  });

  it.each([
    ['nothing in them', { body: {} }],
    ['an empty list', { body: { values: [] } }],
    ['null', { body: { values: null } }],
    ['no JSON', { body: '<html>secret</html>' }],
    ['half a JSON', { body: '{"values":[{"value":' }],
    [
      'metrics without series',
      batchAnswer(hubs.map(({ id }) => ({ id, value: [{ name: { value: sendThrottle.metric } }] }))),
    ],
    ['no metrics', batchAnswer(hubs.map(({ id }) => ({ id, value: [] as object[] })))],
  ] as [string, Answer][])('with %s are not read as zeros', async (_, answer) => {
    for (const reading of await readings(answer)) {
      if ('failure' in reading) expect(reading.failure.code).toBe('azure.malformed');
      else for (const each of reading.series.flatMap(({ points }) => points)) expect(each.value).toBeNull();
    }
  });
});

describe('what Azure says when it refuses', () => {
  it.each([
    ['a long text as code', { code: 'x'.repeat(5_000) }],
    ['markup as code', { code: '**[click](https://evil.example)**\n<at>x</at>' }],
    ['a code that is no text', { code: { evil: true } }],
    ['no code', { message: 'secret words' }],
  ])('is not repeated unless it is a code: %s', async (_, error) => {
    const [reading] = await readings(
      { status: 403, body: { error: { message: 'secret words', ...error } } },
      hubs.slice(0, 1),
    );
    if (!reading || !('failure' in reading)) throw new Error('read');
    expect(reading.failure.message).toBe('Azure refuses metrics of plant-a (403)');
    expect(`${reading.failure.message} ${reading.failure.hint}`).not.toMatch(/secret|evil|stand-in/);
  });

  it('is shown if it is one', async () => {
    const [reading] = await readings(
      { status: 400, body: { code: 'BadRequest', message: 'secret words' } },
      hubs.slice(0, 1),
    );
    expect(reading).toMatchObject({
      failure: { code: 'azure.refused', message: 'Azure refuses metrics of plant-a (400 BadRequest)' },
    });
  });
});

describe('what is asked', () => {
  it('goes to no host that a region names', async () => {
    const azure = await scriptedAzure(() => ({ status: 403 }));
    ({ close } = azure);
    const odd = hubs.map((hub) => ({ ...hub, region: 'evil.example/#' }));
    await azureMetrics(azure.connection, patient({ attempts: 1 })).read(aQuery(odd, { metrics: [sendThrottle], span }));
    expect(azure.seen.map(({ headers }) => headers['x-original-host'])).toEqual(odd.map(() => 'management.azure.com'));
  });

  it('is counts and snapshots apart, with the bearer token, over the span', async () => {
    const azure = await scriptedAzure(() => ({ body: { values: [] } }));
    ({ close } = azure);
    await azureMetrics(azure.connection, patient()).read(aQuery(hubs));
    const [counts, snapshots] = azure.seen.toSorted((a, b) => a.url.length - b.url.length).toReversed();
    expect(counts?.query.get('metricnames')?.split(',')).toEqual(
      expect.arrayContaining([sendThrottle.metric, sendsAccepted.metric]),
    );
    expect(counts?.query.get('aggregation')).toBe('total');
    expect(snapshots?.query.get('aggregation')?.split(',').sort()).toEqual(['average', 'maximum']);
    for (const { headers, query, body } of azure.seen) {
      expect(headers).toMatchObject({
        authorization: 'Bearer stand-in',
        'x-original-host': 'westeurope.metrics.monitor.azure.com',
      });
      expect([query.get('starttime'), query.get('endtime')]).toEqual([
        '2026-03-10T08:40:00.000Z',
        '2026-03-10T09:10:00.000Z',
      ]);
      expect(body).toEqual({ resourceids: hubs.map(({ id }) => id) });
    }
  });
});
