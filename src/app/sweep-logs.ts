import type { Evaluation } from '../detection/evaluation.ts';
import { isSwitchedOff } from '../detection/hub-tags.ts';
import { undiagnosed, type Unavailable } from '../diagnosis/diagnosis.ts';
import type { LogScopeRecord } from '../diagnosis/log-record.ts';
import { hubsPerSweep, type LogMinute, type LogScope, type LogSweep } from '../diagnosis/log-source.ts';
import { isLogSignal, judgeLogs, logClasses, watchWindowMs, type Usual } from '../diagnosis/log-watch.ts';
import { OperationalError } from '../failure/operational-error.ts';
import type { Hub } from '../hubs/hub.ts';
import { limitsOf } from '../hubs/limits.ts';
import { fingerprint, refOf, type Incident } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import { DAY, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { openingWork, recordObservation, type Recorded } from './record-observation.ts';

/** Beyond the window that is judged: records come late, and the first sweep learns from a day. */
const slackMs = 5 * MINUTE;
const learnFromMs = DAY;
/** A scope that cannot be read is tried again this often. */
const retryAfterMs = 15 * MINUTE;

/** One query over the logs of a scope: errors that no metric shows open and close incidents of their own. */
export async function sweepLogs(deps: Deps, scope: LogScope, now: EpochMs): Promise<void> {
  const { logs } = deps.azure;
  const name = scopeName(scope);
  const record = (await deps.stores.logs.read(name)) ?? { hubs: {} };
  if (!logs || (record.unreadable && now - (record.sweptAt ?? 0) < retryAfterMs)) return;

  const { turns } = record;
  const hubs = (await deps.stores.hubs.listAll())
    .map(({ hub }) => hub)
    .filter((hub) => isIn(hub, scope))
    .toSorted((a, b) => (turns?.[a.id] ?? 0) - (turns?.[b.id] ?? 0));
  const inTurn = hubs.slice(0, hubsPerSweep);
  const first =
    record.sweptAt === undefined ||
    now < record.sweptAt ||
    (turns !== undefined && inTurn.some(({ id }) => turns[id] === undefined));
  const spanMs = first ? learnFromMs : watchWindowMs + slackMs;
  let sweep: LogSweep;
  try {
    sweep = await logs.sweep(scope, { from: floorTo(now, MINUTE) - spanMs, to: now }, hubs);
  } catch (error) {
    const why = whyUnavailable(error);
    await deps.stores.logs.write(name, {
      ...record,
      sweptAt: now,
      unreadable: { since: record.unreadable?.since ?? now, why },
    });
    deps.log('logs.unreadable', { scope: name, why, ...errorFields(error) });
    return;
  }

  const live = (await deps.stores.incidents.listLive()).filter(({ value }) => isLogSignal(value.signal));
  const { minutes, only, partial } = sweep;
  const byHub = Map.groupBy(minutes, ({ hubId }) => hubId);
  const next: Record<string, LogScopeRecord['hubs'][string]> = {};
  const decisions: string[] = [];
  const opened: Incident[] = [];
  for (const hub of hubs) {
    const own = byHub.get(hub.id) ?? [];
    const before = record.hubs[hub.id];
    // Of a hub that was not asked for nothing is known: it stays as it was.
    if (only && !only.has(hub.id)) {
      if (before) next[hub.id] = before;
      continue;
    }
    const firing = new Set(
      live
        .filter(
          ({ value }) => value.subject.kind === 'hub' && value.subject.hub.id === hub.id && value.status !== 'resolved',
        )
        .map(({ value }) => value.signal),
    );
    const usual = before?.usual ?? learned(own, now);
    const rate = limitsOf(hub.sku, hub.units)?.connectionsPerSecond;
    const judged = judgeLogs(
      own,
      usual,
      rate,
      firing,
      now,
      Math.max(0, now - (turns?.[hub.id] ?? record.sweptAt ?? now)),
    );
    const seenAt = own.length > 0 ? now : before?.seenAt;
    if (seenAt !== undefined) next[hub.id] = { seenAt, usual: judged.usual };
    for (const evaluation of judged.evaluations) {
      if (isSwitchedOff(hub.tags, evaluation.signal)) continue;
      if (evaluation.verdict !== 'breach' && !firing.has(evaluation.signal)) continue;
      const noted = await note(deps, hub, evaluation, live, now);
      decisions.push(...noted.decisions);
      opened.push(...noted.opened);
    }
  }
  await openingWork(deps, opened);
  await deps.stores.logs.write(name, {
    sweptAt: now,
    hubs: next,
    ...(only ? { turns: { ...turnsOf(hubs, turns), ...turnsOf(inTurn, undefined, now) } } : {}),
  });
  deps.log('logs.swept', {
    scope: name,
    at: now,
    hubs: hubs.length,
    ...(only ? { oneByOne: [...only].length } : {}),
    rows: minutes.length,
    minutes: spanMs / MINUTE,
    partial,
    decisions,
  });
}

/** The turns of these hubs, and of no others: hubs come and go. */
function turnsOf(
  hubs: readonly Pick<Hub, 'id'>[],
  known: LogScopeRecord['turns'],
  at?: EpochMs,
): Readonly<Record<string, EpochMs>> {
  return Object.fromEntries(
    hubs.flatMap(({ id }) => {
      const turn = at ?? known?.[id];
      return turn === undefined ? [] : [[id, turn]];
    }),
  );
}

async function note(
  deps: Deps,
  hub: Hub,
  evaluation: Evaluation,
  live: readonly Versioned<Incident>[],
  now: EpochMs,
): Promise<Recorded> {
  const { name } = hub;
  const subject = { kind: 'hub', hub: refOf(hub) } as const;
  const print = fingerprint(subject, evaluation.signal);
  const current = live.find(({ value }) => value.fingerprint === print);
  try {
    const observed = await recordObservation(
      deps,
      current,
      { subject, evaluation, diagnosis: current?.value.diagnosis ?? undiagnosed },
      now,
    );
    if (observed.kind === 'unchanged') return { decisions: [], opened: [] };
    return {
      decisions: [
        `${name} ${evaluation.signal} ${observed.kind} ${observed.incident.id} (${evaluation.code ?? evaluation.reason})`,
      ],
      opened: observed.kind === 'opened' ? [observed.incident] : [],
    };
  } catch (error) {
    deps.log('evaluation.not-recorded', { hub: name, signal: evaluation.signal, ...errorFields(error) });
    return { decisions: [], opened: [] };
  }
}

/** The usual records per window, from the day before the window that is judged. */
function learned(minutes: readonly LogMinute[], now: EpochMs): Usual {
  const until = floorTo(now, MINUTE) - watchWindowMs - slackMs;
  const windows = (learnFromMs - watchWindowMs - slackMs) / watchWindowMs;
  const usual: Record<string, number> = {};
  for (const { signal, codes } of logClasses) {
    const count = minutes
      .filter(({ code, minute }) => minute < until && codes.test(code))
      .reduce((sum, row) => sum + row.count, 0);
    if (count > 0) usual[signal] = Math.round((count / windows) * 100) / 100;
  }
  return usual;
}

export function scopeName(scope: LogScope): string {
  return scope.kind === 'workspace' ? `workspace:${scope.workspaceId}` : `subscription:${scope.subscriptionId}`;
}

/** The scopes in which the logs of this hub may be. */
export function isIn(hub: Pick<Hub, 'subscriptionId'>, scope: LogScope): boolean {
  return scope.kind === 'workspace' || scope.subscriptionId === hub.subscriptionId;
}

/** What a refusal of the logs means to a person. */
export function whyUnavailable(error: unknown): Unavailable {
  const code = error instanceof OperationalError ? error.code : undefined;
  switch (code) {
    case 'azure.auth':
      return 'no-permission';
    case 'azure.not-found':
      return 'no-workspace';
    case 'azure.throttled':
      return 'throttled';
    case 'azure.unavailable':
    case undefined:
      return 'no-answer';
    default:
      return 'unreadable';
  }
}
