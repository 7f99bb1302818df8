import { closed, connected, failures, minutes, records, type Story } from './story.ts';

// Throttling, quotas and queues: what the hub refuses because there is too much of it.

const twinCategories = ['C2DTwinOperations', 'D2CTwinOperations', 'TwinQueries'] as const;

export const throttlingStories: Readonly<Record<string, Story>> = {
  'sends over the rate': (dice, hub) => {
    const at = dice.between(3, 7);
    const logged = dice.chance(0.7);
    return {
      events: [
        { kind: 'sends', ...minutes(at), perMinute: Math.round(hub.limitPerMinute * dice.between(1.3, 3)) },
        ...(logged
          ? [
              records('429001', 'DeviceTelemetry', hub.connected * dice.between(0.05, 0.3) + 3, minutes(at + 2), {
                operation: 'ingress',
                devices: Math.ceil(hub.connected * dice.between(0.5, 1)),
              }),
            ]
          : []),
      ],
      label: { read: [['429001']], unread: [['429001']] },
      hub: { sku: hub.sku === 'F1' ? 'S1' : hub.sku },
      minutes: 26,
    };
  },
  'twin backlog, metric flat': (dice, hub) => ({
    events: [
      records(
        '429002',
        dice.pick(...twinCategories),
        dice.size(4, 200),
        minutes(dice.between(4, 8), dice.between(15, 30)),
        { operation: dice.pick('read', 'update', 'query'), devices: dice.whole(0, hub.connected) },
      ),
    ],
    label: { read: [['429002']], unread: [] },
  }),
  'registry backlog timeout': (dice) => ({
    events: [
      records(
        '429003',
        'DeviceIdentityOperations',
        dice.size(3, 60),
        minutes(dice.between(4, 8), dice.between(12, 30)),
        {
          operation: dice.pick('create', 'update', 'delete'),
          devices: dice.pick(0, 200),
          description: 'ThrottlingBacklogTimeout: Wait 10 seconds and try again. Operation type: BulkCreate',
        },
      ),
    ],
    label: { read: [['429003']], unread: [] },
  }),
  'too many jobs': (dice) => ({
    events: [
      records('429004', 'JobsOperations', dice.size(2, 20), minutes(dice.between(4, 8), dice.between(15, 30)), {
        operation: 'createJob',
        devices: 0,
      }),
    ],
    label: { read: [['429004']], unread: [] },
  }),
  'noisy device over the hub rate': (dice, hub) => {
    const at = dice.between(3, 7);
    const perMinute = dice.size(20, 300);
    return {
      events: [
        { kind: 'sends', ...minutes(at), perMinute: Math.round(hub.limitPerMinute * dice.between(1.2, 1.8)) },
        records('429005', 'DeviceTelemetry', perMinute, minutes(at + 1), {
          operation: 'ingress',
          devices: dice.whole(1, 30),
          topShare: dice.between(0.75, 0.98),
        }),
        records('429001', 'DeviceTelemetry', perMinute * dice.between(0.1, 0.5), minutes(at + 2), {
          operation: 'ingress',
          devices: hub.connected,
        }),
      ],
      label: { read: [['429005']], unread: [['429001']] },
      hub: { sku: hub.sku === 'F1' ? 'S1' : hub.sku },
      minutes: 28,
    };
  },
  'noisy device, metric flat': (dice) => ({
    events: [
      records('429005', 'DeviceTelemetry', dice.size(5, 300), minutes(dice.between(4, 8), dice.between(15, 30)), {
        operation: 'ingress',
        devices: dice.whole(1, 8),
        topShare: dice.between(0.6, 0.95),
      }),
    ],
    label: { read: [['429005']], unread: [] },
  }),
  'connects over the rate after a deployment': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = hub.connected * dice.between(0.5, 0.9);
    return {
      events: [
        { kind: 'devices', ...minutes(at, dice.between(12, 20)), share: 1 - gone / hub.connected, ramp: '2m' },
        records(dice.pick('429002', '429001'), 'Connections', gone * 0.5 + 5, minutes(at, 16), {
          devices: Math.ceil(gone),
        }),
        records('409002', 'Connections', gone * 0.05, minutes(at + 1, 12), { devices: Math.ceil(gone * 0.3) }),
        connected(gone, at + 3, 14),
      ],
      label: { read: [['429xxx']], unread: [['none']] },
    };
  },
  'degraded by the customer load': (dice, hub) => {
    const at = dice.between(3, 7);
    return {
      events: [
        { kind: 'sends', ...minutes(at), perMinute: Math.round(hub.limitPerMinute * dice.between(1.4, 3)) },
        records('429001', 'DeviceTelemetry', hub.connected * 0.2 + 4, minutes(at + 2), {
          operation: 'ingress',
          devices: hub.connected,
        }),
        records(dice.pick('503005', '500001', '500008'), 'DeviceTelemetry', dice.size(3, 40), minutes(at + 3), {
          devices: Math.ceil(hub.connected / 2),
        }),
        {
          kind: 'health',
          ...minutes(at + 3),
          state: 'Degraded',
          reasonType: dice.pick('', 'UserInitiated'),
          summary:
            'The IoT Hub has reached the throttle rate limit for Device to Cloud Telemetry. Lower the rate or add units.',
        },
      ],
      label: { read: [['429001']], unread: [['429001']] },
      hub: { sku: hub.sku === 'F1' ? 'S1' : hub.sku },
      minutes: 28,
    };
  },
  'quota used up, devices fall off': (dice, hub) => {
    const at = dice.between(8, 12);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.8));
    return {
      startsAt: '2026-03-10T17:00:00Z',
      events: [
        { kind: 'quota', at: minutes(at - 6).at, share: 0.97 },
        { kind: 'quota', at: minutes(at).at, share: 1 },
        { kind: 'devices', ...minutes(at + 0.5), share: 1 - gone / hub.connected, ramp: '1m' },
        records('403002', dice.pick('Connections', 'DeviceTelemetry'), gone * 0.1 + 3, minutes(at), { devices: gone }),
        closed(gone, at, 4),
        closed(gone * 0.5, at + 4, 20),
        records('409002', 'Connections', gone * 0.05 + 1, minutes(at + 1), { devices: gone }),
        records('400027', 'Connections', gone * 0.03 + 1, minutes(at + 1), { devices: gone }),
      ],
      label: { read: [['403002']], unread: [['403002']] },
    };
  },
  'quota nearly used': (dice) => ({
    startsAt: '2026-03-10T11:00:00Z',
    events: [{ kind: 'quota', at: minutes(dice.between(3, 6)).at, share: dice.between(0.91, 0.97) }],
    label: { read: [['403002']], unread: [['403002']] },
    minutes: 24,
  }),
  'device quota in an import job': (dice) => ({
    events: [
      records('403002', dice.pick('JobsOperations', 'DeviceIdentityOperations'), dice.size(3, 40), minutes(5, 20), {
        operation: 'create',
        devices: dice.pick(0, 40),
      }),
    ],
    label: { read: [['403002']], unread: [] },
  }),
  'routing endpoint full': (dice) => {
    const at = dice.between(4, 8);
    const dropped = dice.chance(0.5);
    return {
      events: [
        records('403004', 'Routes', dice.size(4, 60), minutes(at), { operation: 'endpointUnhealthy', devices: 0 }),
        ...(dropped ? failures('d2c.telemetry.egress.dropped', dice.size(80, 3_000), at + 3) : []),
      ],
      label: { read: [['403004']], unread: dropped ? [['none', 'quiet']] : [] },
      otherMetrics: true,
    };
  },
  'command queues full': (dice, hub) => ({
    events: [
      records('403004', 'C2DCommands', dice.size(4, 80), minutes(dice.between(4, 8)), {
        operation: 'send',
        devices: dice.whole(1, Math.min(200, hub.connected)),
      }),
    ],
    label: { read: [['403004']], unread: [] },
  }),
  'failed twin reads, throttled': (dice, hub) => {
    const at = dice.between(4, 8);
    const rate = dice.size(120, 800);
    return {
      events: [
        ...failures('c2d.twin.read.failure', rate, at),
        records(dice.pick('429002', '429003'), 'C2DTwinOperations', rate, minutes(at), {
          operation: 'read',
          devices: Math.ceil(hub.connected / 3),
        }),
      ],
      label: { read: [['429xxx']], unread: [['none', 'quiet']] },
      otherMetrics: true,
    };
  },
};
