import type { Evaluation } from '../detection/evaluation.ts';
import { undiagnosed } from '../diagnosis/diagnosis.ts';
import type { Heartbeat } from '../hubs/heartbeat.ts';
import type { Hub } from '../hubs/hub.ts';
import { parseHubId } from '../hubs/hub.ts';
import { fingerprint, type Subject } from '../incidents/incident.ts';
import { DAY, MINUTE, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { planBatches, planEmptied } from './plan-batches.ts';
import { correlateIncidents } from './correlate-incidents.ts';
import { openingWork, recordObservation } from './record-observation.ts';
import { scopeName } from './sweep-logs.ts';
import { sweep } from './sweep.ts';

/** A subscription whose hubs cannot be listed for that long makes an incident. */
const blindAfterMs = 10 * MINUTE;
/** A conversation that cards have not reached for that long is not just having a pause. */
const undeliverableAfterMs = 15 * MINUTE;
/** A timer that was silent this many periods (and ten minutes) was not just late. */
const missedPeriods = 5;

/** One tick: finds the hubs, cuts them into batches, queues these, and puts right what an earlier tick left undone. */
export async function evaluateTick(deps: Deps, now: EpochMs): Promise<void> {
  const last = await deps.stores.heartbeat.read();
  const { hubs, failing } = await findHubs(deps, last, now);
  const planned = planBatches(hubs, now);
  const batches = [...planned, ...planEmptied(await openGroups(deps), planned, now)];
  for (const batch of batches) await deps.queues.batch(batch);
  await deps.stores.heartbeat.write({ tickAt: now, failing });
  const decisions = [
    ...(await noteMissedTimer(deps, last, now)),
    ...(await noteUnlisted(deps, last, failing, now)),
    ...(await noteUndeliverable(deps, now)),
  ];
  await sweepDue(deps, hubs, last, now);
  const swept = await sweep(deps, now);
  decisions.push(...(await correlateIncidents(deps, now)));
  deps.log('tick', {
    at: now,
    hubs: hubs.length,
    batches: batches.length,
    unlisted: Object.keys(failing).length,
    decisions,
    ...swept,
  });
}

/** The groups of hubs that have an open incident. */
async function openGroups(deps: Deps): Promise<readonly string[]> {
  return (await deps.stores.incidents.listLive()).flatMap(({ value: { status, subject, group } }) =>
    status !== 'resolved' && subject.kind === 'hub' ? [group] : [],
  );
}

/** Queues a look through the logs of every scope, as often as the settings say. */
async function sweepDue(deps: Deps, hubs: readonly Hub[], last: Heartbeat | undefined, now: EpochMs): Promise<void> {
  const { logSweepMs } = deps.policies;
  if (!deps.azure.logs || logSweepMs === 0) return;
  if (last && Math.floor(now / logSweepMs) === Math.floor(last.tickAt / logSweepMs)) return;
  const scopes = new Map(hubs.flatMap((hub) => deps.azure.logScopes(hub)).map((scope) => [scopeName(scope), scope]));
  for (const scope of scopes.values()) await deps.queues.investigation({ kind: 'sweep-logs', scope, tickAt: now });
}

async function findHubs(
  deps: Deps,
  last: Heartbeat | undefined,
  now: EpochMs,
): Promise<{ hubs: readonly Hub[]; failing: Heartbeat['failing'] }> {
  const { selection } = deps.policies;
  const failing: Record<string, { since: EpochMs; code: string }> = {};
  const failed = (subscription: string, error: unknown): void => {
    const { code = 'azure.unavailable' } = error as { code?: string };
    failing[subscription] = { since: last?.failing[subscription]?.since ?? now, code };
    deps.log('hubs.unlisted', { subscription, ...errorFields(error) });
  };

  const wanted = selection.kind === 'list' ? new Set(selection.ids) : undefined;
  let subscriptions: readonly string[] = [];
  if (selection.kind === 'subscriptions') subscriptions = selection.ids;
  else if (selection.kind === 'list')
    subscriptions = [...new Set(selection.ids.map((id) => parseHubId(id)?.subscriptionId ?? ''))];
  else
    try {
      subscriptions = await deps.azure.listSubscriptions();
    } catch (error) {
      failed('*', error);
    }

  const listed = await Promise.all(
    subscriptions.map(async (subscription) => {
      try {
        return await deps.azure.inventory.listHubs(subscription);
      } catch (error) {
        failed(subscription, error);
        return undefined;
      }
    }),
  );
  const hubs = listed.flatMap((found) => found ?? []);
  // Hubs that cannot be listed now are still watched as they were last seen.
  if (Object.keys(failing).length > 0) {
    const known = await deps.stores.hubs.listAll();
    const blind = (hub: Hub): boolean => '*' in failing || hub.subscriptionId in failing;
    hubs.push(...known.map(({ hub }) => hub).filter((hub) => blind(hub) && !hubs.some(({ id }) => id === hub.id)));
  }
  const watched = wanted ? hubs.filter((hub) => wanted.has(hub.id)) : hubs;
  const missing = wanted ? [...wanted].filter((id) => !watched.some((hub) => hub.id === id)) : [];
  if (missing.length > 0)
    deps.log('hubs.missing', {
      hubs: missing.slice(0, 20),
      hint: 'Check HUBWATCH_HUBS: Azure lists no such hub in its subscription.',
    });
  return { hubs: watched, failing };
}

/** Says once that the timer did not run; the next tick closes it. */
async function noteMissedTimer(deps: Deps, last: Heartbeat | undefined, now: EpochMs): Promise<readonly string[]> {
  const gap = last ? now - last.tickAt : 0;
  const missed = gap > Math.max(10 * MINUTE, missedPeriods * deps.policies.scheduleMs);
  const subject: Subject = { kind: 'hubs', subscriptionId: 'timer', region: undefined, members: [] };
  return note(deps, subject, missed ? { since: last?.tickAt ?? now, reason: 'timer-missed' } : undefined, now);
}

async function noteUnlisted(
  deps: Deps,
  last: Heartbeat | undefined,
  failing: Heartbeat['failing'],
  now: EpochMs,
): Promise<readonly string[]> {
  const decisions: string[] = [];
  for (const subscription of new Set([...Object.keys(failing), ...Object.keys(last?.failing ?? {})])) {
    const subject: Subject = { kind: 'hubs', subscriptionId: subscription, region: undefined, members: [] };
    const failure = failing[subscription];
    if (failure && now - failure.since < blindAfterMs) continue;
    decisions.push(...(await note(deps, subject, failure && { since: failure.since, reason: failure.code }, now)));
  }
  return decisions;
}

/**
 * Conversations that cards have not reached for a while: the others are told, since nobody would miss a card there. One
 * that Teams calls gone is told of for a day.
 */
async function noteUndeliverable(deps: Deps, now: EpochMs): Promise<readonly string[]> {
  const [channels, posts] = await Promise.all([deps.stores.channels.list(), deps.stores.posts.listAll()]);
  const since = channels.flatMap((channel): EpochMs[] => {
    if (!channel.subscribed) return [];
    if (channel.goneAt !== undefined) return now - channel.goneAt < DAY ? [channel.goneAt] : [];
    const failing = posts.filter(
      ({ channelId, failingSince = now }) => channelId === channel.id && now - failingSince >= undeliverableAfterMs,
    );
    return failing.length === 0 ? [] : [Math.min(...failing.map(({ failingSince = now }) => failingSince))];
  });
  const subject: Subject = { kind: 'hubs', subscriptionId: 'channels', region: undefined, members: [] };
  const undelivered =
    since.length > 0 ? { since: Math.min(...since), reason: 'undeliverable', count: since.length } : undefined;
  return note(deps, subject, undelivered, now);
}

async function note(
  deps: Deps,
  subject: Subject,
  blind: { since: EpochMs; reason: string; count?: number } | undefined,
  now: EpochMs,
): Promise<readonly string[]> {
  const print = fingerprint(subject, 'visibility');
  const live = (
    await deps.stores.incidents.listLive(`${subject.kind === 'hubs' ? subject.subscriptionId : ''}:*`)
  ).find(({ value }) => value.fingerprint === print);
  if (!blind && !live) return [];
  const evaluation: Evaluation = {
    rule: 'visibility',
    signal: 'visibility',
    metric: '',
    verdict: blind ? 'breach' : 'normal',
    reason: blind?.reason ?? 'readable',
    severity: 'error',
    ...(blind ? { sinceAt: blind.since } : {}),
    numbers: blind?.count === undefined ? {} : { value: blind.count },
  };
  const observed = await recordObservation(deps, live, { subject, evaluation, diagnosis: undiagnosed }, now);
  if (observed.kind === 'opened') await openingWork(deps, [observed.incident]);
  return observed.kind === 'unchanged'
    ? []
    : [`visibility ${observed.kind} ${observed.incident.id} (${evaluation.reason})`];
}
