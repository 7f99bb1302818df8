import { entries } from '../catalog/catalog.ts';
import {
  hubsPerSweep,
  type LogCount,
  type LogDevice,
  type LogInspection,
  type LogMinute,
  type LogScope,
  type LogSource,
  type LogSweep,
} from '../diagnosis/log-source.ts';
import { OperationalError } from '../failure/operational-error.ts';
import { parseHubId } from '../hubs/hub.ts';
import { MINUTE, floorTo, type EpochMs, type Span } from '../time/time.ts';
import { countsKql, devicesKql, rawKql, sweepKql } from './log-kql.ts';
import type { LogTable, LogTarget } from './monitor-query.ts';

type Run = (target: LogTarget, query: string, span: Span) => Promise<LogTable>;
type Row = Readonly<Record<string, unknown>>;

/**
 * Resource logs of IoT hubs. The counting is done by Azure; a server that refuses to run the counting queries is asked
 * for the records, and they are counted here.
 */
export function azureLogs(run: Run): LogSource {
  /** Targets that refused the counting queries once. */
  const plain = new Set<string>();
  /** Subscriptions whose logs may only be read hub by hub. */
  const hubByHub = new Set<string>();

  async function ask(target: LogTarget, counting: string, raw: string, span: Span): Promise<LogTable> {
    const name = JSON.stringify(target);
    if (!plain.has(name)) {
      try {
        return await run(target, counting, span);
      } catch (error) {
        if (!(error instanceof OperationalError) || error.code !== 'azure.refused') throw error;
        plain.add(name);
      }
    }
    return run(target, raw, span);
  }

  async function sweepTarget(target: LogTarget, span: Span): Promise<LogSweep> {
    const { rows, partial } = await ask(target, sweepKql(span), rawKql(undefined, span), span);
    const minutes = isRaw(rows) ? perMinute(rows.flatMap(toRecord)) : rows.flatMap((row) => toMinute(row));
    return { minutes, partial };
  }

  return {
    sweep: async (scope, span, hubs) => {
      const name = JSON.stringify(scope);
      if (!hubByHub.has(name)) {
        try {
          return await sweepTarget(targetOf(scope), span);
        } catch (error) {
          const closed =
            error instanceof OperationalError &&
            ['azure.auth', 'azure.not-found', 'azure.refused'].includes(error.code);
          if (!closed || scope.kind !== 'subscription' || hubs.length === 0) throw error;
          hubByHub.add(name);
        }
      }
      const asked = hubs.slice(0, hubsPerSweep);
      const sweeps = await Promise.allSettled(asked.map(({ id }) => sweepTarget({ resourceId: id }, span)));
      const refused = sweeps.find((sweep) => sweep.status === 'rejected');
      const answered = sweeps.flatMap((sweep) => (sweep.status === 'fulfilled' ? [sweep.value] : []));
      if (refused && answered.length === 0) throw refused.reason;
      return {
        minutes: answered.flatMap(({ minutes }) => minutes),
        only: new Set(asked.filter((_, i) => sweeps[i]?.status === 'fulfilled').map(({ id }) => id)),
        partial: answered.some(({ partial }) => partial),
      };
    },
    inspect: async (hub, window) => {
      const target: LogTarget = { resourceId: hub.id };
      const before: Span = { from: window.from - (window.to - window.from), to: window.from };
      const whole: Span = { from: before.from, to: window.to };
      const counts = await ask(target, countsKql(hub.id, window), rawKql(hub.id, whole), whole);
      if (isRaw(counts.rows)) return fromRecords(hub.id, window, counts);
      const devices = await run(target, devicesKql(hub.id, window), window);
      const counted = counts.rows.flatMap((row) =>
        toCount(row, hub.id, window.from).map((count) => ({ count, inWindow: truth(row['inwindow']) })),
      );
      return {
        window: counted.filter(({ inWindow }) => inWindow).map(({ count }) => count),
        before: counted.filter(({ inWindow }) => !inWindow).map(({ count }) => count),
        devices: mergeDevices(devices.rows.flatMap(toDevice)),
        partial: counts.partial || devices.partial,
      };
    },
  };
}

function targetOf(scope: LogScope): LogTarget {
  return scope.kind === 'workspace'
    ? { workspaceId: scope.workspaceId }
    : { resourceId: `/subscriptions/${scope.subscriptionId}` };
}

// ── Answers of the counting queries ──

function toCount(row: Row, hubId: string, from: EpochMs): LogCount[] {
  const count = number(row['events']);
  if (count <= 0) return [];
  const firstAt = instant(row['firstat']) ?? from;
  return [
    {
      hubId,
      category: text(row['category'], 60),
      code: codeOf(row['code'], undefined),
      operation: text(row['operation'], 60),
      failed: truth(row['failed']),
      count,
      devices: number(row['devices']),
      firstAt,
      lastAt: instant(row['lastat']) ?? firstAt,
    },
  ];
}

function toMinute(row: Row): LogMinute[] {
  const hubId = hubOf(row['hub']);
  const minute = instant(row['minute']);
  if (hubId === undefined || minute === undefined) return [];
  return toCount(row, hubId, minute).map((count) => ({ ...count, minute }));
}

function toDevice(row: Row): LogDevice[] {
  const device = text(row['device'], 200);
  const status = text(row['status'], 3);
  if (device === '') return [];
  return [
    {
      device,
      sdk: text(row['sdk'], 80),
      errors: /^[45]\d\d$/.test(status) ? { [status]: number(row['errors']) } : {},
      drops: number(row['drops']),
      connects: number(row['connects']),
      lastDropAt: instant(row['lastdropat']),
      lastConnectAt: instant(row['lastconnectat']),
    },
  ];
}

/** One entry per device: the query has one row per device and kind of error. */
function mergeDevices(rows: readonly LogDevice[]): readonly LogDevice[] {
  const merged = new Map<string, LogDevice>();
  for (const row of rows) {
    const known = merged.get(row.device);
    const errors = { ...known?.errors };
    for (const [status, count] of Object.entries(row.errors)) errors[status] = (errors[status] ?? 0) + count;
    merged.set(row.device, {
      device: row.device,
      sdk: known?.sdk !== undefined && known.sdk !== '' ? known.sdk : row.sdk,
      errors,
      drops: (known?.drops ?? 0) + row.drops,
      connects: (known?.connects ?? 0) + row.connects,
      lastDropAt: latest(known?.lastDropAt, row.lastDropAt),
      lastConnectAt: latest(known?.lastConnectAt, row.lastConnectAt),
    });
  }
  return [...merged.values()];
}

function latest(a: EpochMs | undefined, b: EpochMs | undefined): EpochMs | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b);
}

// ── Plain records ──

interface LogRecord {
  readonly hubId: string;
  readonly at: EpochMs;
  readonly category: string;
  readonly code: string;
  readonly operation: string;
  readonly failed: boolean;
  readonly device: string;
  readonly sdk: string;
}

/** Whether the rows are records of AzureDiagnostics rather than counts. */
function isRaw([row]: readonly Row[]): boolean {
  return row !== undefined && !('events' in row) && ('timegenerated' in row || 'time' in row);
}

function toRecord(row: Row): LogRecord[] {
  const at = instant(row['timegenerated'] ?? row['time']);
  const hubId = hubOf(row['_resourceid'] ?? row['resourceid']);
  if (at === undefined || hubId === undefined) return [];
  const properties = parsed(row['properties_s'] ?? row['properties']);
  const code = codeOf(row['resulttype'], row['resultdescription'], properties['statusCode']);
  return [
    {
      hubId,
      at,
      category: text(row['category'], 60),
      code,
      operation: text(row['operationname'], 60),
      failed: /^error$/i.test(text(row['level'], 20)),
      device: text(properties['deviceId'], 200),
      sdk: text(properties['sdkVersion'], 80),
    },
  ];
}

function perMinute(records: readonly LogRecord[]): readonly LogMinute[] {
  const groups = Map.groupBy(
    relevant(records),
    (record) => `${record.hubId}|${kindOf(record)}|${String(floorTo(record.at, MINUTE))}`,
  );
  return [...groups.values()].flatMap((group) =>
    counted(group).map((count) => ({ ...count, minute: floorTo(count.firstAt, MINUTE) })),
  );
}

function fromRecords(hubId: string, window: Span, { rows, partial }: LogTable): LogInspection {
  const records = relevant(rows.flatMap(toRecord)).filter((record) => record.hubId === hubId);
  const split = (span: Span): readonly LogCount[] =>
    [
      ...Map.groupBy(
        records.filter(({ at }) => at >= span.from && at < span.to),
        kindOf,
      ).values(),
    ].flatMap(counted);
  const inside = records.filter(({ at, device }) => device !== '' && at >= window.from && at < window.to);
  return {
    window: split(window),
    before: split({ from: window.from - (window.to - window.from), to: window.from }),
    devices: mergeDevices(inside.map(deviceOf)),
    partial,
  };
}

function deviceOf({ device, sdk, code, operation, failed, at }: LogRecord): LogDevice {
  const dropped = code === '404104' || code === '401003';
  const connected = code === '' && !failed && /^deviceconnect$/i.test(operation);
  return {
    device,
    sdk,
    errors: code === '' ? {} : { [code.slice(0, 3)]: 1 },
    drops: dropped ? 1 : 0,
    connects: connected ? 1 : 0,
    lastDropAt: dropped ? at : undefined,
    lastConnectAt: connected ? at : undefined,
  };
}

function relevant(records: readonly LogRecord[]): readonly LogRecord[] {
  return records.filter(({ failed, code, operation }) => failed || code !== '' || /^deviceconnect$/i.test(operation));
}

function kindOf({ category, code, operation, failed }: LogRecord): string {
  return [category, code, operation, failed].join('|');
}

function counted(group: readonly LogRecord[]): LogCount[] {
  const [first] = group;
  if (!first) return [];
  const { hubId, category, code, operation, failed } = first;
  const times = group.map(({ at }) => at);
  return [
    {
      hubId,
      category,
      code,
      operation,
      failed,
      count: group.length,
      devices: new Set(group.map(({ device }) => device).filter((device) => device !== '')).size,
      firstAt: times.reduce((a, b) => Math.min(a, b)),
      lastAt: times.reduce((a, b) => Math.max(a, b)),
    },
  ];
}

// ── Values from outside ──

const codesByName = new Map(entries.map(({ code, name }) => [name.toLowerCase(), code]));

/** The error code of a record: six digits where there are any, a known name, or the three digits of an HTTP status. */
function codeOf(resultType: unknown, description: unknown, statusCode?: unknown): string {
  const type = text(resultType, 40);
  if (/^[45]\d{5}$/.test(type)) return type;
  const named =
    /\b[45]\d{5}\b/.exec(text(description, 500))?.[0] ??
    codesByName.get(type.toLowerCase()) ??
    codesByName.get(text(description, 80).toLowerCase());
  if (named !== undefined) return named;
  if (/^[45]\d\d$/.test(type)) return type;
  const status = text(statusCode, 10);
  return /^[45]\d\d$/.test(status) ? status : '';
}

function hubOf(value: unknown): string | undefined {
  return parseHubId(text(value, 400))?.id.toLowerCase();
}

function text(value: unknown, max: number): string {
  return typeof value === 'string' ? value.slice(0, max) : typeof value === 'number' ? String(value) : '';
}

function number(value: unknown): number {
  const parsedNumber = typeof value === 'number' ? value : Number(value);
  return Number.isFinite(parsedNumber) && parsedNumber > 0 ? parsedNumber : 0;
}

function truth(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === 'True';
}

/** The SDK turns a `null` time into the beginning of 1970: nothing is as old as that. */
const unixEra = Date.parse('1971-01-01T00:00:00Z');

function instant(value: unknown): EpochMs | undefined {
  const at = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return at > unixEra ? at : undefined;
}

function parsed(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  if (typeof value !== 'string' || value.length > 100_000) return {};
  try {
    const found: unknown = JSON.parse(value);
    return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
