import { readLog, streamsOf } from './log-records.ts';
import type { LogStream } from './log-stream.ts';
import type { Narrowing, SourceTable } from './kql/expressions/scope.ts';
import type { Column, KustoType, Row, Value } from './kql/values.ts';
import type { ScenarioHub } from './scenario.ts';
import type { EpochMs, Span } from '../time/time.ts';
import type { World } from './world.ts';

const string: KustoType = 'string';
const datetime: KustoType = 'datetime';

/** The columns of the table that an IoT hub fills; what other services write to it is not there. */
export const diagnosticsColumns: readonly Column[] = [
  { name: 'TenantId', type: string },
  { name: 'TimeGenerated', type: datetime },
  { name: 'ResourceId', type: string },
  { name: 'Category', type: string },
  { name: 'ResourceGroup', type: string },
  { name: 'SubscriptionId', type: string },
  { name: 'ResourceProvider', type: string },
  { name: 'Resource', type: string },
  { name: 'ResourceType', type: string },
  { name: 'OperationName', type: string },
  { name: 'ResultType', type: string },
  { name: 'ResultDescription', type: string },
  { name: 'Level', type: string },
  { name: 'properties_s', type: string },
  { name: 'SourceSystem', type: string },
  { name: 'Type', type: string },
  { name: '_ResourceId', type: string },
  { name: '$IngestionTime', type: datetime, hidden: true },
];
/** Those that differ from record to record of one stream. */
const varying: ReadonlySet<string> = new Set(['TimeGenerated', 'properties_s', '$IngestionTime']);
const workspaceTenant = '99999999-9999-4999-8999-999999999999';

export interface DiagnosticsTable extends SourceTable {
  /** Whether a reading was cut, so that counts are too small. */
  readonly wasThinned: () => boolean;
}

/** `AzureDiagnostics` as it stands at `now`, with the records of these hubs in this span. */
export function diagnosticsTable(
  world: World,
  hubs: readonly ScenarioHub[],
  span: Span,
  now: EpochMs,
): DiagnosticsTable {
  let thinned = false;
  function read({ from, to, conditions }: Narrowing): readonly Row[] {
    const testable = conditions.filter(({ columns }) => [...columns].every((name) => !varying.has(name)));
    const streams = hubs
      .flatMap((hub) => ownStreams(world, hub))
      .filter(({ common }) => testable.every(({ holds }) => holds(common)));
    const rows = new Map(streams.map(({ stream, common }) => [stream, common]));
    const asked = { from: Math.max(span.from, from ?? -Infinity), to: Math.min(span.to, (to ?? Infinity) + 1) };
    const log = readLog(world, [...rows.keys()], asked, now);
    thinned ||= log.thinned;
    return log.records.map(({ stream, number, at, ingestedAt }) =>
      rowOf(rows.get(stream) ?? [], at, JSON.stringify(stream.properties(number)), ingestedAt),
    );
  }
  return { columns: diagnosticsColumns, timeColumn: 'TimeGenerated', read, wasThinned: () => thinned };
}

const timePlace = placeOf('TimeGenerated');
const propertiesPlace = placeOf('properties_s');
const ingestedPlace = placeOf('$IngestionTime');

function placeOf(name: string): number {
  return diagnosticsColumns.findIndex((column) => column.name === name);
}

function rowOf(common: Row, at: EpochMs, properties: string, ingestedAt: EpochMs): Row {
  const row = [...common];
  row[timePlace] = at;
  row[propertiesPlace] = properties;
  row[ingestedPlace] = ingestedAt;
  return row;
}

interface OwnStream {
  readonly stream: LogStream;
  /** The row of a record, but for the columns that vary. */
  readonly common: Row;
}
const known = new WeakMap<World, Map<number, readonly OwnStream[]>>();

/** A hub's streams and their rows are the same at every query. */
function ownStreams(world: World, hub: ScenarioHub): readonly OwnStream[] {
  const ofWorld = known.get(world) ?? new Map<number, readonly OwnStream[]>();
  known.set(world, ofWorld);
  let own = ofWorld.get(hub.index);
  if (!own) {
    own = streamsOf(world, hub).map((stream) => ({ stream, common: commonRow(stream) }));
    ofWorld.set(hub.index, own);
  }
  return own;
}

function commonRow({ hub, kind }: LogStream): Row {
  const cells: Readonly<Record<string, Value>> = {
    TenantId: workspaceTenant,
    ResourceId: hub.id.toUpperCase(),
    Category: kind.category,
    ResourceGroup: hub.resourceGroup.toUpperCase(),
    SubscriptionId: hub.subscription,
    ResourceProvider: 'MICROSOFT.DEVICES',
    Resource: hub.name.toUpperCase(),
    ResourceType: 'IOTHUBS',
    OperationName: kind.operation,
    ResultType: kind.code,
    ResultDescription: kind.description,
    Level: kind.level,
    SourceSystem: 'Azure',
    Type: 'AzureDiagnostics',
    _ResourceId: hub.id.toLowerCase(),
  };
  return diagnosticsColumns.map(({ name }) => cells[name] ?? null);
}
