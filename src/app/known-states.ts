import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { maintenanceOf, rulesFor } from '../detection/resolve-rules.ts';
import type { Hub, HubQuota } from '../hubs/hub.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { readStates } from './detector-states.ts';
import { learnHub, readHistory } from './learn-hub.ts';
import { errorFields } from './log.ts';
import type { BatchMessage } from './messages.ts';

/** After a longer pause than this the detectors start from history again. */
export const longestPauseMs = DAY;
/** So many hubs of a batch are learned in one tick: it reads weeks of history. */
const learnedPerTick = 20;
const quotaAgeMs = HOUR;

/** Daily limits, read again every hour and as soon as somebody scales the hub. */
export async function readQuotas(
  deps: Deps,
  hubs: readonly Hub[],
  records: ReadonlyMap<string, HubRecord>,
  now: EpochMs,
): Promise<ReadonlyMap<string, HubQuota>> {
  const quotas = new Map<string, HubQuota>();
  await Promise.all(
    hubs.map(async (hub) => {
      const before = records.get(hub.id);
      if (before?.quota) quotas.set(hub.id, before.quota);
      const scaled = before !== undefined && (before.hub.sku !== hub.sku || before.hub.units !== hub.units);
      if (before?.quota && !scaled && now - before.quota.readAt < quotaAgeMs && now >= before.quota.readAt) return;
      try {
        quotas.set(hub.id, await deps.azure.inventory.readQuota(hub, now));
      } catch (error) {
        deps.log('quota.unread', { hub: hub.name, ...errorFields(error) });
      }
    }),
  );
  return quotas;
}

/** What is known of a hub before it is judged. */
export interface Known {
  readonly states: ReadonlyMap<string, DetectorState>;
  readonly learnedAt: EpochMs | undefined;
}

/** What the detectors remember of each hub. Hubs that are new, were not read for long, or whose state is damaged learn from history. */
export async function knownStates(
  deps: Deps,
  batch: BatchMessage,
  records: ReadonlyMap<string, HubRecord>,
  quotas: ReadonlyMap<string, HubQuota>,
  now: EpochMs,
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  const due: Hub[] = [];
  for (const hub of batch.hubs) {
    const record = records.get(hub.id);
    const { readAt, learnedAt } = record ?? {};
    const current = readAt !== undefined && now - readAt < longestPauseMs && readAt <= now + MINUTE;
    const read = await readStates(deps.pictures, batch.group, hub.name, record && current ? record.states : {});
    if (read.damaged.length > 0) deps.log('states.rebuilt', { hub: hub.name, rules: read.damaged });
    const whole = current && learnedAt !== undefined && read.damaged.length === 0;
    if (!whole && due.length < learnedPerTick) due.push(hub);
    known.set(hub.id, { states: read.states, learnedAt: whole ? learnedAt : undefined });
  }
  if (due.length === 0) return known;
  const history = await readHistory(deps.azure.metrics, due, now);
  for (const hub of due) {
    const series = history.get(hub.id);
    if (!series) continue;
    const rules = rulesFor(deps.policies.rules, hub);
    const learned = learnHub(
      rules,
      factsOf(hub, quotas.get(hub.id)),
      series,
      maintenanceOf(deps.policies.rules, hub),
      now,
    );
    // What cannot be learned from history goes on as it was.
    known.set(hub.id, { states: new Map([...(known.get(hub.id)?.states ?? []), ...learned]), learnedAt: now });
  }
  deps.log('hubs.learned', { group: batch.group, hubs: due.length, read: history.size });
  return known;
}

/** What the detectors must know of a hub besides its metrics. */
export function factsOf(hub: Hub, quota: HubQuota | undefined): HubFacts {
  return { sku: hub.sku, units: hub.units, messagesPerDay: quota?.messagesPerDay };
}
