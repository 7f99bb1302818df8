import { afterEach, describe, expect, it } from 'vitest';
import { standInConnection } from '../../src/azure/connection.ts';
import { azureLogs } from '../../src/azure/logs.ts';
import { azureLogQueries } from '../../src/azure/monitor-query.ts';
import { logFacts } from '../../src/diagnosis/log-facts.ts';
import type { LogSource } from '../../src/diagnosis/log-source.ts';
import { MINUTE } from '../../src/time/time.ts';
import { aHub } from '../fixtures/domain.ts';
import { startServer, type Answer, type Seen, type TestServer } from '../fixtures/http-server.ts';

// The rows of resource logs come from outside: whatever they hold, what can be counted is counted.

const hub = { ...aHub('plant-a'), id: aHub('plant-a').id.toLowerCase() };
const window = { from: Date.parse('2026-03-10T09:00:00Z'), to: Date.parse('2026-03-10T09:10:00Z') };
const at = (minute: number): string => new Date(window.from + minute * MINUTE).toISOString();

let server: TestServer;
afterEach(() => server.close());

async function logsOf(answer: (query: string, seen: Seen) => Answer): Promise<LogSource> {
  server = await startServer((seen) => answer((seen.body as { query?: string }).query ?? '', seen));
  return azureLogs(azureLogQueries(standInConnection(server.url), { attempts: 1, perAttemptMs: 500, totalMs: 500 }));
}

function table(columns: Readonly<Record<string, string>>, rows: readonly unknown[][], error?: object): Answer {
  const described = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return { body: { tables: [{ name: 'PrimaryResult', columns: described, rows }], ...(error ? { error } : {}) } };
}

const countColumns = {
  category: 'string',
  code: 'string',
  operation: 'string',
  failed: 'bool',
  inwindow: 'bool',
  events: 'long',
  devices: 'long',
  firstat: 'datetime',
  lastat: 'datetime',
};
const deviceColumns = {
  device: 'string',
  status: 'string',
  sdk: 'string',
  errors: 'long',
  drops: 'long',
  connects: 'long',
  lastdropat: 'datetime',
  lastconnectat: 'datetime',
};
const isDevices = (query: string): boolean => query.includes('lastdropat');
const cut = { code: 'PartialError', message: 'cut', details: [] };

describe('a device', () => {
  it('that has never connected or dropped has no time of it, although the client says 1970', async () => {
    const logs = await logsOf((query) =>
      isDevices(query)
        ? table(deviceColumns, [
            ['a', '404', 'sdk', 3, 3, 0, at(2), null],
            ['b', '429', 'sdk', 3, 0, 2, null, at(3)],
          ])
        : table(countColumns, []),
    );
    const { devices } = await logs.inspect(hub, window);
    expect(devices).toMatchObject([
      { device: 'a', lastDropAt: window.from + 2 * MINUTE, lastConnectAt: undefined },
      { device: 'b', lastDropAt: undefined, lastConnectAt: window.from + 3 * MINUTE },
    ]);
  });

  it('with a name of a megabyte, with markup or with none is cut, kept or left out', async () => {
    const logs = await logsOf((query) =>
      isDevices(query)
        ? table(deviceColumns, [
            ['x'.repeat(400_000), '429', '', 9, 0, 0, null, null],
            ['<script>alert(1)</script>\u202e](http://a)', '429', '', 8, 0, 0, null, null],
            ['', '429', '', 7, 0, 0, null, null],
            [null, '429', null, 7, 0, 0, null, null],
            ['twice', '429', '', 2, 0, 0, null, null],
            ['twice', '429', '', 3, 0, 0, null, null],
          ])
        : table(countColumns, [['DeviceTelemetry', '429005', 'ingress', true, true, 40, 5, at(1), at(9)]]),
    );
    const facts = logFacts(await logs.inspect(hub, window));
    expect(facts.loudest.get('429')?.map(({ device, count }) => [device.slice(0, 8), device.length, count])).toEqual([
      ['x'.repeat(8), 200, 9],
      ['<script>', 37, 8],
      ['twice', 5, 5],
    ]);
  });
});

describe('a count', () => {
  it.each<[string, unknown[], unknown]>([
    ['of a three-digit code stays what it is', ['Routes', '503', 'x', true, true, 4, 0, at(1), at(2)], '503'],
    ['of a code as a number is read', ['Routes', 429002, 'x', true, true, 4, 0, at(1), at(2)], '429002'],
    [
      'of a name is its code',
      ['Routes', 'DeviceMaximumQueueDepthExceeded', 'x', true, true, 4, 0, at(1), at(2)],
      '403004',
    ],
    ['without a code is no error', ['Routes', null, null, true, true, 4, 0, at(1), at(2)], undefined],
    ['of nonsense is no error', ['Routes', 'DROP TABLE', 'x', true, true, 4, 0, at(1), at(2)], undefined],
    ['of nothing does not count', ['Routes', '429002', 'x', true, true, 0, 0, at(1), at(2)], undefined],
    ['below zero does not count', ['Routes', '429002', 'x', true, true, -5, 0, at(1), at(2)], undefined],
  ])('%s', async (_, row, code) => {
    const logs = await logsOf((query) => (isDevices(query) ? table(deviceColumns, []) : table(countColumns, [row])));
    const { codes } = logFacts(await logs.inspect(hub, window));
    expect([...codes.keys()]).toEqual(code === undefined ? [] : [code]);
  });

  it('without times is of the window', async () => {
    const row = ['Routes', '503008', 'x', true, true, 4, null, null, null];
    const logs = await logsOf((query) => (isDevices(query) ? table(deviceColumns, []) : table(countColumns, [row])));
    expect((await logs.inspect(hub, window)).window).toMatchObject([{ firstAt: window.from, lastAt: window.from }]);
  });

  it('of a part is said to be one', async () => {
    const row = ['Routes', '503008', 'x', true, true, 4, 1, at(1), at(2)];
    const logs = await logsOf((query) =>
      isDevices(query) ? table(deviceColumns, []) : table(countColumns, [row], cut),
    );
    expect(await logs.inspect(hub, window)).toMatchObject({ partial: true, window: [{ count: 4 }] });
  });
});

describe('plain records, where counting is refused', () => {
  const columns = {
    TimeGenerated: 'datetime',
    _ResourceId: 'string',
    Category: 'string',
    OperationName: 'string',
    ResultType: 'string',
    ResultDescription: 'string',
    Level: 'string',
    properties_s: 'string',
  };
  it('are counted, hostile ones left aside', async () => {
    const record = (
      minute: number,
      code: unknown,
      properties: unknown,
      id: unknown = hub.id.toUpperCase(),
    ): unknown[] => [at(minute), id, 'Connections', 'deviceConnect', code, null, 'Error', properties];
    const logs = await logsOf((query) =>
      query.includes('summarize')
        ? { status: 400, body: { error: { code: 'BadArgumentError', message: 'no' } } }
        : table(columns, [
            record(1, '401003', '{"deviceId":"a"}'),
            record(1, '401003', '{"deviceId":"a"}'),
            record(2, '401003', '{"deviceId":'),
            record(2, '401003', null),
            record(3, null, '{"deviceId":"b","statusCode":"503"}'),
            record(-3, '401003', '{"deviceId":"a"}'),
            // Clocks of a day ahead and behind, another hub, and what is no hub.
            record(1_440, '401003', '{}'),
            record(-1_440, '401003', '{}'),
            record(1, '401003', '{}', hub.id.replace('plant-a', 'plant-b')),
            record(1, '401003', '{}', '/subscriptions/../etc/passwd'),
            [null, hub.id, null, null, '401003', null, null, null],
          ]),
    );
    const { codes } = logFacts(await logs.inspect(hub, window));
    expect([...codes.values()].map(({ code, count, before, devices }) => [code, count, before, devices])).toEqual([
      ['401003', 4, 1, 1],
      ['503', 1, 0, 1],
    ]);
  });
});
