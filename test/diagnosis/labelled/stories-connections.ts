import { closed, connected, failures, minutes, records, type Story } from './story.ts';

// Connections that are lost or refused, and faults of the platform.

const apology =
  'We are sorry, your IoT hub is affected by device-to-cloud connectivity problems. We are working on recovery.';

export const connectionStories: Readonly<Record<string, Story>> = {
  'network loss': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.35, 0.9));
    const over = dice.between(2.5, 7.5);
    const lasts = dice.between(14, 24);
    return {
      events: [
        { kind: 'devices', ...minutes(at, lasts), share: 1 - gone / hub.connected, ramp: minutes(over).at },
        closed(gone, at, over),
        connected(gone, at + lasts, over),
      ],
      label: { read: [['404104']], unread: [['none']] },
    };
  },
  'hub fault': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.99));
    const lasts = dice.between(12, 24);
    return {
      events: [
        { kind: 'devices', ...minutes(at, lasts), share: 1 - gone / hub.connected },
        closed(gone, at, dice.between(1, 3)),
        records('500001', 'Connections', gone * 0.05 + 3, minutes(at, lasts), { devices: Math.ceil(gone * 0.8) }),
        records('500008', 'Connections', gone * 0.03 + 1, minutes(at, lasts), { devices: Math.ceil(gone * 0.5) }),
        connected(gone, at + lasts, 3),
      ],
      label: { read: [['500xxx']], unread: [['none']] },
    };
  },
  'hub fault with the storm after it': (dice, hub) => {
    const at = dice.between(4, 7);
    const gone = Math.ceil(hub.connected * dice.between(0.6, 0.99));
    const lasts = dice.between(8, 14);
    return {
      events: [
        { kind: 'devices', ...minutes(at, lasts), share: 1 - gone / hub.connected, ramp: '1m' },
        closed(gone, at, 2),
        records('500001', 'Connections', gone * 0.1 + 4, minutes(at, lasts), { devices: Math.ceil(gone * 0.8) }),
        records('409002', 'Connections', gone * 0.04 + 1, minutes(at + 1, lasts + 6), { devices: gone }),
        records('400027', 'Connections', gone * 0.04 + 1, minutes(at + 1, lasts + 6), { devices: gone }),
        connected(gone, at + lasts - 1, 5),
      ],
      label: { read: [['500xxx']], unread: [['none']] },
    };
  },
  'server errors, connections kept': (dice, hub) => ({
    events: [
      records(
        dice.pick('500001', '500008'),
        dice.pick('DeviceTelemetry', 'DirectMethods', 'C2DTwinOperations', 'Routes'),
        dice.size(4, 120),
        minutes(dice.between(4, 8)),
        { operation: 'ingress', devices: Math.ceil(hub.connected / 2) },
      ),
    ],
    label: { read: [['500xxx']], unread: [] },
  }),
  'service busy': (dice, hub) => ({
    events: [
      records(
        dice.pick('503005', '503001', '503008', '503101'),
        dice.pick('DeviceTelemetry', 'C2DCommands', 'DeviceIdentityOperations', 'Connections'),
        dice.size(4, 120),
        minutes(dice.between(4, 8)),
        { operation: 'send', devices: Math.ceil(hub.connected / 3) },
      ),
    ],
    label: { read: [['503xxx']], unread: [] },
  }),
  'credentials refused': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.95));
    const over = dice.between(1, 5);
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(over).at },
        closed(gone, at, over),
        records('401003', 'Connections', gone * dice.between(0.2, 0.9) + 2, minutes(at), { devices: gone }),
        ...(dice.chance(0.3)
          ? [records('409002', 'Connections', gone * 0.1 + 1, minutes(at + 1), { devices: gone })]
          : []),
      ],
      label: { read: [['401003']], unread: [['none']] },
    };
  },
  'clock drift of some devices': (dice, hub) => {
    const gone = Math.max(4, Math.ceil(hub.connected * 0.01));
    return {
      events: [
        records('401003', 'Connections', gone * dice.between(0.5, 1) + 2, minutes(dice.between(4, 8)), {
          devices: gone,
        }),
      ],
      label: { read: [['401003']], unread: [] },
    };
  },
  'devices disabled': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.35, 0.9));
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(dice.between(1, 4)).at },
        closed(gone, at, 3),
        records('403012', 'Connections', gone * dice.between(0.1, 0.6) + 1, minutes(at), { devices: gone }),
      ],
      label: { read: [['403012']], unread: [['none']] },
    };
  },
  'devices deleted': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.35, 0.9));
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(dice.between(1, 4)).at },
        closed(gone, at, 3),
        records('404001', 'Connections', gone * dice.between(0.1, 0.6) + 1, minutes(at), { devices: gone }),
      ],
      label: { read: [['404001']], unread: [['none']] },
    };
  },
  'two devices with one identity': (dice) => {
    const code = dice.pick('409002', '400027');
    const devices = dice.whole(1, 6);
    const rate = dice.size(4, 60);
    const at = dice.between(3, 7);
    return {
      events: [
        records(code, 'Connections', rate, minutes(at), { devices }),
        records(null, 'Connections', rate, minutes(at), { level: 'Information', devices }),
      ],
      label: { read: [[code]], unread: [] },
    };
  },
  'platform upgrade': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.35, 0.8));
    const lasts = dice.between(11, 16);
    return {
      events: [
        { kind: 'devices', ...minutes(at, lasts), share: 1 - gone / hub.connected, ramp: '1m' },
        records('400029', 'Connections', gone / 3 + 1, minutes(at, 3), { devices: gone }),
        records('400030', 'Connections', gone * 0.1 + 1, minutes(at, lasts), { devices: gone }),
        closed(gone, at, 3),
        connected(gone, at + lasts, 2),
      ],
      label: { read: [['400xxx']], unread: [['none']] },
    };
  },
  'failing over': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.8, 1));
    return {
      events: [
        { kind: 'state', ...minutes(at), state: dice.pick('FailingOver', 'Failing over') },
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(dice.between(0, 2)).at },
        closed(gone, at, 2),
        ...(dice.chance(0.5)
          ? [records('404012', 'Connections', gone * 0.1 + 2, minutes(at), { devices: Math.ceil(gone / 2) })]
          : []),
      ],
      label: { read: [['404012']], unread: [['404012']] },
    };
  },
  'method time-outs': (dice, hub) => {
    const at = dice.between(4, 8);
    const rate = dice.size(120, 800);
    const code = dice.pick('504101', '404103');
    return {
      events: [
        ...failures('c2d.methods.failure', rate, at),
        records(code, 'DirectMethods', rate, minutes(at), {
          operation: 'invoke',
          devices: Math.ceil(hub.connected / 4),
        }),
      ],
      label: { read: [[code]], unread: [['none', 'quiet']] },
      otherMetrics: true,
    };
  },
  'platform outage by Resource Health': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.5, 0.99));
    const code = dice.pick('500001', '503001');
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected },
        closed(gone, at, 2),
        ...(dice.chance(0.5) ? [records(code, 'Connections', gone * 0.05 + 2, minutes(at), { devices: gone })] : []),
        {
          kind: 'health',
          ...minutes(at + dice.between(-3, 8)),
          state: dice.pick('Unavailable', 'Degraded'),
          reasonType: dice.pick('Unplanned', ''),
          summary: apology,
        },
      ],
      label: { read: [['500xxx', '503xxx']], unread: [['500xxx']] },
    };
  },
  'unhealthy by its owner': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.9));
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(5).at },
        closed(gone, at, 5),
        {
          kind: 'health',
          ...minutes(at),
          state: 'Unavailable',
          reasonType: 'UserInitiated',
          context: 'Customer Initiated',
          summary: 'This IoT hub was changed by an authorized user.',
        },
      ],
      label: { read: [['404104']], unread: [['none']] },
    };
  },
};
