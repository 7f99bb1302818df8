import type { Evaluation } from '../detection/evaluation.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { isSlow, type Rule } from '../detection/rule.ts';
import type { OperationalError } from '../failure/operational-error.ts';
import type { Hub, HubQuota } from '../hubs/hub.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import type { BatchMessage } from './messages.ts';
import { hasGone } from './plan-batches.ts';

/** The record of a hub that was judged. */
export function recordOf(
  hub: Hub,
  quota: HubQuota | undefined,
  rules: readonly Rule[],
  before: HubRecord | undefined,
  evaluations: readonly Evaluation[],
  states: HubRecord['states'],
  learnedAt: EpochMs | undefined,
  now: EpochMs,
): HubRecord {
  // Rules that are judged less often keep what they said last, as long as they are in force.
  const unhurried = new Set(rules.filter(isSlow).map(({ id }) => id));
  const said = new Map(
    Object.values(before?.evaluations ?? {})
      .filter(({ rule }) => unhurried.has(rule))
      .map((old) => [old.signal, old]),
  );
  for (const { picture: _picture, ...evaluation } of evaluations) said.set(evaluation.signal, evaluation);
  const settledAt = Math.max(0, ...evaluations.map((evaluation) => evaluation.settledAt ?? 0));
  return {
    hub,
    ...(quota ? { quota } : {}),
    states,
    ...(learnedAt === undefined ? {} : { learnedAt }),
    verdicts: Object.fromEntries([...said.values()].map(({ signal, verdict }) => [signal, verdict])),
    evaluations: Object.fromEntries(said),
    readAt: now,
    ...(settledAt > 0 ? { settledAt } : {}),
  };
}

/** The record of a hub that could not be read: what was known stays known, its verdicts do not. */
export function unread(
  hub: Hub,
  before: HubRecord | undefined,
  failure: OperationalError | undefined,
  now: EpochMs,
): HubRecord {
  return {
    ...(before ?? { states: {} }),
    hub,
    verdicts: Object.fromEntries(Object.keys(before?.verdicts ?? {}).map((signal) => [signal, 'unknown'])),
    failingSince: before?.failingSince ?? now,
    failure: failure?.code ?? 'azure.malformed',
  };
}

/** Forgets what was remembered of hubs that are gone. */
export async function forgetRemoved(
  deps: Deps,
  batch: BatchMessage,
  records: ReadonlyMap<string, HubRecord>,
): Promise<void> {
  const gone = [...records.values()].filter(({ hub }) => hasGone(batch, hub.id)).map(({ hub }) => hub.name);
  if (gone.length > 0) await deps.stores.hubs.remove(batch.group, gone);
  for (const name of gone) await deps.pictures.forget(batch.group, name);
}
