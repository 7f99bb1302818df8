import type { Post, PostRef } from '../notify/post.ts';
import type { Deps } from './deps.ts';

/** How often storage is asked again to take the record of a card that was sent. */
const maxTries = 3;

/**
 * Writes down what the channel has now: what is not written down is sent again. Whoever was held up for longer than its
 * claim finds that somebody else took over:
 * - nobody has a card on record: ours it is;
 * - the same card: ours may have landed on top of a newer one, so it has to be edited once more;
 * - another card: ours is one too many.
 * @throws if storage stays away; the claim in the row then tells the next worker that the card may be a duplicate
 */
export async function recordDelivery(
  { stores }: Pick<Deps, 'stores'>,
  after: Post & { readonly ref: PostRef },
  claimVersion: string,
): Promise<'recorded' | 'overtaken' | 'duplicate'> {
  let post: Post = after;
  let version: string | undefined = claimVersion;
  for (let tries = 1; ; tries++) {
    try {
      if ((await stores.posts.save(post, version)) !== 'stale') return post === after ? 'recorded' : 'overtaken';
      const current = await stores.posts.get(after.incidentId, after.channelId);
      version = current?.version;
      const there = current?.post.ref;
      if (!there) post = after;
      else if (there.activityId !== after.ref.activityId) return 'duplicate';
      else if (current.post.revision === after.revision && current.post.claimedUntil === undefined) return 'recorded';
      else post = { ...current.post, revision: 0 };
    } catch (error) {
      if (tries >= maxTries) throw error;
    }
    if (tries >= 2 * maxTries) throw new Error('the record of a sent card kept changing while it was being saved');
  }
}
