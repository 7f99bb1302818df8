import type { Severity } from '../detection/evaluation.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';

/** A conversation that cards have not reached for that long is not just having a pause. */
export const undeliverableAfterMs = 15 * MINUTE;

/** Where a card stands in Teams. */
export interface PostRef {
  /** `<channel id>;messageid=<n>` in a channel, the chat's id elsewhere. */
  readonly conversationId: string;
  readonly activityId: string;
}

/** What one channel has of one incident. */
export interface Post {
  readonly incidentId: string;
  readonly channelId: string;
  /** Absent until Teams has confirmed the first card. */
  readonly ref?: PostRef;
  /** The incident's revision that the card shows; 0 before the first card. */
  readonly revision: number;
  /** When somebody was last notified (first card, or a note in its thread). */
  readonly notifiedAt?: EpochMs;
  /** How bad it is by the card that stands there. */
  readonly notifiedSeverity?: Severity;
  /** A worker is sending until then; others leave the post alone. */
  readonly claimedUntil?: EpochMs;
  /** Sends of the first card that were begun, to tell a possible duplicate. */
  readonly attempts: number;
  /** Since when sending has been failing … */
  readonly failingSince?: EpochMs;
  /** … and when it is tried again; until then nobody else tries. */
  readonly retryAt?: EpochMs;
  /** Teams refuses this card whatever its size; it is not tried again at this revision. */
  readonly rejectedRevision?: number;
}

export interface PostStore {
  get(incidentId: string, channelId: string): Promise<{ readonly post: Post; readonly version: string } | undefined>;
  list(incidentId: string): Promise<readonly Post[]>;
  listAll(): Promise<readonly Post[]>;
  /**
   * Compare-and-set; `version` undefined: it must not exist yet.
   * @returns the new version, or `stale` if somebody else was quicker
   */
  save(post: Post, version: string | undefined): Promise<{ readonly version: string } | 'stale'>;
  remove(incidentId: string, channelId: string): Promise<void>;
}
