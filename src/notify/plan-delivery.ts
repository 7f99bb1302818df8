import { compareSeverity, severityOf, type Incident } from '../incidents/incident.ts';
import { silenceOf, type Silence } from '../incidents/silence.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';
import { receivesAlerts, type Channel } from './channel.ts';
import type { Post } from './post.ts';

export interface NotificationPolicy {
  /** A firing incident that nobody has acknowledged is brought up again this often. */
  readonly repeatAfterMs: number;
}

export interface Situation {
  readonly incident: Incident;
  readonly channel: Channel;
  readonly post: Post | undefined;
  readonly silences: readonly Silence[];
}

/** What has to be sent to one channel now, and why; or why nothing. */
export type Delivery =
  | { readonly action: 'post'; readonly reason: 'first-notification' }
  | { readonly action: 'edit'; readonly reason: 'card-outdated'; readonly note: Note | undefined }
  | { readonly action: 'note'; readonly reason: 'repeat-interval-elapsed'; readonly note: 'still-firing' }
  | { readonly action: 'none'; readonly reason: Idle; readonly retryAt?: EpochMs };

/** A note so soon after the last one would only be noise. */
const quietMs = 5 * MINUTE;

/** A line in the card's thread: an edit alone rings no bell. */
export type Note = 'severity-raised' | 'reopened' | 'still-firing';
export type Idle =
  | 'not-subscribed'
  | 'up-to-date'
  | 'silenced'
  | 'over-before-posted'
  | 'folded'
  | 'awaiting-group'
  | 'channel-held'
  | 'retry-pending'
  | 'being-sent'
  | 'rejected-by-teams';

/**
 * Decides what a channel gets. It looks only at what the incident is and what the channel has, so it may be asked any
 * number of times, late, or twice at once: the answer converges on one up-to-date card.
 */
export function planDelivery(situation: Situation, policy: NotificationPolicy, now: EpochMs): Delivery {
  const { incident, channel, post, silences } = situation;
  if (!receivesAlerts(channel)) return none('not-subscribed');
  if (post?.claimedUntil !== undefined && post.claimedUntil > now) return none('being-sent', post.claimedUntil);
  if (channel.heldUntil !== undefined && channel.heldUntil > now) return none('channel-held', channel.heldUntil);
  if (post?.retryAt !== undefined && post.retryAt > now) return none('retry-pending', post.retryAt);
  if (post?.rejectedRevision !== undefined && post.rejectedRevision >= incident.revision)
    return none('rejected-by-teams');
  const silence = silenceOf(silences, incident, now);

  if (!post?.ref) {
    if (incident.status === 'resolved') return none('over-before-posted');
    if (incident.foldedInto) return none('folded');
    if (incident.grouping === 'waiting') return none('awaiting-group');
    if (silence) return none('silenced', silence.until);
    return { action: 'post', reason: 'first-notification' };
  }
  if (post.revision < incident.revision)
    return { action: 'edit', reason: 'card-outdated', note: silence ? undefined : noteOf(incident, post, now) };
  if (
    incident.status === 'firing' &&
    !silence &&
    post.notifiedAt !== undefined &&
    now - post.notifiedAt >= policy.repeatAfterMs
  )
    return { action: 'note', reason: 'repeat-interval-elapsed', note: 'still-firing' };
  return none('up-to-date');
}

function noteOf(incident: Incident, post: Post, now: EpochMs): Note | undefined {
  if (incident.status !== 'firing') return undefined;
  const reopenedAt = incident.events.findLast((event) => event.kind === 'reopened')?.at;
  if (reopenedAt !== undefined && post.notifiedAt !== undefined && reopenedAt > post.notifiedAt) return 'reopened';
  const raised =
    post.notifiedSeverity !== undefined && compareSeverity(severityOf(incident), post.notifiedSeverity) < 0;
  // Whoever was told a moment ago is looking at the card, and the card says it.
  if (raised && post.notifiedAt !== undefined && now - post.notifiedAt >= quietMs) return 'severity-raised';
  return undefined;
}

function none(reason: Idle, retryAt?: EpochMs): Delivery {
  return { action: 'none', reason, ...(retryAt === undefined ? {} : { retryAt }) };
}
