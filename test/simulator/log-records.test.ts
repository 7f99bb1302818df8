import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { maxRecords, readLog, streamsOf, type LogRecord } from '../../src/simulator/log-records.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { createWorld, type World } from '../../src/simulator/world.ts';
import { HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';

interface Log {
  readonly world: World;
  readonly start: EpochMs;
  /** The records of all hubs between two minutes of the scenario, as they are known long after. */
  readonly between: (fromMinute: number, toMinute: number, atMinute?: number) => readonly LogRecord[];
}

function logOf(text: string, seed = 1): Log {
  const scenario = parseScenario('t', `title: test\nabout: test\nlength: 4h\nseed: ${seed}\n${text}`);
  const world = createWorld(scenario);
  const streams = scenario.hubs.flatMap((hub) => streamsOf(world, hub));
  const start = scenario.startsAt;
  return {
    world,
    start,
    between: (from, to, at = 10_000) =>
      readLog(world, streams, { from: start + from * MINUTE, to: start + to * MINUTE }, start + at * MINUTE).records,
  };
}
const event = (fields: string): string =>
  `hubs: [{ name: hub-a, connected: 0, devices: 500 }]\nevents: [{ kind: logs, at: 10m, for: 30m, category: Connections, ${fields} }]`;
const devicesOf = (records: readonly LogRecord[]): readonly (string | null | undefined)[] =>
  records.map(({ stream, number }) => stream.properties(number)['deviceId']);

describe('a logs event', () => {
  it.each([
    { perMinute: 40, from: 10, to: 40, count: 1_200 },
    { perMinute: 40, from: 20, to: 25, count: 200 },
    { perMinute: 0.2, from: 0, to: 60, count: 6 },
    { perMinute: 0.5, from: 12, to: 14, count: 1 },
    { perMinute: 3, from: 0, to: 10, count: 0 },
    { perMinute: 3, from: 40, to: 60, count: 0 },
    { perMinute: 0, from: 0, to: 60, count: 0 },
  ])('of $perMinute a minute writes $count records from minute $from to $to', ({ perMinute, from, to, count }) => {
    const { between } = logOf(event(`code: '404104', perMinute: ${perMinute}`));
    expect(between(from, to)).toHaveLength(count);
  });

  test.prop([fc.double({ min: 0.05, max: 50, noNaN: true }), fc.nat(29), fc.integer({ min: 1, max: 30 })])(
    'has the same rate in every part of it, to a record at either end',
    (perMinute, from, length) => {
      const { between } = logOf(event(`code: '404104', perMinute: ${perMinute}`));
      const to = Math.min(30, from + length);
      expect(Math.abs(between(10 + from, 10 + to).length - perMinute * (to - from))).toBeLessThan(2);
    },
  );

  it('gives the same records to everybody who asks, in whatever parts', () => {
    const { between } = logOf(event(`code: '404104', perMinute: 7`));
    const whole = between(0, 60).map(({ number, at, ingestedAt }) => [number, at, ingestedAt]);
    const parts = [0, 13, 27, 60].flatMap((from, i, edges) =>
      i + 1 < edges.length ? between(from, edges[i + 1] ?? 0).map((r) => [r.number, r.at, r.ingestedAt]) : [],
    );
    expect(parts).toEqual(whole);
    expect(
      logOf(event(`code: '404104', perMinute: 7`))
        .between(0, 60)
        .map((r) => r.at),
    ).toEqual(whole.map(([, at]) => at));
    expect(
      logOf(event(`code: '404104', perMinute: 7`), 2)
        .between(0, 60)
        .map((r) => r.at),
    ).not.toEqual(whole.map(([, at]) => at));
  });

  it('shares its records among the devices', () => {
    const devices = devicesOf(logOf(event(`code: '404104', perMinute: 40, devices: 380`)).between(0, 60));
    const counts = [...Map.groupBy(devices, (device) => device).values()].map((each) => each.length);
    expect(counts).toHaveLength(380);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it.each([0.5, 0.9, 1])('gives the first device a share of %s', (share) => {
    const devices = devicesOf(
      logOf(event(`code: '429005', perMinute: 100, devices: 30, topShare: ${share}`)).between(0, 60),
    );
    const counts = [...Map.groupBy(devices, (device) => device).values()].map((each) => each.length);
    expect(Math.max(...counts) / devices.length).toBeCloseTo(share, 1);
    expect(counts).toHaveLength(share === 1 ? 1 : 30);
  });

  it.each([
    { fields: 'device: pump, topShare: 0.8, devices: 10', names: 10, pump: 0.8 },
    { fields: 'device: pump', names: 1, pump: 1 },
  ])('names the device of $fields', ({ fields, names, pump }) => {
    const devices = devicesOf(logOf(event(`code: '429005', perMinute: 50, ${fields}`)).between(0, 60));
    expect(new Set(devices).size).toBe(names);
    expect(devices.filter((device) => device === 'pump').length / devices.length).toBeCloseTo(pump, 1);
  });

  it('names no device if it is of none', () => {
    const devices = devicesOf(logOf(event(`code: '403004', perMinute: 1, devices: 0`)).between(0, 60));
    expect(new Set(devices)).toEqual(new Set([undefined]));
  });

  it.each([
    { fields: `code: '429001'`, code: '429001', description: 'ThrottlingException', status: '429' },
    { fields: `code: '401'`, code: '401', description: '', status: '401' },
    { fields: `code: null`, code: '', description: '', status: null },
    {
      fields: `code: '404104', description: gone, statusCode: 4XX`,
      code: '404104',
      description: 'gone',
      status: '4XX',
    },
  ])('says what $fields says', ({ fields, code, description, status }) => {
    const [record] = logOf(event(`${fields}, perMinute: 1`)).between(0, 60);
    expect(record?.stream.kind).toMatchObject({ code, description, level: 'Error', operation: 'deviceConnect' });
    expect(record?.stream.properties(record.number)['statusCode']).toBe(status);
  });

  it('says which SDK and protocol, the same for a device at all times', () => {
    const [named] = logOf(event(`code: '404104', perMinute: 1, sdk: my-sdk/1, protocol: Amqp`)).between(0, 60);
    expect(named?.stream.properties(named.number)).toMatchObject({ sdkVersion: 'my-sdk/1', protocol: 'Amqp' });
    const records = logOf(event(`code: '404104', perMinute: 40, devices: 20`)).between(0, 60);
    const makes = new Map<unknown, Set<unknown>>();
    for (const { stream, number } of records) {
      const { deviceId, sdkVersion } = stream.properties(number);
      makes.set(deviceId, (makes.get(deviceId) ?? new Set()).add(sdkVersion));
    }
    expect([...makes.values()].every((own) => own.size === 1)).toBe(true);
    expect(new Set([...makes.values()].flatMap((own) => [...own])).size).toBeGreaterThan(2);
  });
});

describe('a record', () => {
  it('becomes readable one to four minutes after its time', () => {
    const { between, start } = logOf(event(`code: '404104', perMinute: 60`));
    const delays = between(0, 60).map(({ at, ingestedAt }) => (ingestedAt - at) / MINUTE);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...delays)).toBeLessThan(4);
    const seen = between(0, 60, 25);
    expect(seen.every(({ ingestedAt }) => ingestedAt <= start + 25 * MINUTE)).toBe(true);
    expect(seen.length).toBeGreaterThan(60 * (25 - 10 - 4));
    expect(seen.length).toBeLessThan(60 * (25 - 10 - 1));
    // Whoever reads again finds the same ones, and more.
    const later = new Set(between(0, 60, 26).map(({ number }) => number));
    expect(seen.every(({ number }) => later.has(number))).toBe(true);
  });
});

describe('a healthy hub', () => {
  const hub = (fields: string): string => `hubs: [{ name: hub-a, ${fields} }]`;

  it('logs devices that go and come back, the more the more it has', () => {
    const small = logOf(hub('connected: 400')).between(-600, 0);
    expect(small.length / 600).toBeCloseTo(0.4, 1);
    expect(logOf(hub('connected: 4000')).between(-600, 0).length / 600).toBeCloseTo(4, 1);
    expect(new Set(small.map(({ stream }) => stream.kind.operation))).toEqual(
      new Set(['deviceConnect', 'deviceDisconnect']),
    );
    expect(small.every(({ stream }) => stream.kind.level === 'Information' && stream.kind.code === '')).toBe(true);
  });

  it('has every device back within two minutes', () => {
    const records = logOf(hub('connected: 1000')).between(-300, 0);
    for (const { stream, number, at } of records) {
      if (stream.kind.operation !== 'deviceDisconnect') continue;
      const back = records.find((each) => each.stream.kind.operation === 'deviceConnect' && each.number === number);
      if (!back) continue;
      expect(back.stream.properties(number)['deviceId']).toBe(stream.properties(number)['deviceId']);
      expect(back.at - at).toBeLessThanOrEqual(2 * MINUTE);
    }
  });

  it('never logs more than a few records a minute', () => {
    expect(logOf(hub('connected: 900000')).between(-60, 0).length).toBeLessThanOrEqual(8 * 60 + 2);
  });

  it.each([hub('connected: 0'), hub('connected: 400, diagnostics: false')])('%s logs nothing', (text) => {
    expect(logOf(text).between(-600, 0)).toHaveLength(0);
  });

  it('has logs of two days before the scenario', () => {
    const { between } = logOf(hub('connected: 400'));
    expect(between(-3 * 24 * 60, -2 * 24 * 60)).toHaveLength(0);
    expect(between(-2 * 24 * 60, -24 * 60).length).toBeGreaterThan(500);
  });

  it('logs nothing while it is deleted', () => {
    const { between } = logOf(`${hub('connected: 4000')}\nevents: [{ kind: deleted, at: 30m, for: 1h }]`);
    expect(between(35, 85)).toHaveLength(0);
    expect(between(0, 29).length).toBeGreaterThan(50);
  });
});

describe('the renewal of tokens', () => {
  const { between, start } = logOf('hubs: [{ name: hub-a, connected: 400, renewal: { every: 60m, share: 0.1 } }]');
  const of = (records: readonly LogRecord[], code: string, operation: string): readonly LogRecord[] =>
    records.filter(({ stream: { kind, dice } }) => dice === 1 && kind.code === code && kind.operation === operation);

  it('refuses, drops and reconnects the same devices, within a minute, every period', () => {
    expect(start % HOUR).toBe(0);
    for (const hour of [-3, -2, -1, 0, 1, 2]) {
      const records = between(hour * 60, hour * 60 + 60);
      const refused = of(records, '401003', 'deviceConnect');
      const dropped = of(records, '404104', 'deviceDisconnect');
      const back = of(records, '', 'deviceConnect');
      expect([refused.length, dropped.length, back.length]).toEqual([40, 40, 40]);
      expect(new Set(devicesOf(refused)).size).toBe(40);
      for (const { stream, number, at } of refused) {
        const device = stream.properties(number)['deviceId'];
        const own = [dropped, back].map((each) =>
          each.find((r) => r.stream.properties(r.number)['deviceId'] === device),
        );
        expect(own.every((r) => r && r.at > at && r.at <= at + MINUTE)).toBe(true);
        expect(stream.properties(number)).toMatchObject({ statusCode: '401', protocol: 'Mqtt' });
        expect(stream.properties(number)['sdkVersion']).toContain('.NET');
      }
    }
  });

  it('comes to each device at a regular interval', () => {
    const drops = Map.groupBy(of(between(-360, 180), '404104', 'deviceDisconnect'), ({ stream, number }) =>
      String(stream.properties(number)['deviceId']),
    );
    expect(drops.size).toBe(40);
    for (const own of drops.values())
      for (const [i, { at }] of own.entries()) {
        const next = own[i + 1];
        if (next) expect(Math.abs(next.at - at - HOUR)).toBeLessThan(MINUTE);
      }
  });
});

describe('a query', () => {
  const storm = (perMinute: number): Log =>
    logOf(
      `hubs: [{ name: hub, count: 20, connected: 100 }]
events:
  - { kind: logs, hubs: ['hub-00*'], at: 0m, for: 1h, code: '404104', category: Connections, perMinute: ${perMinute}, devices: 100 }
  - { kind: logs, hubs: [hub-015], at: 0m, for: 1h, code: '429002', category: DeviceTelemetry, perMinute: 0.2, devices: 3 }`,
    );

  it('is given all records up to a limit', () => {
    expect(storm(90).between(0, 60).length).toBeGreaterThan(9 * 90 * 60);
  });

  it('is given every second, third … of the busiest streams beyond it, and the small ones whole', () => {
    const { world, start } = storm(20_000);
    const streams = world.scenario.hubs.flatMap((hub) => streamsOf(world, hub));
    const span = { from: start, to: start + HOUR };
    const first = readLog(world, streams, span, start + 2 * HOUR);
    expect(first.thinned).toBe(true);
    expect(first.records.length).toBeLessThanOrEqual(maxRecords);
    expect(first.records.length).toBeGreaterThan(maxRecords * 0.9);
    expect(first.records.filter(({ stream }) => stream.kind.code === '429002')).toHaveLength(12);
    expect(readLog(world, streams, span, start + 2 * HOUR)).toEqual(first);
  });
});
