import { LogsQueryResultStatus } from '@azure/monitor-query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/time/time.ts';
import { analyzeKusto } from '../fixtures/kusto-parser.ts';
import { startLogStandIn, type LogStandIn } from '../fixtures/log-stand-in.ts';
import * as queries from '../fixtures/log-queries.ts';

/** A throttled hub, one with a noisy device, one whose tokens end every hour; and one that nothing happens to. */
const story = `
startsAt: 2026-03-10T09:00:00Z
hubs:
  - { name: throttled, connected: 400 }
  - { name: noisy, connected: 200 }
  - { name: renewing, connected: 500, renewal: { every: 60m, share: 0.08 } }
  - { name: healthy, connected: 300 }
  - { name: stormy, connected: 0 }
events:
  - { kind: logs, hubs: [throttled], at: 20m, for: 20m, code: '429001', category: DeviceTelemetry, operation: ingress, perMinute: 30, devices: 300 }
  - { kind: logs, hubs: [noisy], at: 20m, for: 20m, code: '429005', category: DeviceTelemetry, operation: ingress, perMinute: 10, devices: 12, topShare: 0.9, device: pump-7 }
  - { kind: logs, hubs: [noisy], at: 20m, for: 20m, code: null, category: Routes, operation: endpointUnhealthy, perMinute: 0.5, devices: 0, statusCode: '503', description: 'refused with 403004 by the endpoint' }
  - { kind: logs, hubs: [stormy], at: 25m, for: 10m, code: '404104', category: Connections, operation: deviceDisconnect, perMinute: 60, devices: 300 }
  - { kind: logs, hubs: [stormy], at: 25m, for: 10m, code: null, level: Information, category: Connections, perMinute: 120, devices: 300 }
`;
let azure: LogStandIn;
beforeAll(async () => {
  azure = await startLogStandIn(story);
});
afterAll(() => azure.close());

/** The rows that a query gives 50 minutes after the start, by the names of the columns; a hub by its name. */
async function ask(query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  azure.setMinute(50);
  const result = await azure.client.queryWorkspace('w', query, { duration: 'P1D' });
  if (result.status !== LogsQueryResultStatus.Success) throw new Error('only a part of the query was answered');
  const [table] = result.tables;
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries(
      row.map((value, i) => {
        const name = table?.columnDescriptors[i]?.name ?? '';
        return [name, name === 'hubId' && typeof value === 'string' ? value.split('/').at(-1) : value];
      }),
    ),
  );
}
const of = (
  rows: readonly Readonly<Record<string, unknown>>[],
  hubId: string,
): readonly Readonly<Record<string, unknown>>[] => rows.filter((row) => row['hubId'] === hubId);

describe('the queries of a diagnosis, from end to end', () => {
  it.each(Object.entries(queries.logQueries))('%s has the columns that Kusto says', async (_, query) => {
    azure.setMinute(50);
    const result = await azure.client.queryWorkspace('w', query, { duration: 'P1D' });
    const table = result.status === LogsQueryResultStatus.Success ? result.tables[0] : undefined;
    expect(table?.columnDescriptors).toEqual(analyzeKusto(query).columns);
    expect(table?.rows.length).toBeGreaterThan(0);
  });

  it('codes over time: a code also out of the description', async () => {
    const rows = await ask(queries.codesOverTime);
    const throttled = of(rows, 'throttled');
    expect(throttled).toHaveLength(4);
    expect(throttled[0]).toMatchObject({
      logCategory: 'DeviceTelemetry',
      errorCode: '429001',
      records: 150,
      text: 'ThrottlingException',
    });
    expect(throttled.map((row) => row['TimeGenerated'])).toEqual(
      [20, 25, 30, 35].map((minute) => new Date(azure.scenario.startsAt + minute * MINUTE)),
    );
    expect(of(rows, 'noisy').filter((row) => row['errorCode'] === '403004')).toHaveLength(4);
    expect(of(rows, 'healthy')).toHaveLength(0);
  });

  it('families against the time before', async () => {
    const rows = await ask(queries.familiesAgainstBefore('2026-03-10T09:40:00Z'));
    expect(rows[0]).toEqual({
      hubId: 'stormy',
      codeFamily: '404xxx',
      during: 600,
      earlier: 0,
      distinctCodes: ['404104'],
      growth: 600,
    });
    expect(rows[1]).toEqual({
      hubId: 'throttled',
      codeFamily: '429xxx',
      during: 450,
      earlier: 150,
      distinctCodes: ['429001'],
      growth: 3,
    });
  });

  it('throttled devices: one noisy device stands out', async () => {
    const rows = await ask(queries.throttledDevices);
    expect(rows[0]).toMatchObject({ hubId: 'noisy', deviceName: 'pump-7', ResultType: '429005' });
    expect(Number(rows[0]?.['refusals'])).toBeGreaterThan(160);
    expect(of(rows, 'throttled').every((row) => Number(row['refusals']) <= 3)).toBe(true);
  });

  it('returns after a drop: renewed tokens are back, a storm is not', async () => {
    const rows = await ask(queries.returnsAfterDrop);
    const renewing = of(rows, 'renewing');
    expect(renewing.length).toBeGreaterThanOrEqual(6);
    for (const row of renewing) {
      expect(row).toMatchObject({ losses: 40, returns: 40, deviceCount: 40 });
      expect(JSON.stringify(row['sdks'])).toContain('.NET');
    }
    const [healthy] = [of(rows, 'healthy')];
    expect(healthy).toEqual([]);
  });

  it('regularity of drops: every hour', async () => {
    const [row, ...others] = await ask(queries.regularityOfDrops);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ hubId: 'renewing', deviceCount: 40, regular: 40 });
    expect(Number(row?.['middleOfAll'])).toBeCloseTo(60, 0);
  });

  it('reconnects per minute', async () => {
    const storm = of(await ask(queries.reconnects), 'stormy');
    expect(storm).toHaveLength(10);
    expect(storm[0]).toMatchObject({ opened: 120, dropped: 60, throttled: 0, duplicates: 0, openedPerSecond: 2 });
  });

  it('the feed: every hub with a log, and how late it is', async () => {
    const rows = await ask(queries.feedOfLogs);
    expect(new Set(rows.map((row) => row['hubId']))).toEqual(
      new Set(['throttled', 'noisy', 'renewing', 'healthy', 'stormy']),
    );
    for (const row of rows) expect(String(row['usualDelay'])).toMatch(/^00:0[1-3]:/);
  });
});
