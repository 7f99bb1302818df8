import { incidentMessage, reducedIncidentMessage } from '../cards/incident-card.ts';
import { wordsOf } from '../cards/words/languages.ts';
import { OperationalError } from '../failure/operational-error.ts';
import { severityOf, type Incident } from '../incidents/incident.ts';
import { silenceOf, type Silence } from '../incidents/silence.ts';
import { backoffMs } from '../notify/backoff.ts';
import type { Channel } from '../notify/channel.ts';
import { planDelivery, type Delivery, type Note } from '../notify/plan-delivery.ts';
import { undeliverableAfterMs, type Post, type PostRef } from '../notify/post.ts';
import { SECOND, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import type { DeliveryMessage } from './messages.ts';
import { recordDelivery } from './record-delivery.ts';

/** A worker that has not reported back after this long is taken for dead. */
const claimMs = 60 * SECOND;
/** A send is usually over after this long. */
const stillSendingMs = 5 * SECOND;

type Sending = Extract<Delivery, { action: 'post' | 'edit' | 'note' }>;

/**
 * Brings one channel's card of one incident up to date, if it is behind. The message says only which card: what to send
 * is decided from what the incident is and what the channel has, so late, repeated and concurrent messages do no harm.
 */
export async function deliver(deps: Deps, message: DeliveryMessage, now: EpochMs): Promise<void> {
  const { stores, policies } = deps;
  const [found, channel, stored, silences] = await Promise.all([
    stores.incidents.find(message.incidentId),
    stores.channels.get(message.channelId),
    stores.posts.get(message.incidentId, message.channelId),
    stores.silences.list(now),
  ]);
  const log = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    deps.log(event, { incident: message.incidentId, channel: message.channelId, ...fields });
  };
  if (!found || !channel) {
    log('delivery.dropped', { reason: found ? 'channel-unknown' : 'incident-unknown' });
    return;
  }
  const incident = found.value;
  const planned = planDelivery({ incident, channel, post: stored?.post, silences }, policies.notification, now);
  if (planned.action === 'none') {
    log('delivery.none', { reason: planned.reason });
    const wait = Math.max(SECOND, (planned.retryAt ?? now) - now);
    // Whoever is sending may show what was true before; it is looked at again as soon as they are likely to be done.
    if (planned.reason === 'being-sent') await deps.queues.delivery(message, Math.min(wait, stillSendingMs));
    // A send that failed comes back by itself. Other requests for the card would only add to the load.
    else if (planned.reason === 'channel-held' || (planned.reason === 'retry-pending' && message.attempt > 0))
      await deps.queues.delivery(message, wait);
    return;
  }

  const before: Post = stored?.post ?? { incidentId: incident.id, channelId: channel.id, revision: 0, attempts: 0 };
  const claim = await stores.posts.save(
    { ...before, attempts: before.attempts + (planned.action === 'post' ? 1 : 0), claimedUntil: now + claimMs },
    stored?.version,
  );
  if (claim === 'stale') {
    // Somebody else took it between our look and our claim. They may be sending what was true before this message.
    await deps.queues.delivery(message, 2 * SECOND);
    log('delivery.none', { reason: 'being-sent' });
    return;
  }
  if (planned.action === 'post' && before.attempts > 0)
    log('delivery.possible-duplicate', {
      reason: 'an earlier attempt was not confirmed by Teams',
      attempts: before.attempts,
    });

  let ref: PostRef;
  try {
    ref = await send(deps, { incident, channel, silences, planned, ref: before.ref, now });
  } catch (error) {
    await failed(deps, message, { channel, incident, before, claimVersion: claim.version, error, now });
    return;
  }
  const { claimedUntil: _claimedUntil, failingSince: _failingSince, retryAt: _retryAt, ...rest } = before;
  const bell = planned.action === 'post' || planned.note !== undefined;
  const after = {
    ...rest,
    attempts: 0,
    ref,
    revision: incident.revision,
    ...(bell ? { notifiedAt: now } : {}),
    notifiedSeverity: severityOf(incident),
  };
  const recorded = await recordDelivery(deps, after, claim.version);
  if (recorded === 'duplicate') log('delivery.duplicate', { reason: 'another worker posted it, too', ...ref });
  else
    log('delivery.sent', {
      action: planned.action,
      reason: planned.reason,
      revision: incident.revision,
      activity: ref.activityId,
    });
  if (recorded === 'overtaken') await deps.queues.delivery({ ...message, attempt: 0 });
}

async function send(
  deps: Deps,
  work: {
    incident: Incident;
    channel: Channel;
    silences: readonly Silence[];
    planned: Sending;
    ref: PostRef | undefined;
    now: EpochMs;
  },
): Promise<PostRef> {
  const { incident, channel, planned, ref, now } = work;
  const context = { language: channel.language, silence: silenceOf(work.silences, incident, now), now };
  const full = incidentMessage(incident, context);
  if (!ref) {
    return await orReduced(
      () => deps.messenger.post(channel, full),
      () => deps.messenger.post(channel, reducedIncidentMessage(incident, context)),
    );
  }
  if (planned.action === 'edit') {
    await orReduced(
      () => deps.messenger.update(channel, ref, full),
      () => deps.messenger.update(channel, ref, reducedIncidentMessage(incident, context)),
    );
  }
  const note: Note | undefined = planned.action === 'post' ? undefined : planned.note;
  if (note) await deps.messenger.reply(channel, ref, { summary: wordsOf(channel.language).note(note, incident, now) });
  return ref;
}

async function orReduced<T>(full: () => Promise<T>, reduced: () => Promise<T>): Promise<T> {
  try {
    return await full();
  } catch (error) {
    if (error instanceof OperationalError && error.code === 'teams.rejected') return reduced();
    throw error;
  }
}

async function failed(
  deps: Deps,
  message: DeliveryMessage,
  work: { channel: Channel; incident: Incident; before: Post; claimVersion: string; error: unknown; now: EpochMs },
): Promise<void> {
  const { channel, incident, before, claimVersion, error, now } = work;
  const { stores, queues } = deps;
  const code = error instanceof OperationalError ? error.code : undefined;
  const about = { incident: incident.id, channel: channel.id, attempt: message.attempt + 1, ...errorFields(error) };
  const { claimedUntil: _claimedUntil, retryAt: _retryAt, ...released } = before;
  const asked = error instanceof OperationalError ? error.retryAfterMs : undefined;
  const wait = backoffMs(message.attempt + 1, Math.random(), asked);
  // A refusal that Teams answered has certainly posted nothing; only silence leaves a doubt.
  const attempts =
    code === 'teams.unavailable' || code === undefined ? before.attempts + (before.ref ? 0 : 1) : before.attempts;

  switch (code) {
    case 'teams.gone': {
      await amend(deps, channel, { goneAt: now, goneWhy: (error as Error).message });
      await stores.posts.save({ ...released, attempts }, claimVersion);
      deps.log('channel.gone', about);
      return;
    }
    case 'teams.lost-card': {
      const { ref: _ref, ...lost } = released;
      await stores.posts.save({ ...lost, revision: 0, attempts: 0 }, claimVersion);
      await queues.delivery({ ...message, attempt: 0 });
      deps.log('delivery.card-lost', about);
      return;
    }
    case 'teams.rejected': {
      await stores.posts.save({ ...released, attempts, rejectedRevision: incident.revision }, claimVersion);
      deps.log('delivery.rejected', about);
      return;
    }
    case 'teams.throttled':
      await amend(deps, channel, { heldUntil: now + wait });
      break;
    default:
  }
  const failingSince = before.failingSince ?? now;
  await stores.posts.save({ ...released, attempts, failingSince, retryAt: now + wait }, claimVersion);
  if (now - failingSince >= undeliverableAfterMs) deps.log('delivery.undeliverable', { ...about, since: failingSince });
  await queues.delivery({ ...message, attempt: message.attempt + 1 }, wait);
  deps.log('delivery.failed', about);
}

/** Notes something about the channel as it is now: since it was read, somebody may have changed or removed it. */
async function amend({ stores }: Deps, { id }: Channel, change: Partial<Channel>): Promise<void> {
  const channel = await stores.channels.get(id);
  if (channel) await stores.channels.put({ ...channel, ...change });
}
