import { findEntry } from '../catalog/catalog.ts';
import { SECOND } from '../time/time.ts';
import { deviceProperties, dotnet } from './log-devices.ts';
import { logsBeginAt, type LogKind, type LogStream } from './log-stream.ts';
import type { ScenarioHub } from './scenario.ts';
import { uniform, type World } from './world.ts';

/** The dice of the renewals: not those of the background, nor of an event. */
const dice = 1;
/** All devices are dropped in the first half minute of a period … */
const dropMs = 30 * SECOND;
/** … and each is back half a minute later at most. */
const backMs = 30 * SECOND;

/**
 * Devices whose token ends: at the beginning of every period the same ones are refused (401003) and disconnected
 * (404104), and connect again within a minute.
 */
export function renewalStreams(world: World, hub: ScenarioHub): readonly LogStream[] {
  const { renewal } = hub;
  const count = renewal ? Math.round(hub.connected * renewal.share) : 0;
  if (!renewal || count === 0) return [];
  const { seed } = world.scenario;
  const periodOf = (number: number): number => Math.floor(number / count) * renewal.every;
  const chance = (number: number, face: number): number =>
    uniform(seed, hub.index, 700 + face + 4 * (number % count), periodOf(number));
  const droppedAt = (number: number): number => periodOf(number) + Math.floor(dropMs * chance(number, 0));

  const stream = (kind: LogKind, statusCode: string | null, lag: (number: number) => number): LogStream => ({
    hub,
    dice,
    kind,
    life: { from: logsBeginAt(world.scenario), to: Infinity },
    numbers: ({ from, to }) => [
      Math.floor((from - dropMs - backMs) / renewal.every) * count,
      (Math.floor(to / renewal.every) + 1) * count,
    ],
    at: (number) => droppedAt(number) + Math.floor(lag(number)),
    properties: (number) => ({ ...deviceProperties(hub, number % count, dotnet), statusCode }),
  });
  const error = (code: string): LogKind => ({
    category: 'Connections',
    operation: code === '401003' ? 'deviceConnect' : 'deviceDisconnect',
    level: 'Error',
    code,
    description: findEntry(code)?.name ?? '',
  });
  return [
    stream(error('401003'), '401', () => 0),
    stream(error('404104'), '404', (number) => 1 + SECOND * chance(number, 1)),
    stream(
      { category: 'Connections', operation: 'deviceConnect', level: 'Information', code: '', description: '' },
      null,
      (number) => 2 * SECOND + (backMs - 2 * SECOND) * chance(number, 2),
    ),
  ];
}
