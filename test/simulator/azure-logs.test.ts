import { LogsQueryResultStatus, type LogsQueryResult } from '@azure/monitor-query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLogsTimespan } from '../../src/simulator/logs-timespan.ts';
import { diagnosticsColumns } from '../../src/simulator/log-table.ts';
import { MINUTE } from '../../src/time/time.ts';
import { startLogStandIn, type LogStandIn } from '../fixtures/log-stand-in.ts';

const other = '22222222-2222-4222-8222-222222222222';
let azure: LogStandIn;
beforeAll(async () => {
  azure = await startLogStandIn(`
hubs:
  - { name: plant-berlin, connected: 0, tags: { team: plants } }
  - { name: plant-lyon, connected: 0, resourceGroup: rg-Lyon }
  - { name: plant-rome, connected: 0, subscription: ${other} }
  - { name: plant-dark, connected: 0, diagnostics: false }
events:
  - { kind: logs, at: 10m, for: 20m, code: '404104', category: Connections, perMinute: 1, devices: 5 }
  - { kind: azure, hubs: [plant-lyon], api: logs, answer: partial, at: 100m, for: 10m }
  - { kind: azure, api: logs, answer: 503, at: 120m, for: 10m }
  - { kind: azure, api: logs, answer: malformed, at: 130m, for: 10m }
  - { kind: deleted, hubs: [plant-rome], at: 150m }
`);
});
afterAll(() => azure.close());

const byHub = 'AzureDiagnostics | summarize n = count() by Resource | order by Resource asc';
const ids = { berlin: 0, lyon: 1, rome: 2, dark: 3 };
const idOf = (name: keyof typeof ids): string => azure.scenario.hubs[ids[name]]?.id ?? '';

function rowsOf(result: LogsQueryResult): readonly unknown[] {
  expect(result.status).toBe(LogsQueryResultStatus.Success);
  return result.status === LogsQueryResultStatus.Success ? (result.tables[0]?.rows ?? []) : [];
}
async function inWorkspace(query: string, duration = 'P1D'): Promise<readonly unknown[]> {
  return rowsOf(await azure.client.queryWorkspace('any-workspace', query, { duration }));
}
async function refusal(
  query: string,
  timespan: string | null = 'P1D',
  path = '/v1/workspaces/w/query',
): Promise<unknown> {
  const response = await fetch(`${azure.url}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    body: JSON.stringify({ query, timespan }),
  });
  return { status: response.status, body: await response.json() };
}

describe('a scope', () => {
  beforeAll(() => {
    azure.setMinute(60);
  });

  it('a workspace holds all hubs whose logs are sent to one', async () => {
    expect(await inWorkspace(byHub)).toEqual([
      ['PLANT-BERLIN', 20],
      ['PLANT-LYON', 20],
      ['PLANT-ROME', 20],
    ]);
  });

  it.each([
    { scope: 'a hub', id: () => idOf('berlin'), rows: [['PLANT-BERLIN', 20]] },
    { scope: 'a hub in other letters', id: () => idOf('lyon').toUpperCase(), rows: [['PLANT-LYON', 20]] },
    { scope: 'a hub without a setting', id: () => idOf('dark'), rows: [] },
    { scope: 'a resource group', id: () => idOf('lyon').replace(/\/providers.*/, ''), rows: [['PLANT-LYON', 20]] },
    {
      scope: 'a subscription',
      id: () => idOf('berlin').replace(/\/resourceGroups.*/, ''),
      rows: [
        ['PLANT-BERLIN', 20],
        ['PLANT-LYON', 20],
      ],
    },
  ])('$scope', async ({ id, rows }) => {
    expect(rowsOf(await azure.client.queryResource(id(), byHub, { duration: 'P1D' }))).toEqual(rows);
  });

  it.each(['/subscriptions/33333333-3333-4333-8333-333333333333', `/subscriptions/${other}/resourceGroups/none`])(
    '%s is not found',
    async (id) => {
      await expect(azure.client.queryResource(id, byHub, { duration: 'P1D' })).rejects.toMatchObject({
        statusCode: 404,
        code: 'ResourceNotFoundError',
      });
    },
  );

  it('several queries in a batch, each with an answer of its own', async () => {
    const timespan = { duration: 'P1D' };
    const results = await azure.client.queryBatch([
      { workspaceId: 'w', query: byHub, timespan },
      { workspaceId: 'w', query: 'AzureDiagnostics | wher', timespan },
    ]);
    expect(results.map(({ status }) => status)).toEqual([LogsQueryResultStatus.Success, LogsQueryResultStatus.Failure]);
  });
});

describe('a record', () => {
  it('has the columns of an IoT hub, in its letter case', async () => {
    azure.setMinute(60);
    const result = await azure.client.queryResource(idOf('lyon'), 'AzureDiagnostics | top 1 by TimeGenerated asc', {
      duration: 'P1D',
    });
    expect(result.status).toBe(LogsQueryResultStatus.Success);
    const [table] = result.status === LogsQueryResultStatus.Success ? result.tables : [];
    expect(table?.columnDescriptors).toEqual(diagnosticsColumns.filter(({ hidden }) => !hidden));
    const record = Object.fromEntries(
      table?.columnDescriptors.map(({ name }, i): [string, unknown] => [name ?? '', table.rows[0]?.[i]]) ?? [],
    );
    expect(record).toMatchObject({
      ResourceProvider: 'MICROSOFT.DEVICES',
      ResourceType: 'IOTHUBS',
      Resource: 'PLANT-LYON',
      ResourceGroup: 'RG-LYON',
      Category: 'Connections',
      OperationName: 'deviceConnect',
      Level: 'Error',
      ResultType: '404104',
      ResultDescription: 'DeviceConnectionClosedRemotely',
      SourceSystem: 'Azure',
      ResourceId: idOf('lyon').toUpperCase(),
      _ResourceId: idOf('lyon').toLowerCase(),
    });
    expect(record['TimeGenerated']).toBeInstanceOf(Date);
    expect(JSON.parse(String(record['properties_s']))).toMatchObject({ statusCode: '404', protocol: 'Mqtt' });
  });
});

describe('time', () => {
  const count = 'AzureDiagnostics | where Resource == "PLANT-BERLIN" | count';

  it('now() and ago() are the simulated time, and records come late', async () => {
    azure.setMinute(20);
    expect(await inWorkspace('print now()')).toEqual([[new Date(azure.scenario.startsAt + 20 * MINUTE)]]);
    const [[seen] = []] = (await inWorkspace(count)) as readonly (readonly number[])[];
    expect(seen).toBeGreaterThanOrEqual(6);
    expect(seen).toBeLessThan(10);
    azure.setMinute(40);
    expect(await inWorkspace('AzureDiagnostics | where TimeGenerated between (ago(30m) .. ago(20m)) | count')).toEqual([
      [30],
    ]);
  });

  it('the time span of the request bounds the query', async () => {
    azure.setMinute(60);
    const at = (minute: number): Date => new Date(azure.scenario.startsAt + minute * MINUTE);
    expect(await inWorkspace(count, 'PT35M')).toEqual([[5]]);
    const spans = [
      { startTime: at(12), endTime: at(15) },
      { startTime: at(12), duration: 'PT3M' },
      { duration: 'PT3M', endTime: at(15) },
    ];
    for (const span of spans) {
      const result = await azure.client.queryWorkspace('w', count, span);
      expect(rowsOf(result)).toEqual([[3]]);
    }
    expect(await refusal(count, '')).toMatchObject({ body: { tables: [{ rows: [[20]] }] } });
    expect(await refusal(count, null)).toMatchObject({ body: { tables: [{ rows: [[20]] }] } });
  });

  const now = Date.parse('2026-03-10T09:00:00Z');
  it.each([
    ['PT90M', now - 90 * MINUTE, now],
    ['P1DT1H', now - 25 * 60 * MINUTE, now],
    ['2026-03-10T08:00:00Z/2026-03-10T08:30:00.000Z', now - 60 * MINUTE, now - 30 * MINUTE],
    ['2026-03-10T08:00:00Z/PT10M', now - 60 * MINUTE, now - 50 * MINUTE],
    ['PT10M/2026-03-10T08:00:00Z', now - 70 * MINUTE, now - 60 * MINUTE],
    ['', -Infinity, Infinity],
  ])('the time span "%s"', (text, from, to) => {
    expect(parseLogsTimespan(text, now)).toEqual({ from, to });
  });
  it.each(['1h', 'P', 'PT', 'P1Y', 'yesterday', '2026-03-10T09:00:00Z', 'PT1H/PT2H', '2026-03-10/2026-03-09', 'a/b/c'])(
    'the time span "%s" is none',
    (text) => {
      expect(parseLogsTimespan(text, now)).toBeUndefined();
    },
  );
});

describe('a refusal', () => {
  it.each([
    { query: 'AzureDiagnostics | wher', code: 'SyntaxError', says: "'wher'. [line 1, column 20]" },
    { query: 'AzureDiagnostics\n| where Colour == 1', code: 'SemanticError', says: "'Colour'. [line 2, column 9]" },
    { query: 'AzureMetrics', code: 'SemanticError', says: "'AzureMetrics'" },
    { query: `print ${'('.repeat(500)}`, code: 'QueryLimitError', says: 'levels deep' },
  ])('$code in Azure’s shape', async ({ query, code, says }) => {
    azure.setMinute(60);
    expect(await refusal(query)).toEqual({
      status: 400,
      body: {
        error: {
          code: 'BadArgumentError',
          message: 'The request had some invalid properties',
          innererror: { code, message: expect.stringContaining(says) as string },
        },
      },
    });
    await expect(azure.client.queryWorkspace('w', query, { duration: 'PT1H' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadArgumentError',
    });
  });

  it.each([
    ['a time span that is none', 'print 1', 'an hour', '/v1/workspaces/w/query', 400],
    ['a scope that is none', 'print 1', 'PT1H', '/v1/elsewhere/query', 404],
    ['a batch that is none', 'print 1', 'PT1H', '/v1/$batch', 400],
  ])('%s', async (_, query, timespan, path, status) => {
    expect(await refusal(query, timespan, path)).toMatchObject({ status });
  });

  it('of a hub that is deleted; the workspace keeps its records', async () => {
    azure.setMinute(160);
    await expect(azure.client.queryResource(idOf('rome'), byHub, { duration: 'P1D' })).rejects.toMatchObject({
      statusCode: 404,
    });
    expect(await inWorkspace(byHub)).toHaveLength(3);
  });
});

describe('a scenario with faults of the API', () => {
  const ten = 'AzureDiagnostics | take 10';

  it('cuts the rows of the hubs it names', async () => {
    azure.setMinute(105);
    const whole = await azure.client.queryResource(idOf('berlin'), ten, { duration: 'P1D' });
    expect(rowsOf(whole)).toHaveLength(10);
    const cut = await azure.client.queryWorkspace('w', ten, { duration: 'P1D' });
    expect(cut).toMatchObject({ status: LogsQueryResultStatus.PartialFailure, partialError: { code: 'PartialError' } });
    if (cut.status === LogsQueryResultStatus.PartialFailure) expect(cut.partialTables[0]?.rows).toHaveLength(5);
  });

  it('answers with an error', async () => {
    azure.setMinute(125);
    await expect(inWorkspace(ten)).rejects.toMatchObject({ statusCode: 503 });
    azure.setMinute(135);
    await expect(inWorkspace(ten)).rejects.toThrow();
  });
});

describe('more records than a query may have', () => {
  it('are thinned, and the answer says that it is not whole', async () => {
    const storm = await startLogStandIn(`
hubs: [{ name: hub, connected: 0 }]
events: [{ kind: logs, at: 0m, for: 1h, code: '404104', category: Connections, perMinute: 5000, devices: 100 }]
`);
    storm.setMinute(90);
    const count = 'AzureDiagnostics | where TimeGenerated > ago(2h) | count';
    const result = await storm.client.queryWorkspace('w', count, { duration: 'P1D' });
    expect(result).toMatchObject({
      status: LogsQueryResultStatus.PartialFailure,
      partialError: { code: 'PartialError' },
    });
    const narrow = 'AzureDiagnostics | where TimeGenerated > ago(35m) | count';
    expect(rowsOf(await storm.client.queryWorkspace('w', narrow, { duration: 'P1D' }))).toEqual([[25_000]]);
    // Conditions on what a cause writes are tried before its records are made.
    const none = 'AzureDiagnostics | where ResultType == "429001" and TimeGenerated > ago(2h) | count';
    expect(rowsOf(await storm.client.queryWorkspace('w', none, { duration: 'P1D' }))).toEqual([[0]]);
    await storm.close();
  });
});
