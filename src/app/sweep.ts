import { noteSilence } from '../incidents/act.ts';
import { silenceOf, type Silence } from '../incidents/silence.ts';
import type { Versioned } from '../incidents/store.ts';
import type { Incident } from '../incidents/incident.ts';
import { receivesAlerts, type Channel } from '../notify/channel.ts';
import { planDelivery } from '../notify/plan-delivery.ts';
import type { Post } from '../notify/post.ts';
import { HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { isDiagnosisDue } from './diagnose-incident.ts';
import { requestDelivery } from './request-delivery.ts';

/** A change that has not reached a channel after this long is asked for again: its message may be lost. */
const overdueMs = 2 * MINUTE;

/** Incidents looked into per tick: two log queries and a health read each. */
const maxDiagnoses = 20;

/**
 * Puts right what was left undone: cards that are behind although nobody is sending them, silences that have ended,
 * reminders that are due, and resolved incidents that can go to history.
 */
export async function sweep(deps: Deps, now: EpochMs): Promise<{ readonly resent: number; readonly archived: number }> {
  const { stores } = deps;
  const live = await stores.incidents.listLive();
  if (live.length === 0) return { resent: 0, archived: 0 };
  const [channels, posts, silences] = await Promise.all([
    stores.channels.list(),
    stores.posts.listAll(),
    stores.silences.list(now - 24 * HOUR),
  ]);
  await endSilences(deps, live, silences, now);
  let diagnoses = 0;
  let resent = 0;
  let archived = 0;
  for (const stored of live) {
    const incident = stored.value;
    if (diagnoses < maxDiagnoses && isDiagnosisDue(incident, now)) {
      diagnoses++;
      await deps.queues.investigation({ kind: 'diagnose', incidentId: incident.id });
    }
    const own = posts.filter((post) => post.incidentId === incident.id);
    const behind = channels.filter(
      (channel) => receivesAlerts(channel) && isBehind(deps, incident, channel, own, silences, now),
    );
    for (const channel of behind)
      await deps.queues.delivery({ kind: 'delivery', incidentId: incident.id, channelId: channel.id, attempt: 0 });
    resent += behind.length;
    if (behind.length === 0 && (await archiveIfOver(deps, stored, own, now))) archived++;
  }
  return { resent, archived };
}

function isBehind(
  deps: Deps,
  incident: Incident,
  channel: Channel,
  posts: readonly Post[],
  silences: readonly Silence[],
  now: EpochMs,
): boolean {
  const post = posts.find((each) => each.channelId === channel.id);
  const planned = planDelivery({ incident, channel, post, silences }, deps.policies.notification, now);
  if (planned.action === 'none') return false;
  return planned.action === 'note' || now - incident.updatedAt >= overdueMs;
}

async function endSilences(
  deps: Deps,
  live: readonly Versioned<Incident>[],
  silences: readonly Silence[],
  now: EpochMs,
): Promise<void> {
  for (const silence of silences) {
    if (silence.until > now) continue;
    await deps.stores.silences.remove(silence.id);
    const stored = live.find(({ value }) => value.fingerprint === silence.fingerprint);
    if (!stored || stored.value.status === 'resolved' || silenceOf(silences, stored.value, now)) continue;
    const incident = noteSilence(stored.value, 'unsilenced', now);
    if ((await deps.stores.incidents.save(incident, stored.version)) === 'saved')
      await requestDelivery(deps, [incident]);
  }
}

/** Resolved, shown as such everywhere, and past the time in which it could come back. */
async function archiveIfOver(
  deps: Deps,
  stored: Versioned<Incident>,
  posts: readonly Post[],
  now: EpochMs,
): Promise<boolean> {
  const incident = stored.value;
  if (incident.status !== 'resolved' || now - incident.resolvedAt <= deps.policies.lifecycle.reopenWithinMs)
    return false;
  // A card that could not be brought up to date stays on the list for a day, in case its channel comes back.
  if (posts.some((post) => post.ref && post.revision < incident.revision) && now - incident.resolvedAt < 24 * HOUR)
    return false;
  if ((await deps.stores.incidents.archive(stored)) === 'stale') return false;
  for (const post of posts) await deps.stores.posts.remove(post.incidentId, post.channelId);
  return true;
}
