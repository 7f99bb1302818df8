import { closed, connected, minutes, records, type Story, type StoryEvent } from './story.ts';
import type { Dice } from './dice.ts';

// What is no trouble, and more than one thing at a time.

/** Errors that go on all the time: nothing new about them. */
function always(dice: Dice): StoryEvent[] {
  const kinds: readonly [string, string][] = [
    ['404104', 'Connections'],
    ['401003', 'Connections'],
    ['409002', 'Connections'],
    ['429002', 'C2DTwinOperations'],
    ['500001', 'Connections'],
    ['404001', 'DirectMethods'],
  ];
  return kinds
    .filter(() => dice.chance(0.5))
    .map(([code, category]) => records(code, category, dice.size(1, 30) / 10, { at: '-30h' }, { devices: 20 }));
}

export const mixedStories: Readonly<Record<string, Story>> = {
  'nothing wrong': () => ({ events: [], label: { read: [], unread: [] }, minutes: 30 }),
  'constant background errors': (dice) => ({ events: always(dice), label: { read: [], unread: [] }, minutes: 40 }),
  'tokens renewed': (dice) => ({
    events: [],
    hub: { renewal: { every: dice.pick('70m', '60m', '30m'), share: dice.between(0.03, 0.3) } },
    label: { read: [], unread: [] },
    minutes: 75,
  }),
  'all tokens renewed together': (dice) => ({
    events: [],
    hub: { renewal: { every: '65m', share: dice.between(0.5, 0.95) } },
    label: { read: [], unread: [] },
    minutes: 75,
  }),
  'devices come and go': (dice, hub) => ({
    events: [
      records(null, 'Connections', hub.connected * 0.02 + 5, minutes(3), {
        level: 'Information',
        devices: hub.connected,
      }),
      records(null, 'Connections', hub.connected * 0.02 + 5, minutes(3), {
        level: 'Information',
        operation: 'deviceDisconnect',
        devices: hub.connected,
      }),
      records('Success', 'DistributedTracing', dice.size(10, 500), minutes(3), {
        level: 'Information',
        operation: 'DiagnosticIoTHubD2C',
      }),
      records(null, 'Routes', 1, minutes(3), { level: 'Information', operation: 'routeEvaluation', devices: 0 }),
    ],
    label: { read: [], unread: [] },
  }),
  'one short burst': (dice) => {
    const [code, category] = dice.pick<readonly [string, string]>(
      ['429002', 'TwinQueries'],
      ['500001', 'Connections'],
      ['401003', 'Connections'],
      ['409002', 'Connections'],
      ['403004', 'C2DCommands'],
    );
    return {
      events: [
        records(
          code,
          category,
          dice.between(8, 20),
          { at: `${String(dice.whole(5, 12))}m`, for: '55s' },
          { devices: 15 },
        ),
      ],
      label: { read: [], unread: [] },
      minutes: 30,
    };
  },
  'network loss amid background errors': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.9));
    const over = dice.between(3, 7);
    return {
      events: [
        ...always(dice).filter(({ code }) => code !== '404104'),
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: minutes(over).at },
        closed(gone, at, over),
      ],
      label: { read: [['404104']], unread: [['none']] },
    };
  },
  'hub fault amid background errors': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.9));
    return {
      events: [
        ...always(dice),
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected },
        closed(gone, at, 2),
        records('500008', 'Connections', gone * 0.1 + 15, minutes(at), { devices: gone }),
      ],
      label: { read: [['500xxx']], unread: [['none']] },
    };
  },
  'sends over the rate and an endpoint full': (dice, hub) => {
    const at = dice.between(3, 7);
    return {
      events: [
        { kind: 'sends', ...minutes(at), perMinute: Math.round(hub.limitPerMinute * dice.between(1.3, 2)) },
        records('429001', 'DeviceTelemetry', hub.connected * 0.2 + 5, minutes(at + 2), { devices: hub.connected }),
        records('403004', 'Routes', dice.size(6, 40), minutes(at + 1), { operation: 'endpointUnhealthy', devices: 0 }),
      ],
      label: { read: [['429001'], ['403004']], unread: [['429001']] },
      hub: { sku: hub.sku === 'F1' ? 'S1' : hub.sku },
      minutes: 30,
    };
  },
  'twin backlog and one identity twice': (dice) => {
    const at = dice.between(3, 7);
    return {
      events: [
        records('429002', 'TwinQueries', dice.size(5, 60), minutes(at), { operation: 'query', devices: 0 }),
        records('409002', 'Connections', dice.size(8, 40), minutes(at + dice.between(0, 3)), { devices: 2 }),
      ],
      label: { read: [['429002'], ['409002']], unread: [] },
      minutes: 38,
    };
  },
  'quota nearly used and an endpoint full': (dice) => ({
    startsAt: '2026-03-10T11:00:00Z',
    events: [
      { kind: 'quota', at: minutes(dice.between(3, 6)).at, share: dice.between(0.91, 0.97) },
      records('403004', 'Routes', dice.size(6, 40), minutes(dice.between(3, 8)), {
        operation: 'endpointUnhealthy',
        devices: 0,
      }),
    ],
    label: { read: [['403002'], ['403004']], unread: [['403002']] },
    minutes: 28,
  }),
  'lost connections and failing methods': (dice, hub) => {
    const at = dice.between(4, 8);
    const gone = Math.ceil(hub.connected * dice.between(0.4, 0.9));
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - gone / hub.connected, ramp: '5m' },
        closed(gone, at, 5),
        records('504101', 'DirectMethods', dice.size(20, 300), minutes(at - 1), {
          operation: 'invoke',
          devices: Math.ceil(hub.connected / 3),
        }),
      ],
      label: { read: [['404104'], ['504101']], unread: [['none']] },
    };
  },
  'devices of two sites switched off in turn': (dice, hub) => {
    const at = dice.between(3, 6);
    const first = hub.connected * dice.between(0.3, 0.45);
    return {
      events: [
        { kind: 'devices', ...minutes(at), share: 1 - first / hub.connected, ramp: '3m' },
        { kind: 'devices', ...minutes(at + 6), share: 0.6, ramp: '3m' },
        closed(first, at, 3),
        closed((hub.connected - first) * 0.4, at + 6, 3),
        connected(hub.connected * 0.02, at + 2, 10),
      ],
      label: { read: [['404104']], unread: [['none']] },
    };
  },
};
