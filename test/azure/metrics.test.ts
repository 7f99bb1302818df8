import { afterEach, describe, expect, it } from 'vitest';
import { azureMetrics } from '../../src/azure/monitor-query.ts';
import type { HubReading } from '../../src/metrics/series.ts';
import { connectedDevices, coreMetrics } from '../../src/metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE } from '../../src/time/time.ts';
import { aQuery, at, outcome, patient, startAzure, type TestAzure } from '../fixtures/azure.ts';

let azure: TestAzure;
afterEach(() => azure.close());

const fifty = ['{ name: plant, count: 50 }'];
const three = ['{ name: plant-a }', '{ name: plant-b }', '{ name: plant-c }'];

describe('metrics of many hubs', () => {
  it('are read in one batch, each hub with its own series in the order asked for', async () => {
    azure = await startAzure(['{ name: plant, count: 50, noise: 0 }', '{ name: other, connected: 77, noise: 0 }']);
    const hubs = [...azure.hubs.slice(25, 49), ...azure.hubs.slice(0, 25), ...azure.hubs.slice(50)];
    const readings = await azureMetrics(azure.connection).read(aQuery(hubs));
    expect(azure.counts).toMatchObject({ batch: 2, metrics: 0 });
    expect(readings.map(({ hubId }) => hubId)).toEqual(hubs.map(({ id }) => id));
    for (const reading of readings) {
      if ('failure' in reading) throw reading.failure;
      expect(reading.series.map(({ metric }) => metric)).toEqual(coreMetrics.map(({ metric }) => metric));
      for (const { points } of reading.series) expect(points.map((point) => point.at)).toEqual(minutes());
    }
    const last = readings.at(-1) as Extract<HubReading, { series: unknown }>;
    expect(last.series.at(-1)?.points[0]?.value).toBe(77);
  });

  it('are the same when they are read one by one', async () => {
    azure = await startAzure(three);
    const source = azureMetrics(azure.connection);
    const batch = await source.read(aQuery(azure.hubs));
    const single = await Promise.all(azure.hubs.map((hub) => source.read(aQuery([hub]))));
    expect(single.flat()).toEqual(batch);
    expect(azure.counts).toMatchObject({ batch: 2, metrics: 6 });
  });

  it('may be hourly over a week', async () => {
    azure = await startAzure(['{ name: plant-a, noise: 0, connected: 500 }']);
    const end = Math.floor(at / HOUR) * HOUR;
    const [reading] = await azureMetrics(azure.connection).read(
      aQuery(azure.hubs, { metrics: [connectedDevices], span: { from: end - 7 * DAY, to: end }, grainMs: HOUR }),
    );
    if (!reading || 'failure' in reading) throw new Error('not read');
    expect(reading.series[0]?.points).toHaveLength(7 * 24);
    expect(reading.series[0]?.points.at(-1)?.value).toBe(500);
  });

  it('of no hub are no request', async () => {
    azure = await startAzure(three);
    expect(await azureMetrics(azure.connection).read(aQuery([]))).toEqual([]);
    expect(azure.counts).toMatchObject({ batch: 0, metrics: 0 });
  });
});

describe('a batch that is refused', () => {
  it.each([400, 401, 403])('for good (%i): the hubs are read one by one, for half an hour', async (status) => {
    azure = await startAzure(three, [`{ kind: azure, api: batch, answer: ${String(status)}, at: 0m }`]);
    const source = azureMetrics(azure.connection, patient());
    const read = async (later: number): Promise<(string | number)[]> => {
      const span = { from: at - 30 * MINUTE + later, to: at + later };
      return (await source.read(aQuery(azure.hubs, { span }))).map(outcome);
    };
    for (const known of await read(0)) expect(known).toBeGreaterThan(100);
    expect(azure.counts).toMatchObject({ batch: 2, metrics: 6 });
    await read(29 * MINUTE);
    expect(azure.counts).toMatchObject({ batch: 2, metrics: 12 });
    await read(30 * MINUTE);
    expect(azure.counts).toMatchObject({ batch: 4, metrics: 18 });
  });

  it('because the hubs are of two regions: they are read one by one', async () => {
    azure = await startAzure(['{ name: plant-a }', '{ name: plant-b, region: northeurope }']);
    const readings = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    for (const known of readings.map(outcome)) expect(known).toBeGreaterThan(100);
  });

  it('because one hub is gone: the others are still read, and the next batch is tried as usual', async () => {
    azure = await startAzure(three, ['{ kind: deleted, hubs: [plant-b], at: 0m }']);
    const source = azureMetrics(azure.connection, patient());
    const [a, b, c] = await source.read(aQuery(azure.hubs));
    expect([outcome(a), outcome(c)]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(b).toMatchObject({
      hubId: azure.hubs[1]?.id,
      failure: { code: 'azure.not-found', message: 'Azure does not know metrics of plant-b (404 ResourceNotFound)' },
    });
    const before = azure.counts.batch;
    await source.read(aQuery(azure.hubs));
    expect(azure.counts.batch).toBeGreaterThan(before);
  });

  it('and single reads too: the failure names the role that is missing', async () => {
    azure = await startAzure(three, [
      '{ kind: azure, api: batch, answer: 403, at: 0m }',
      '{ kind: azure, api: metrics, answer: 403, hubs: [plant-b], at: 0m }',
    ]);
    const [a, b] = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    expect(outcome(a)).toBeGreaterThan(100);
    expect(b).toMatchObject({
      failure: {
        code: 'azure.auth',
        message: 'Azure refuses metrics of plant-b (403 Simulated403)',
        hint: expect.stringContaining('"Monitoring Reader"') as string,
        retryable: false,
      },
    });
  });
});

describe('a batch that Azure does not answer', () => {
  it('429 with a pause that fits: the pause is kept, and then it is given up', async () => {
    azure = await startAzure(fifty, ['{ kind: azure, api: batch, answer: 429, retryAfter: 7s, at: 0m }']);
    const budget = patient();
    const readings = await azureMetrics(azure.connection, budget).read(aQuery(azure.hubs));
    expect(new Set(readings.map(outcome))).toEqual(new Set(['azure.throttled']));
    expect(new Set(budget.pauses)).toEqual(new Set([7_000]));
    expectTries(3);
  });

  it('429 with a pause beyond the budget: it is given up at once, for the next tick', async () => {
    azure = await startAzure(fifty, ['{ kind: azure, api: batch, answer: 429, retryAfter: 60s, at: 0m }']);
    const budget = patient();
    const [first] = await azureMetrics(azure.connection, budget).read(aQuery(azure.hubs));
    expect(first).toMatchObject({ failure: { code: 'azure.throttled', retryable: true, retryAfterMs: 60_000 } });
    expect(budget.pauses).toEqual([]);
    expectTries(1);
  });

  it.each([500, 502, 503, 504, 529, 408])('%i: it is tried three times, and the hubs are unread', async (status) => {
    azure = await startAzure(three, [`{ kind: azure, api: batch, answer: ${String(status)}, at: 0m }`]);
    const readings = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    const code = status === 529 ? 'azure.throttled' : 'azure.unavailable';
    expect(readings.map(outcome)).toEqual([code, code, code]);
    expectTries(3);
  });

  it('never: it is given up after its time', async () => {
    azure = await startAzure(three, ['{ kind: azure, api: batch, answer: hang, at: 0m }']);
    const [first] = await azureMetrics(azure.connection, patient({ perAttemptMs: 100 })).read(aQuery(azure.hubs));
    expect(first).toMatchObject({
      failure: { code: 'azure.unavailable', message: 'Azure does not answer for metrics of 3 hubs (AbortError)' },
    });
  });

  it('legibly: it is tried again, and then the hubs are read one by one', async () => {
    azure = await startAzure(three, ['{ kind: azure, api: batch, answer: malformed, at: 0m }']);
    const readings = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    for (const known of readings.map(outcome)) expect(known).toBeGreaterThan(100);
    expect(azure.counts).toMatchObject({ batch: 6, metrics: 6 });
  });

  it('with anything: the hubs are unread, and nobody takes it for zero', async () => {
    azure = await startAzure(three, ['{ kind: azure, api: batch, answer: empty, at: 0m }']);
    const readings = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    expect(readings.map(outcome)).toEqual(['azure.malformed', 'azure.malformed', 'azure.malformed']);
  });
});

describe('single reads', () => {
  it('that fail do not stop the others', async () => {
    azure = await startAzure(three, [
      '{ kind: azure, api: batch, answer: 403, at: 0m }',
      '{ kind: azure, api: metrics, answer: 500, hubs: [plant-a], at: 0m }',
      '{ kind: azure, api: metrics, answer: malformed, hubs: [plant-b], at: 0m }',
    ]);
    const [a, b, c] = await azureMetrics(azure.connection, patient()).read(aQuery(azure.hubs));
    expect([outcome(a), outcome(b), outcome(c)]).toEqual(['azure.unavailable', 'azure.malformed', expect.any(Number)]);
  });

  it('take no longer together than the invocation lives, whoever does not answer', async () => {
    azure = await startAzure(fifty, [
      '{ kind: azure, api: batch, answer: 403, at: 0m }',
      '{ kind: azure, api: metrics, answer: hang, at: 0m }',
    ]);
    const budget = { attempts: 1, perAttemptMs: 60, totalMs: 150 };
    const readings = await azureMetrics(azure.connection, budget).read(aQuery(azure.hubs));
    expect(new Set(readings.map(outcome))).toEqual(new Set(['azure.unavailable']));
    expect(readings).toHaveLength(50);
    expect(azure.counts.metrics).toBeLessThan(60);
  });
});

/** A batch is two calls, of counts and of snapshots; what one of them ends with does not wait for the other. */
function expectTries(tries: number): void {
  expect(azure.counts.metrics).toBe(0);
  expect(azure.counts.batch).toBeGreaterThanOrEqual(tries);
  expect(azure.counts.batch).toBeLessThanOrEqual(2 * tries);
}

function minutes(): number[] {
  return Array.from({ length: 30 }, (_, i) => at - (30 - i) * MINUTE);
}
