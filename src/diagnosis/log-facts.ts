import { MINUTE, type EpochMs } from '../time/time.ts';
import type { LoudDevice } from './diagnosis.ts';
import type { LogCount, LogInspection } from './log-source.ts';

/** What the logs say about one error code in the window. */
export interface CodeFacts {
  readonly code: string;
  readonly count: number;
  readonly before: number;
  readonly devices: number;
  /** Categories, the one with most records first. */
  readonly categories: readonly string[];
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
}

export interface LogFacts {
  readonly codes: ReadonlyMap<string, CodeFacts>;
  /** Connections made in the window, and in the time before. */
  readonly connects: { readonly count: number; readonly before: number };
  /** By a code's first three digits: the devices with most of these errors. */
  readonly loudest: ReadonlyMap<string, readonly LoudDevice[]>;
  /** Of the devices that lost a connection, the part that came back within two minutes; `undefined`: none did lose one. */
  readonly returnedRatio: number | undefined;
  readonly sdks: readonly string[];
  readonly partial: boolean;
}

const returnsWithinMs = 2 * MINUTE;

/** Folds an inspection into facts per code. */
export function logFacts(inspection: LogInspection): LogFacts {
  const before = new Map<string, number>();
  for (const { code, count } of inspection.before) before.set(code, (before.get(code) ?? 0) + count);
  const codes = new Map<string, CodeFacts>();
  for (const [code, rows] of Map.groupBy(inspection.window, (row) => row.code)) {
    if (code === '') continue;
    codes.set(code, {
      code,
      count: total(rows),
      before: before.get(code) ?? 0,
      devices: Math.max(...rows.map((row) => row.devices)),
      categories: [...new Set(rows.toSorted((a, b) => b.count - a.count).map((row) => row.category))],
      firstAt: Math.min(...rows.map((row) => row.firstAt)),
      lastAt: Math.max(...rows.map((row) => row.lastAt)),
    });
  }
  return {
    codes,
    connects: { count: total(inspection.window.filter(isConnect)), before: total(inspection.before.filter(isConnect)) },
    loudest: loudestOf(inspection, codes),
    returnedRatio: returnedRatio(inspection),
    sdks: [...new Set(inspection.devices.map(({ sdk }) => sdk).filter((sdk) => sdk !== ''))].slice(0, 5),
    partial: inspection.partial,
  };
}

/**
 * Whether something is clearly more frequent than in the time before. Rare events scatter like a Poisson process, so a
 * few more of them mean nothing; frequent ones must at least double.
 */
export function hasRisen({ count, before }: { readonly count: number; readonly before: number }): boolean {
  return count >= 3 && count - before >= 3 * Math.sqrt(before + 1) && count >= 2 * before;
}

/** The code's first three digits, which name its family: `429` of `429001`. */
export function statusOf(code: string): string {
  return code.slice(0, 3);
}

function isConnect({ failed, code, operation }: LogCount): boolean {
  return !failed && code === '' && operation.toLowerCase() === 'deviceconnect';
}

function total(rows: readonly LogCount[]): number {
  return rows.reduce((sum, row) => sum + row.count, 0);
}

function loudestOf({ devices }: LogInspection, codes: ReadonlyMap<string, CodeFacts>): LogFacts['loudest'] {
  const all = new Map<string, number>();
  for (const { code, count } of codes.values()) all.set(statusOf(code), (all.get(statusOf(code)) ?? 0) + count);
  return new Map(
    [...all].map(([status, sum]) => [
      status,
      devices
        .flatMap(({ device, errors }) => {
          const count = errors[status] ?? 0;
          return device === '' || count === 0 ? [] : [{ device, count, share: Math.min(1, count / sum) }];
        })
        .toSorted((a, b) => b.count - a.count)
        .slice(0, 5),
    ]),
  );
}

function returnedRatio({ devices }: LogInspection): number | undefined {
  const dropped = devices.filter(({ drops, lastDropAt }) => drops > 0 && lastDropAt !== undefined);
  if (dropped.length === 0) return undefined;
  const back = dropped.filter(({ lastDropAt = 0, lastConnectAt }) => {
    const gap = (lastConnectAt ?? Number.NEGATIVE_INFINITY) - lastDropAt;
    return gap >= 0 && gap <= returnsWithinMs;
  });
  return back.length / dropped.length;
}
