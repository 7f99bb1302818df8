import { describe, expect, it } from 'vitest';
import type { PostStore } from '../../src/notify/post.ts';
import { aPost, now } from '../fixtures/domain.ts';

/** What every post store must do. `make` gives an empty one. */
export function describePostStore(name: string, make: () => PostStore | Promise<PostStore>): void {
  describe(`post store: ${name}`, () => {
    it('gives back a post as it was saved, with the version to save over', async () => {
      const store = await make();
      const post = aPost('AAAAAAA', '19:a', {
        ref: { conversationId: '19:a;messageid=1', activityId: '1' },
        revision: 3,
        notifiedAt: now,
        notifiedSeverity: 'error',
      });
      const saved = await store.save(post, undefined);
      expect(await store.get('AAAAAAA', '19:a')).toEqual({ post, version: saved === 'stale' ? '' : saved.version });
    });

    it('knows no post that was never saved', async () => {
      expect(await (await make()).get('AAAAAAA', '19:a')).toBeUndefined();
    });

    it('lists the posts of one incident, and all', async () => {
      const store = await make();
      for (const [incident, channel] of [
        ['AAAAAAA', '19:a'],
        ['AAAAAAA', '19:b'],
        ['BBBBBBB', '19:a'],
      ] as const)
        await store.save(aPost(incident, channel), undefined);
      expect((await store.list('AAAAAAA')).map(({ channelId }) => channelId).sort()).toEqual(['19:a', '19:b']);
      expect(await store.list('CCCCCCC')).toEqual([]);
      expect(await store.listAll()).toHaveLength(3);
    });

    it('lets one of ten first claims at once win', async () => {
      const store = await make();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.save(aPost('AAAAAAA', '19:a', { attempts: i }), undefined)),
      );
      expect(outcomes.filter((outcome) => outcome !== 'stale')).toHaveLength(1);
      expect((await store.get('AAAAAAA', '19:a'))?.post.attempts).toBe(
        outcomes.findIndex((outcome) => outcome !== 'stale'),
      );
    });

    it('lets one of ten saves over the same version win', async () => {
      const store = await make();
      const first = await store.save(aPost(), undefined);
      const version = first === 'stale' ? '' : first.version;
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.save(aPost(undefined, undefined, { attempts: i }), version)),
      );
      expect(outcomes.filter((outcome) => outcome !== 'stale')).toHaveLength(1);
    });

    it('can be saved again with the version that the last save gave', async () => {
      const store = await make();
      let version: string | undefined;
      for (let attempts = 0; attempts < 3; attempts++) {
        const saved = await store.save(aPost(undefined, undefined, { attempts }), version);
        expect(saved).not.toBe('stale');
        version = saved === 'stale' ? undefined : saved.version;
      }
    });

    it('does not bring a removed post back, nor adds one where there is one', async () => {
      const store = await make();
      const saved = await store.save(aPost(), undefined);
      expect(await store.save(aPost(), undefined)).toBe('stale');
      await store.remove('AAAAAAA', '19:alerts@thread.tacv2');
      await store.remove('AAAAAAA', '19:alerts@thread.tacv2');
      expect(await store.save(aPost(), saved === 'stale' ? '' : saved.version)).toBe('stale');
      expect(await store.listAll()).toEqual([]);
    });

    it('tells posts apart by incident and channel, whatever characters they have', async () => {
      const store = await make();
      await store.save(aPost('A', 'B C', { attempts: 1 }), undefined);
      await store.save(aPost('A B', 'C', { attempts: 2 }), undefined);
      await store.save(aPost('A/B#?%', "é'\\", { attempts: 3 }), undefined);
      expect((await store.get('A', 'B C'))?.post.attempts).toBe(1);
      expect((await store.get('A B', 'C'))?.post.attempts).toBe(2);
      expect((await store.get('A/B#?%', "é'\\"))?.post.attempts).toBe(3);
    });
  });
}
