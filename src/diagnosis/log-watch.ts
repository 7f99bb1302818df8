import type { Evaluation, Severity, Signal } from '../detection/evaluation.ts';
import { DAY, MINUTE, SECOND, floorTo, type EpochMs } from '../time/time.ts';
import { hasRisen } from './log-facts.ts';
import type { LogMinute } from './log-source.ts';

/**
 * Errors that no metric shows are watched in the logs, a class of codes at a time: five of the six throttling codes,
 * quota and queue refusals, duplicate identities, refused credentials, server errors.
 */
interface LogClass {
  readonly signal: string;
  readonly codes: RegExp;
  /** Records in the window, and minutes with any, from which on it is more than a blip. */
  readonly records: number;
  readonly minutes: number;
  readonly severity: Severity;
  /** Harmless when as many devices connect again as were refused: tokens are being renewed. */
  readonly renewable?: true;
}

export const logClasses: readonly LogClass[] = [
  { signal: 'logs-429', codes: /^429(?!001)\d{3}$/, records: 6, minutes: 2, severity: 'warning' },
  { signal: 'logs-403002', codes: /^403002$/, records: 5, minutes: 2, severity: 'critical' },
  { signal: 'logs-403004', codes: /^403004$/, records: 10, minutes: 3, severity: 'error' },
  { signal: 'logs-409002', codes: /^(?:409002|400027)$/, records: 20, minutes: 4, severity: 'warning' },
  { signal: 'logs-401', codes: /^401\d{3}$/, records: 20, minutes: 3, severity: 'error', renewable: true },
  { signal: 'logs-500', codes: /^(?!504101)(?:50[0234]\d{3}|50[0234])$/, records: 10, minutes: 3, severity: 'error' },
  // Methods that nobody answers: an error of the devices, and none of the hub's connections.
  { signal: 'logs-504101', codes: /^504101$/, records: 10, minutes: 3, severity: 'warning' },
];

/** New connections near the rate of the hub's size: no metric counts them, the logs do. */
export const connectionRate = 'logs-connections';
/** Every signal that the logs are watched for. */
export const logSignals: readonly string[] = [...logClasses.map(({ signal }) => signal), connectionRate];
/** Whether a signal is one that is watched in the logs. */
export function isLogSignal(signal: Signal): boolean {
  return signal.startsWith('logs-');
}

/** Share of the rate that a minute must reach, and how many of the last ten minutes. */
const nearRatio = 0.9;
const nearMinutes = 3;

/** What is usual for one hub: records per window and class. Classes that never occur are left out. */
export type Usual = Readonly<Record<string, number>>;

/** The time that a judgement looks at: long enough that records which come minutes late are in it. */
export const watchWindowMs = 10 * MINUTE;
/** How much of what is seen enters the usual level with every sweep: it is learned over a day. */
const learnOverMs = DAY;
const ratioToRefused = 0.8;
/** So many of the newest minutes may lack records that are still on their way. */
const lateBins = 5;

/**
 * Judges the error records of one hub.
 * @param minutes of this hub, newest last or in any order; older ones than the window are ignored
 * @param connectionsPerSecond what the hub's size takes; `undefined` if that is not known
 * @param firing signals of the classes for which an incident is open: these end only when the errors are nearly gone
 */
export function judgeLogs(
  minutes: readonly LogMinute[],
  usual: Usual,
  connectionsPerSecond: number | undefined,
  firing: ReadonlySet<string>,
  now: EpochMs,
  sinceLastMs: number,
): { readonly evaluations: readonly Evaluation[]; readonly usual: Usual } {
  const from = floorTo(now, MINUTE) - watchWindowMs;
  const recent = minutes.filter(({ minute }) => minute >= from && minute <= now);
  const connected = recent.filter(
    ({ failed, code, operation }) => !failed && code === '' && /^deviceconnect$/i.test(operation),
  );
  const connects = connected.reduce((sum, { count }) => sum + count, 0);
  const next: Record<string, number> = {};
  const evaluations = logClasses.map((each): Evaluation => {
    const rows = recent.filter(({ code }) => each.codes.test(code));
    const count = rows.reduce((sum, row) => sum + row.count, 0);
    const before = usual[each.signal] ?? 0;
    const busy = new Set(rows.map(({ minute }) => minute)).size;
    const renewed = each.renewable === true && connects >= count * ratioToRefused;
    const fires = count >= each.records && busy >= each.minutes && hasRisen({ count, before }) && !renewed;
    const stays = firing.has(each.signal) && count > Math.max(each.records / 2, before * 1.5) && !renewed;
    const breach = fires || stays;
    const learned = breach ? before : before + (count - before) * Math.min(1, sinceLastMs / learnOverMs);
    if (learned >= 0.05) next[each.signal] = Math.round(learned * 100) / 100;
    const code = most(rows);
    return {
      rule: each.signal,
      signal: each.signal,
      metric: 'AzureDiagnostics',
      verdict: breach ? 'breach' : 'normal',
      ...(code === undefined ? {} : { code }),
      reason: breach ? 'errors-in-logs' : renewed && count > 0 ? 'token-renewal' : 'few-errors-in-logs',
      severity: breach ? each.severity : 'information',
      settledAt: floorTo(now, MINUTE) - MINUTE,
      ...(breach ? { sinceAt: Math.min(...rows.map(({ minute }) => minute)) } : {}),
      numbers: {
        value: count,
        expected: before,
        fireLevel: each.records,
        breachingBins: busy,
        windowBins: watchWindowMs / MINUTE,
      },
      picture: pictureOf(rows, from),
    };
  });
  const rate = judgeConnections(connected, connectionsPerSecond, firing.has(connectionRate), from, now);
  return { evaluations: [...evaluations, rate], usual: next };
}

function judgeConnections(
  rows: readonly LogMinute[],
  limit: number | undefined,
  firing: boolean,
  from: EpochMs,
  now: EpochMs,
): Evaluation {
  const picture = pictureOf(rows, from);
  const perSecond = picture.values.map((count) => (count === null ? null : count / (MINUTE / SECOND)));
  const near = perSecond.flatMap((each, i) => (limit !== undefined && (each ?? 0) >= limit * nearRatio ? [i] : []));
  const [first] = near;
  const breach = first !== undefined && (firing || near.length >= nearMinutes);
  const value = Math.max(0, ...perSecond.map((each) => each ?? 0));
  return {
    rule: connectionRate,
    signal: connectionRate,
    metric: 'AzureDiagnostics',
    verdict: breach ? 'breach' : 'normal',
    reason: breach ? 'near-rate' : 'below-rate',
    severity: breach ? 'warning' : 'information',
    settledAt: floorTo(now, MINUTE) - MINUTE,
    ...(breach ? { sinceAt: from + first * MINUTE } : {}),
    numbers: {
      value,
      ...(limit === undefined ? {} : { limit, ratio: value / limit, fireLevel: limit * nearRatio }),
      breachingBins: near.length,
      windowBins: watchWindowMs / MINUTE,
    },
    picture: { ...picture, values: perSecond, ...(limit === undefined ? {} : { limit }) },
  };
}

function most(rows: readonly LogMinute[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { code, count } of rows) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

function pictureOf(rows: readonly LogMinute[], from: EpochMs): NonNullable<Evaluation['picture']> {
  const values: (number | null)[] = Array.from({ length: watchWindowMs / MINUTE }, () => 0);
  for (const { minute, count } of rows) {
    const bin = Math.floor((minute - from) / MINUTE);
    if (bin >= 0 && bin < values.length) values[bin] = (values[bin] ?? 0) + count;
  }
  // Records come minutes late: nothing yet is not nothing.
  for (let bin = values.length - 1; bin >= values.length - lateBins && values[bin] === 0; bin--) values[bin] = null;
  return { grainMs: MINUTE, from, values };
}
