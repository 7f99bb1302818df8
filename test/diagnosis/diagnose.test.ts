import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { findEntry } from '../../src/catalog/catalog.ts';
import type { Evaluation } from '../../src/detection/evaluation.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { cause } from '../../src/diagnosis/diagnosis.ts';
import { hasRisen } from '../../src/diagnosis/log-facts.ts';
import type { LogCount, LogDevice, LogInspection } from '../../src/diagnosis/log-source.ts';
import type { Situation } from '../../src/diagnosis/situation.ts';
import { evaluation, MINUTE, now } from '../fixtures/incidents.ts';

const window = { from: now - 10 * MINUTE, to: now };

function rows(code: string, count: number, more: Partial<LogCount> = {}): LogCount {
  return {
    hubId: 'h',
    category: 'Connections',
    code,
    operation: 'deviceConnect',
    failed: code !== '',
    count,
    devices: Math.ceil(count / 3),
    firstAt: window.from,
    lastAt: window.to,
    ...more,
  };
}

function device(name: string, errors: Record<string, number>, more: Partial<LogDevice> = {}): LogDevice {
  return {
    device: name,
    sdk: '',
    errors,
    drops: 0,
    connects: 0,
    lastDropAt: undefined,
    lastConnectAt: undefined,
    ...more,
  };
}

function read(inspection: Partial<LogInspection>): Situation['logs'] {
  return {
    state: 'read',
    window,
    readAt: now,
    inspection: { window: [], before: [], devices: [], partial: false, ...inspection },
  };
}

const cliff = { grainMs: MINUTE, from: now - 20 * MINUTE, values: [500, 500, 500, 500, 500, 8, 8, 8, 8, 8] };
const slope = { ...cliff, values: [500, 500, 450, 400, 350, 300, 250, 240, 240, 240] };
const drop = evaluation({ signal: 'connected-devices', numbers: { value: 8, expected: 500 }, picture: cliff });
const throttling = evaluation();
const fine = (signal: string, numbers = {}): Evaluation => evaluation({ signal, verdict: 'normal', numbers });

const failing = (metric: string): Evaluation => evaluation({ signal: 'a-metric-rule', metric });

function found(given: Partial<Situation>): string {
  const diagnosis = diagnose({
    evaluation: drop,
    beganAt: now - 8 * MINUTE,
    others: [],
    logs: { state: 'not-asked' },
    health: undefined,
    hubState: 'Active',
    now,
    ...given,
  });
  const best = cause(diagnosis);
  return best ? `${best.code ?? best.family} ${best.confidence} ${best.reason}` : 'not established';
}

const unwell = {
  state: 'unavailable',
  summary: 'We are sorry, we are working on it.',
  reasonType: 'Unplanned',
  since: now,
  readAt: now,
} as const;

describe('the cause', () => {
  it.each<{ when: string; given: Partial<Situation>; is: string }>([
    {
      when: 'sends are refused by the metric',
      given: { evaluation: throttling },
      is: '429001 established throttle-metric',
    },
    {
      when: 'one device makes most of the refusals',
      given: {
        evaluation: throttling,
        logs: read({
          window: [rows('429001', 400, { category: 'DeviceTelemetry' })],
          devices: [device('loud', { '429': 350 }), device('b', { '429': 10 })],
        }),
      },
      is: '429001 established one-noisy-device',
    },
    {
      when: 'one device is over its own limit',
      given: {
        evaluation: throttling,
        logs: read({ window: [rows('429005', 300), rows('429001', 20)], devices: [device('loud', { '429': 300 })] }),
      },
      is: '429005 established one-noisy-device',
    },
    {
      when: 'another operation is throttled while the metric is quiet',
      given: {
        evaluation: evaluation({ signal: 'logs-429' }),
        others: [fine('throttling')],
        logs: read({ window: [rows('429002', 80, { category: 'TwinQueries' })] }),
      },
      is: '429002 established throttled-operation',
    },
    {
      when: 'sends are refused by the logs, and the metric has only seen the attempts',
      given: {
        evaluation: evaluation({
          reason: 'attempts-above-rate',
          metric: 'd2c.telemetry.ingress.allProtocol',
          numbers: { value: 0, total: 0, ratio: 1.2, limit: 6_000 },
        }),
        logs: read({ window: [rows('429001', 400, { category: 'DeviceTelemetry', operation: 'ingress' })] }),
      },
      is: '429001 established sends-refused-in-logs',
    },
    {
      when: 'the quota is near its end',
      given: { evaluation: evaluation({ signal: 'quota', numbers: { ratio: 0.85, value: 340_000 } }) },
      is: '403002 likely quota-near',
    },
    {
      when: 'the quota is used up',
      given: { evaluation: evaluation({ signal: 'quota', numbers: { ratio: 1, value: 400_000 } }) },
      is: '403002 established quota-exhausted',
    },
    {
      when: 'connections drop because the quota is used up',
      given: {
        others: [evaluation({ signal: 'quota', numbers: { ratio: 1 } })],
        logs: read({ window: [rows('404104', 400), rows('403002', 300), rows('409002', 200)] }),
      },
      is: '403002 established quota-drops-connections',
    },
    {
      when: 'connections had dropped long before the quota was used up',
      given: {
        beganAt: now - 40 * MINUTE,
        others: [evaluation({ signal: 'quota', numbers: { ratio: 1, exhaustedAt: now - 15 * MINUTE } })],
        logs: read({
          window: [rows('404104', 400), rows('403002', 300, { firstAt: now - 14 * MINUTE })],
        }),
      },
      is: '404104 established connections-closed-at-once',
    },
    {
      when: 'connections drop and server errors rise',
      given: { logs: read({ window: [rows('404104', 900), rows('500001', 200), rows('500008', 90)] }) },
      is: '500001 established server-errors',
    },
    {
      when: 'Azure says that the platform is at fault',
      given: { health: unwell, logs: read({ window: [rows('404104', 900)] }) },
      is: '500xxx established platform-unhealthy',
    },
    {
      when: 'Azure calls the hub degraded because of its own load',
      given: {
        evaluation: throttling,
        health: { ...unwell, state: 'degraded', summary: 'The throttle rate limit was reached.' },
        logs: read({ window: [rows('429001', 300), rows('500001', 30)] }),
      },
      is: '429001 established throttle-metric',
    },
    {
      when: 'the service is being upgraded',
      given: { logs: read({ window: [rows('400029', 300), rows('404104', 300), rows('400030', 120)] }) },
      is: '400029 established platform-upgrade',
    },
    { when: 'the hub fails over', given: { hubState: 'FailingOver' }, is: '404012 likely hub-not-active' },
    {
      when: 'devices are refused and stay away',
      given: {
        logs: read({
          window: [rows('401003', 500), rows('404104', 480)],
          devices: [
            device('a', { '401': 5 }, { drops: 5, lastDropAt: now - MINUTE }),
            device('b', { '401': 5 }, { drops: 5, lastDropAt: now - MINUTE }),
          ],
        }),
      },
      is: '401003 established credentials-refused',
    },
    {
      when: 'devices renew their tokens',
      given: {
        logs: read({
          window: [rows('401003', 100), rows('404104', 100), rows('', 100, { failed: false })],
          devices: ['a', 'b', 'c'].map((name) =>
            device(
              name,
              { '401': 1 },
              { drops: 2, connects: 1, lastDropAt: now - 5 * MINUTE, lastConnectAt: now - 4 * MINUTE },
            ),
          ),
        }),
      },
      is: '401003 likely token-renewal',
    },
    {
      when: 'devices were disabled',
      given: { logs: read({ window: [rows('403012', 200), rows('404104', 200)] }) },
      is: '403012 established devices-disabled',
    },
    {
      when: 'devices were deleted',
      given: { logs: read({ window: [rows('404001', 200), rows('404104', 200)] }) },
      is: '404001 established devices-deleted',
    },
    {
      when: 'two connect with one identity',
      given: {
        evaluation: evaluation({ signal: 'logs-409002' }),
        logs: read({ window: [rows('409002', 200, { devices: 2 })] }),
      },
      is: '409002 established duplicate-identity',
    },
    {
      when: 'devices only come back after a drop',
      given: { logs: read({ window: [rows('404104', 500), rows('409002', 300, { firstAt: window.from + MINUTE })] }) },
      is: '404104 established connections-closed-at-once',
    },
    {
      when: 'a network is lost',
      given: { evaluation: { ...drop, picture: slope }, logs: read({ window: [rows('404104', 300)] }) },
      is: '404104 established connections-closed-gradually',
    },
    {
      when: 'a routing endpoint is full',
      given: {
        evaluation: evaluation({ signal: 'logs-403004' }),
        logs: read({ window: [rows('403004', 90, { category: 'Routes' })] }),
      },
      is: '403004 established endpoint-full',
    },
    {
      when: 'a device has too many commands waiting',
      given: {
        evaluation: evaluation({ signal: 'logs-403004' }),
        logs: read({ window: [rows('403004', 90, { category: 'C2DCommands' })] }),
      },
      is: '403004 established queue-full',
    },
    {
      when: 'an endpoint is full while sends are refused',
      given: {
        evaluation: throttling,
        logs: read({
          window: [rows('403004', 900, { category: 'Routes' }), rows('429001', 40, { category: 'DeviceTelemetry' })],
        }),
      },
      is: '429001 established throttle-metric',
    },
    {
      when: 'credentials are refused while the quota comes to its end',
      given: {
        evaluation: evaluation({ signal: 'quota', numbers: { ratio: 0.9, value: 360_000 } }),
        logs: read({ window: [rows('401003', 500)], devices: [device('loud', { '429': 300 })] }),
      },
      is: '403002 likely quota-near',
    },
    {
      when: 'one identity is used twice while a back end reads too many twins',
      given: {
        evaluation: evaluation({ signal: 'logs-409002' }),
        logs: read({
          window: [rows('429002', 400, { category: 'TwinQueries' }), rows('409002', 90, { devices: 2 })],
        }),
      },
      is: '409002 established duplicate-identity',
    },
    {
      when: 'methods are not answered by devices that are lost',
      given: {
        logs: read({ window: [rows('504101', 900, { category: 'DirectMethods' }), rows('404104', 300)] }),
      },
      is: '404104 established connections-closed-at-once',
    },
    {
      when: 'methods are not answered, and connections lost for no known reason',
      given: { logs: read({ window: [rows('504101', 900, { category: 'DirectMethods' })] }) },
      is: 'not established',
    },
    {
      when: 'the hub has faults while another operation is throttled',
      given: {
        evaluation: evaluation({ signal: 'logs-500' }),
        logs: read({
          window: [rows('500001', 90, { category: 'DirectMethods' }), rows('429002', 90, { category: 'TwinQueries' })],
        }),
      },
      is: '500001 established server-errors',
    },
    {
      when: 'the faults come where the hub is throttled',
      given: {
        evaluation: evaluation({ signal: 'logs-500' }),
        logs: read({
          window: [
            rows('500001', 30, { category: 'DeviceTelemetry' }),
            rows('429001', 90, { category: 'DeviceTelemetry' }),
          ],
        }),
      },
      is: '429001 established sends-refused-in-logs',
    },
    {
      when: 'methods fail, and the logs say with what',
      given: {
        evaluation: failing('c2d.methods.failure'),
        others: [throttling],
        logs: read({
          window: [rows('404103', 90, { category: 'DirectMethods' }), rows('401003', 900)],
        }),
      },
      is: '404103 established logged-errors',
    },
    {
      when: 'twin reads fail, and the logs say with what',
      given: {
        evaluation: failing('c2d.twin.read.failure'),
        logs: read({ window: [rows('429002', 90, { category: 'C2DTwinOperations' })] }),
      },
      is: '429002 established throttled-operation',
    },
    {
      when: 'messages are dropped, and the logs say where',
      given: {
        evaluation: failing('d2c.telemetry.egress.dropped'),
        logs: read({ window: [rows('403004', 90, { category: 'Routes' })] }),
      },
      is: '403004 established endpoint-full',
    },
    {
      when: 'methods fail, and nothing else is known',
      given: { evaluation: failing('c2d.methods.failure') },
      is: 'not established',
    },
    { when: 'nothing is logged', given: { logs: read({ window: [] }) }, is: 'not established' },
    {
      when: 'the logs cannot be read',
      given: { logs: { state: 'unavailable', why: 'no-permission', readAt: now } },
      is: 'not established',
    },
    {
      when: 'the errors are as frequent as before',
      given: { logs: read({ window: [rows('404104', 50)], before: [rows('404104', 48)] }) },
      is: 'not established',
    },
  ])('is $is when $when', ({ given, is }) => {
    expect(found(given)).toBe(is);
  });

  it.each([
    ['c2d.methods.failure', ['404103', '504101']],
    ['d2c.twin.update.failure', ['429002', '404001']],
    ['twinQueries.failure', ['429002', '400003']],
    ['jobs.failed', ['429004', '403003']],
    ['RoutingDeliveryLatency', ['403004', '503008', '401002']],
    ['C2DMessagesExpired', ['403004', '412002', '404001']],
    ['deviceDataUsage', []],
  ])('of an unusual %s is looked for among %j', (metric, codes) => {
    const { candidates } = diagnose({
      evaluation: failing(metric),
      beganAt: now,
      others: [],
      logs: { state: 'not-asked' },
      health: undefined,
      hubState: 'Active',
      now,
    });
    expect(candidates.map(({ code, confidence, reason }) => [code, confidence, reason])).toEqual(
      codes.map((code) => [code, 'possible', 'rule-names-family']),
    );
    for (const code of codes) expect(findEntry(code), code).toBeDefined();
  });

  it('that is only likely is shown by a row too: sends near the rate', () => {
    const diagnosis = diagnose({
      evaluation: evaluation({
        reason: 'attempts-above-rate',
        numbers: { value: 0, total: 0, limit: 6_000, ratio: 7 / 6 },
      }),
      beganAt: now,
      others: [],
      logs: { state: 'not-asked' },
      health: undefined,
      hubState: 'Active',
      now,
    });
    expect(cause(diagnosis)).toMatchObject({ code: '429001', confidence: 'likely', reason: 'near-send-limit' });
    expect(diagnosis.rows).toMatchObject([{ source: 'metric', code: '429001', count: 7_000 }]);
  });

  it('is never certain without a row of evidence', () => {
    const codes = [
      '429001',
      '429002',
      '403002',
      '404104',
      '500001',
      '401003',
      '409002',
      '400029',
      '403012',
      '400027',
      '403004',
      '404',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(
          'throttling',
          'quota',
          'connected-devices',
          'no-data',
          'logs-429',
          'logs-500',
          'method-failures',
        ),
        fc.array(
          fc.tuple(fc.constantFrom(...codes), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 })),
          { maxLength: 6 },
        ),
        fc.constantFrom<Situation['logs']['state']>('read', 'not-asked'),
        (signal, logged, state) => {
          const logs = read({
            window: logged.map(([code, count]) => rows(code, count)),
            before: logged.flatMap(([code, , before]) => (before === 0 ? [] : [rows(code, before)])),
          });
          const diagnosis = diagnose({
            evaluation: evaluation({ signal, numbers: { ratio: 0.5 } }),
            beganAt: now,
            others: [],
            logs: state === 'read' ? logs : { state: 'not-asked' },
            health: undefined,
            hubState: 'Active',
            now,
          });
          const best = cause(diagnosis);
          if (best?.confidence !== 'established') return;
          const shown = [...diagnosis.rows, ...(diagnosis.logs.state === 'found' ? diagnosis.logs.rows : [])];
          expect(shown.some(({ code }) => code === best.code || code.startsWith(best.family.slice(0, 3)))).toBe(true);
        },
      ),
    );
  });
});

describe('a count', () => {
  it.each([
    { count: 3, before: 0, risen: true },
    { count: 2, before: 0, risen: false },
    { count: 20, before: 15, risen: false },
    { count: 40, before: 15, risen: true },
    { count: 1_500, before: 1_000, risen: false },
  ])('of $count after $before has risen: $risen', ({ count, before, risen }) => {
    expect(hasRisen({ count, before })).toBe(risen);
  });

  test.prop([fc.integer({ min: 0, max: 10_000 })])('that stays the same has never risen', (count) => {
    expect(hasRisen({ count, before: count })).toBe(false);
  });
});
