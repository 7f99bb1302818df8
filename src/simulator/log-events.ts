import { findEntry } from '../catalog/catalog.ts';
import { MINUTE, type Span } from '../time/time.ts';
import { deviceProperties } from './log-devices.ts';
import { logsBeginAt, roll, type LogProperties, type LogStream } from './log-stream.ts';
import type { ScenarioEvent, ScenarioHub } from './scenario.ts';
import type { World } from './world.ts';

type LogsEvent = Extract<ScenarioEvent, { kind: 'logs' }>;

/** The dice of what is not an event; those of events are counted from 16. */
const disconnectDice = 0;
const firstEventDice = 16;
/** A device that has gone is back within two minutes. */
const maxLagMs = 2 * MINUTE;

/** One stream for each `logs` event of the hub. */
export function eventStreams(world: World, hub: ScenarioHub): readonly LogStream[] {
  return world.eventsOf(hub).flatMap((event) => {
    if (event.kind !== 'logs' || event.perMinute === 0) return [];
    const from = world.scenario.startsAt + event.at;
    const dice = firstEventDice + world.scenario.events.indexOf(event);
    const { category, level, operation, code } = event;
    const description = event.description ?? (code === null ? '' : (findEntry(code)?.name ?? ''));
    return {
      ...paced(world, { hub, dice }, { from, to: from + event.for }, event.perMinute),
      hub,
      dice,
      kind: { category, operation, level, code: code ?? '', description },
      properties: (number: number) => propertiesOf(event, world, { hub, dice }, number),
    };
  });
}

/**
 * What a healthy hub logs: devices that go and come back, about one in five minutes for 400 connected devices, never
 * more than four a minute.
 */
export function backgroundStreams(world: World, hub: ScenarioHub): readonly LogStream[] {
  const perMinute = Math.min(4, hub.connected / 2_000);
  if (perMinute === 0) return [];
  const own = { hub, dice: disconnectDice };
  const pace = paced(world, own, { from: logsBeginAt(world.scenario), to: Infinity }, perMinute);
  const kind = { category: 'Connections', level: 'Information', code: '', description: '' };
  const properties = (number: number): LogProperties => ({
    ...deviceProperties(hub, Math.floor(roll(world, own, number, 2) * Math.max(1, hub.devices))),
    statusCode: null,
  });
  const lag = (number: number): number => Math.floor(maxLagMs * roll(world, own, number, 3));
  return [
    { ...own, ...pace, kind: { ...kind, operation: 'deviceDisconnect' }, properties },
    {
      ...own,
      ...pace,
      kind: { ...kind, operation: 'deviceConnect' },
      properties,
      numbers: ({ from, to }) => pace.numbers({ from: from - maxLagMs, to }),
      at: (number) => pace.at(number) + lag(number),
    },
  ];
}

/** One record in every `1 / perMinute` minutes of the span, somewhere in it: so many per minute, but not by the clock. */
function paced(
  world: World,
  own: Pick<LogStream, 'hub' | 'dice'>,
  life: Span,
  perMinute: number,
): Pick<LogStream, 'life' | 'numbers' | 'at'> {
  const perMs = perMinute / MINUTE;
  return {
    life,
    numbers: ({ from, to }) => [Math.floor((from - life.from) * perMs), Math.ceil((to - life.from) * perMs)],
    at: (number) => Math.floor(life.from + (number + roll(world, own, number, 1)) / perMs),
  };
}

function propertiesOf(
  event: LogsEvent,
  world: World,
  own: Pick<LogStream, 'hub' | 'dice'>,
  number: number,
): LogProperties {
  const index = deviceOf(event, roll(world, own, number, 2), number);
  const fleet = Math.max(1, own.hub.devices, event.devices);
  // Which devices of the hub it is differs from event to event.
  const device = index === undefined ? {} : deviceProperties(own.hub, (index + own.dice * 31) % fleet);
  const named = event.topShare === 0 || index === 0;
  return {
    ...device,
    ...(named && event.device !== undefined ? { deviceId: event.device } : {}),
    ...(event.protocol === undefined ? {} : { protocol: event.protocol }),
    ...(event.sdk === undefined ? {} : { sdkVersion: event.sdk }),
    ...(event.category === 'Routes' ? { endpointName: 'endpoint-1', routeName: 'route-1' } : {}),
    statusCode: event.statusCode ?? statusOf(event.code),
  };
}

/** 0 for the device that makes the `topShare`, the others in turn; nothing for records that are of no device. */
function deviceOf({ devices, topShare }: LogsEvent, chance: number, number: number): number | undefined {
  if (chance < topShare) return 0;
  const first = topShare > 0 && devices > 1 ? 1 : 0;
  return devices === 0 ? undefined : first + (number % (devices - first));
}

/** The HTTP status that a code begins with. */
function statusOf(code: string | null): string | null {
  return /^[45]\d{2}(?:\d{3})?$/.test(code ?? '') ? (code ?? '').slice(0, 3) : null;
}
