import type { Heartbeat } from '../hubs/heartbeat.ts';
import type { Hub } from '../hubs/hub.ts';
import { parseHubId } from '../hubs/hub.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { planBatches, planEmptied } from './plan-batches.ts';
import { correlateIncidents } from './correlate-incidents.ts';
import { openingWork } from './record-observation.ts';
import { recordOwnTrouble } from './visibility.ts';
import { scopeName } from './sweep-logs.ts';
import { sweep } from './sweep.ts';

/** One tick: finds the hubs, cuts them into batches, queues these, and puts right what an earlier tick left undone. */
export async function evaluateTick(deps: Deps, now: EpochMs): Promise<void> {
  const last = await deps.stores.heartbeat.read();
  const { hubs, failing } = await findHubs(deps, last, now);
  const planned = planBatches(hubs, now);
  const batches = [...planned, ...planEmptied(await openGroups(deps), planned, now)];
  for (const batch of batches) await deps.queues.batch(batch);
  await deps.stores.heartbeat.write({ tickAt: now, failing });
  const own = await recordOwnTrouble(deps, last, failing, now);
  await openingWork(
    deps,
    own.flatMap(({ opened }) => opened),
  );
  const decisions = own.flatMap((recorded) => recorded.decisions);
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
