import type { Evaluation } from '../detection/evaluation.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { undiagnosed } from '../diagnosis/diagnosis.ts';
import type { Heartbeat } from '../hubs/heartbeat.ts';
import { fingerprint, groupOfSubject, refOf, type Incident, type Subject } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import { coreMetrics } from '../metrics/iot-hub-metrics.ts';
import { undeliverableAfterMs } from '../notify/post.ts';
import { DAY, MINUTE, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import type { BatchMessage } from './messages.ts';
import { blindSince } from './metric-rules.ts';
import { recordObservation, type Recorded } from './record-observation.ts';

// What Hubwatch itself cannot see or say makes incidents of its own: silence would look like health.

/** What has been unreadable for that long makes an incident. */
const blindAfterMs = 10 * MINUTE;
/** A timer that was silent this many periods (and ten minutes) was not just late. */
const missedPeriods = 5;

/** What a tick sees of itself: whether the timer ran, hubs could be listed, and cards were delivered. */
export async function recordOwnTrouble(
  deps: Deps,
  last: Heartbeat | undefined,
  failing: Heartbeat['failing'],
  now: EpochMs,
): Promise<readonly Recorded[]> {
  return [
    await missedTimer(deps, last, now),
    ...(await unlisted(deps, last, failing, now)),
    await undeliverable(deps, now),
  ];
}

/** Told once; the next tick closes it. */
async function missedTimer(deps: Deps, last: Heartbeat | undefined, now: EpochMs): Promise<Recorded> {
  const gap = last ? now - last.tickAt : 0;
  const missed = gap > Math.max(10 * MINUTE, missedPeriods * deps.policies.scheduleMs);
  return recordTrouble(
    deps,
    own('timer'),
    missed ? { since: last?.tickAt ?? now, reason: 'timer-missed' } : undefined,
    now,
  );
}

async function unlisted(
  deps: Deps,
  last: Heartbeat | undefined,
  failing: Heartbeat['failing'],
  now: EpochMs,
): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  for (const subscription of new Set([...Object.keys(failing), ...Object.keys(last?.failing ?? {})])) {
    const failure = failing[subscription];
    if (failure && now - failure.since < blindAfterMs) continue;
    const trouble = failure && { since: failure.since, reason: failure.code };
    recorded.push(await recordTrouble(deps, own(subscription), trouble, now));
  }
  return recorded;
}

/**
 * Conversations that cards have not reached for a while: the others are told, since nobody would miss a card there. One
 * that Teams calls gone is told of for a day.
 */
async function undeliverable(deps: Deps, now: EpochMs): Promise<Recorded> {
  const [channels, posts] = await Promise.all([deps.stores.channels.list(), deps.stores.posts.listAll()]);
  const since = channels.flatMap((channel): EpochMs[] => {
    if (!channel.subscribed) return [];
    if (channel.goneAt !== undefined) return now - channel.goneAt < DAY ? [channel.goneAt] : [];
    const failing = posts.filter(
      ({ channelId, failingSince = now }) => channelId === channel.id && now - failingSince >= undeliverableAfterMs,
    );
    return failing.length === 0 ? [] : [Math.min(...failing.map(({ failingSince = now }) => failingSince))];
  });
  const undelivered =
    since.length > 0 ? { since: Math.min(...since), reason: 'undeliverable', count: since.length } : undefined;
  return recordTrouble(deps, own('channels'), undelivered, now);
}

/** A subject that stands for a part of Hubwatch, or for a subscription as a whole. */
function own(part: string): Subject {
  return { kind: 'hubs', subscriptionId: part, region: undefined, members: [] };
}

/**
 * One incident for all hubs of the group that have been unreadable for a while. A large group is read in several batches,
 * so what the others found is read again: by itself, each would end what another began.
 */
export async function recordUnreadHubs(
  deps: Deps,
  batch: BatchMessage,
  judged: readonly HubRecord[],
  live: ReadonlyMap<string, Versioned<Incident>>,
  now: EpochMs,
): Promise<Recorded> {
  const isBlind = (record: HubRecord): boolean => now - (unseenSince(record) ?? now) >= blindAfterMs;
  const [first] = batch.hubs;
  if (!first) return nothing;
  const place = { kind: 'hubs', subscriptionId: first.subscriptionId, region: first.region } as const;
  if (!judged.some(isBlind) && !live.has(fingerprint({ ...place, members: [] }, 'visibility'))) return nothing;

  const blind = (await deps.stores.hubs.listGroup(batch.group)).filter(isBlind);
  const wholly = blind.find(({ failingSince }) => failingSince !== undefined);
  const trouble =
    blind.length === 0
      ? undefined
      : {
          since: Math.min(now, ...blind.map((each) => unseenSince(each) ?? now)),
          reason: wholly?.failure ?? 'rules-unread',
          count: blind.length,
          metric: coreMetrics.map(({ metric }) => metric).join(', '),
        };
  return recordTrouble(deps, { ...place, members: blind.map(({ hub }) => ({ hub: refOf(hub) })) }, trouble, now);
}

/** Since when the hub, or the metrics of some of its rules, cannot be read. */
function unseenSince({ failingSince, evaluations = {} }: HubRecord): EpochMs | undefined {
  const since = Object.values(evaluations).flatMap((each) => blindSince(each) ?? []);
  return failingSince ?? (since.length === 0 ? undefined : Math.min(...since));
}

interface Trouble {
  readonly since: EpochMs;
  readonly reason: string;
  /** Of hubs or conversations. */
  readonly count?: number;
  /** What cannot be read. */
  readonly metric?: string;
}

const nothing: Recorded = { decisions: [], opened: [] };

/** Opens, keeps or (`undefined`) ends the incident about one part of what Hubwatch sees. */
async function recordTrouble(
  deps: Deps,
  subject: Subject,
  trouble: Trouble | undefined,
  now: EpochMs,
): Promise<Recorded> {
  const print = fingerprint(subject, 'visibility');
  const group = await deps.stores.incidents.listLive(groupOfSubject(subject));
  const live = group.find(({ value }) => value.fingerprint === print);
  if (!trouble && !live) return nothing;
  const evaluation: Evaluation = {
    rule: 'visibility',
    signal: 'visibility',
    metric: trouble?.metric ?? '',
    verdict: trouble ? 'breach' : 'normal',
    reason: trouble?.reason ?? 'readable',
    severity: 'error',
    ...(trouble ? { sinceAt: trouble.since } : {}),
    numbers: trouble?.count === undefined ? {} : { value: trouble.count },
  };
  const observed = await recordObservation(deps, live, { subject, evaluation, diagnosis: undiagnosed }, now);
  if (observed.kind === 'unchanged') return nothing;
  return {
    decisions: [`visibility ${observed.kind} ${observed.incident.id} (${evaluation.reason})`],
    opened: observed.kind === 'opened' ? [observed.incident] : [],
  };
}
