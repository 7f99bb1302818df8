import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../src/app/deliver.ts';
import { sweep } from '../../src/app/sweep.ts';
import { memoryPosts } from '../../src/state/memory.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time/time.ts';
import { acknowledged, firing, kinds, over, shown, startDelivering } from '../fixtures/delivery.ts';
import { aPost, aSilence, now } from '../fixtures/domain.ts';
import { refusal, startConnector, type FakeConnector } from '../fixtures/fake-connector.ts';

let teams: FakeConnector;
beforeAll(async () => {
  teams = await startConnector();
});
afterAll(() => teams.close());
beforeEach(() => {
  teams.reset();
});

const channelId = '19:alerts@thread.tacv2';
const message = { kind: 'delivery', incidentId: firing.id, channelId, attempt: 0 } as const;

describe('a send that fails', () => {
  it('is held back as long as Teams asks, and then sent', async () => {
    const { change, playback, stores, events } = await startDelivering(teams);
    teams.script(refusal(429, 'Throttled', { 'retry-after': '90' }));
    await change(firing);
    await playback.drain(now + 89 * SECOND);
    expect(teams.calls).toHaveLength(1);
    expect((await stores.channels.get(channelId))?.heldUntil).toBe(now + 90 * SECOND);
    await playback.drain(now + 91 * SECOND);
    expect(kinds(teams.calls)).toEqual(['create', 'create']);
    expect(teams.messages.size).toBe(1);
    expect(events()).toEqual(['delivery.failed', 'delivery.sent']);
  });

  it('holds back the other cards of the channel, too', async () => {
    const { change, playback } = await startDelivering(teams);
    teams.script(refusal(429, 'Throttled', { 'retry-after': '90' }));
    await change(firing);
    await change({ ...firing, id: 'BBBBBBB', fingerprint: 'other' }, now + SECOND);
    expect(teams.calls).toHaveLength(1);
    await playback.drain(now + 3 * MINUTE);
    expect(teams.messages.size).toBe(2);
  });

  it.each([
    ['500', refusal(500)],
    ['412', refusal(412)],
    ['503', refusal(503)],
    ['a broken connection', 'drop'],
  ] as const)('%s is tried again, later and later, until Teams has it', async (_, answer) => {
    const { change, playback, post } = await startDelivering(teams);
    teams.script(answer, answer, answer);
    await change(firing);
    expect(teams.calls).toHaveLength(1);
    for (let second = 1; second <= 60; second++) await playback.drain(now + second * SECOND);
    expect(teams.calls).toHaveLength(4);
    expect(teams.messages.size).toBe(1);
    expect(await post(firing)).toMatchObject({ revision: 1, attempts: 0 });
  });

  it('may be a duplicate if nobody knows whether Teams took it, and the log says so', async () => {
    const { change, playback, events } = await startDelivering(teams);
    teams.script('drop');
    await change(firing);
    await playback.drain(now + MINUTE);
    expect(events()).toEqual(['delivery.failed', 'delivery.possible-duplicate', 'delivery.sent']);
  });

  it.each([
    ['throttled', refusal(429)],
    ['rejected', refusal(413)],
  ])('is no possible duplicate if Teams said that it did not take it: %s', async (_, answer) => {
    const { change, playback, events } = await startDelivering(teams);
    teams.script(answer);
    await change(firing);
    await playback.drain(now + HOUR);
    expect(teams.messages.size).toBe(1);
    expect(events()).not.toContain('delivery.possible-duplicate');
  });

  it('for a quarter of an hour is called undeliverable', async () => {
    const { change, playback, events } = await startDelivering(teams);
    teams.always(() => refusal(500));
    await change(firing);
    for (let second = 30; second <= 14 * 60; second += 30) await playback.drain(now + second * SECOND);
    expect(events()).not.toContain('delivery.undeliverable');
    for (let second = 14 * 60; second <= 25 * 60; second += 30) await playback.drain(now + second * SECOND);
    expect(events()).toContain('delivery.undeliverable');
    teams.always(undefined);
    await playback.drain(now + HOUR);
    expect(teams.messages.size).toBe(1);
  });

  it('is tried by one worker at a time, however long it lasts and whatever else asks for it', async () => {
    const { change, store, playback } = await startDelivering(teams);
    teams.always(() => refusal(500));
    await change({ ...firing, updatedAt: now });
    for (let minute = 1; minute <= 60; minute++) {
      const at = now + minute * MINUTE;
      if (minute % 5 === 0) await change({ ...firing, revision: 1 + minute, updatedAt: at }, at);
      await sweep(playback.deps, at);
      for (let second = 0; second < 60; second += 10) await playback.drain(at + second * SECOND);
    }
    const inTheFirstHour = teams.calls.length;
    expect(inTheFirstHour).toBeGreaterThan(12);
    expect(inTheFirstHour).toBeLessThan(40);
    teams.always(undefined);
    await store({ ...firing, revision: 100, updatedAt: now + HOUR });
    await playback.drain(now + HOUR + 6 * MINUTE);
    expect(teams.messages.size).toBe(1);
    expect(teams.calls).toHaveLength(inTheFirstHour + 1);
  });
});

describe('a worker that dies', () => {
  it('between its claim and its record leaves a card that is sent again, and called a possible duplicate', async () => {
    const { store, stores, playback, events } = await startDelivering(teams);
    await store(firing);
    await stores.posts.save(aPost(firing.id, channelId, { attempts: 1, claimedUntil: now + MINUTE }), undefined);
    await deliver(playback.deps, message, now);
    await playback.drain(now + 59 * SECOND);
    expect(teams.calls).toEqual([]);
    await playback.drain(now + 70 * SECOND);
    expect(kinds(teams.calls)).toEqual(['create']);
    expect(events()).toEqual(['delivery.possible-duplicate', 'delivery.sent']);
  });

  it('before it could ask the queue leaves a card that the sweep asks for', async () => {
    const { store, playback } = await startDelivering(teams);
    await store({ ...firing, updatedAt: now });
    expect(await sweep(playback.deps, now + MINUTE)).toMatchObject({ resent: 0 });
    await playback.drain(now + 2 * MINUTE);
    expect(await sweep(playback.deps, now + 2 * MINUTE)).toMatchObject({ resent: 1 });
    await playback.drain(now + 2 * MINUTE);
    expect(kinds(teams.calls)).toEqual(['create']);
    expect(await sweep(playback.deps, now + 5 * MINUTE)).toMatchObject({ resent: 0 });
  });

  it('before it could ask for an edit, too', async () => {
    const { change, store, playback } = await startDelivering(teams);
    await change(firing);
    await store({ ...acknowledged, updatedAt: now });
    await sweep(playback.deps, now + 3 * MINUTE);
    await playback.drain(now + 3 * MINUTE);
    expect(shown(teams)).toContain('Adèle Martin');
  });
});

describe('what was sent is recorded', () => {
  it('even if storage fails at just that moment: the card is not posted again', async () => {
    const posts = memoryPosts();
    let failures = 0;
    const save: typeof posts.save = (post, version) =>
      post.ref && failures++ < 1 ? Promise.reject(new Error('storage is away')) : posts.save(post, version);
    const { change, playback } = await startDelivering(teams, { stores: { posts: { ...posts, save } } });
    await change(firing);
    await playback.drain(now + 5 * MINUTE);
    expect(failures).toBeGreaterThan(0);
    expect(kinds(teams.calls)).toEqual(['create']);
  });

  it('or else the next worker knows that it may be a duplicate', async () => {
    const posts = memoryPosts();
    let away = true;
    const save: typeof posts.save = (post, version) =>
      post.ref && away ? Promise.reject(new Error('storage is away')) : posts.save(post, version);
    const { store, playback, events } = await startDelivering(teams, { stores: { posts: { ...posts, save } } });
    await store(firing);
    await expect(deliver(playback.deps, message, now)).rejects.toThrow('storage is away');
    away = false;
    await deliver(playback.deps, message, now + 2 * MINUTE);
    expect(events()).toEqual(['delivery.possible-duplicate', 'delivery.sent']);
  });

  it('even if the bot is installed anew in between, which forgets what was posted', async () => {
    const { store, stores, playback, post } = await startDelivering(teams);
    await store(firing);
    teams.script(async () => {
      await stores.posts.remove(firing.id, channelId);
      return undefined;
    });
    await deliver(playback.deps, message, now);
    await playback.drain(now + 5 * MINUTE);
    expect(kinds(teams.calls)).toEqual(['create']);
    expect(await post(firing)).toMatchObject({ revision: 1, ref: { activityId: [...teams.messages.keys()][0] } });
  });

  it('and a second card that a slower worker posted all the same is named in the log', async () => {
    const { store, playback, events } = await startDelivering(teams);
    await store(firing);
    teams.script(async () => {
      // Held up for longer than its claim: another worker takes over.
      await deliver(playback.deps, message, now + 61 * SECOND);
      return undefined;
    });
    await deliver(playback.deps, message, now);
    await playback.drain(now + 5 * MINUTE);
    expect(teams.messages.size).toBe(2);
    expect(events()).toEqual(['delivery.possible-duplicate', 'delivery.sent', 'delivery.duplicate']);
  });
});

describe('an older card', () => {
  it('that a slow worker put over a newer one is put right', async () => {
    const { change, store, playback, post } = await startDelivering(teams);
    await change(firing);
    await store(acknowledged);
    teams.script(async () => {
      // This edit shows revision 2, but arrives after the one that shows the end.
      await store(over);
      await deliver(playback.deps, message, now + 61 * SECOND);
      return undefined;
    });
    await deliver(playback.deps, message, now);
    await playback.drain(now + 5 * MINUTE);
    expect(teams.messages.size).toBe(1);
    expect(shown(teams)).toContain('Resolved');
    expect(await post(firing)).toMatchObject({ revision: 3 });
  });
});

describe('a silence', () => {
  it('keeps the first card back, and lets it go when it ends', async () => {
    const { change, stores, playback } = await startDelivering(teams);
    await stores.silences.put(aSilence('snooze', { until: now + HOUR }));
    await change(firing);
    await sweep(playback.deps, now + 30 * MINUTE);
    await playback.drain(now + 30 * MINUTE);
    expect(teams.calls).toEqual([]);
    await sweep(playback.deps, now + HOUR);
    await playback.drain(now + HOUR);
    expect(kinds(teams.calls)).toEqual(['create']);
    expect(await stores.silences.list(0)).toEqual([]);
  });

  it('shows on the card, keeps reminders back, and is taken off the card when it ends', async () => {
    const { change, stores, playback } = await startDelivering(teams);
    await change(firing);
    await stores.silences.put(aSilence('snooze', { until: now + 5 * HOUR }));
    await change({ ...firing, revision: 2 });
    expect(shown(teams)).toContain('Olivia Oncall');
    await sweep(playback.deps, now + 4 * HOUR + MINUTE);
    await playback.drain(now + 4 * HOUR + MINUTE);
    expect(kinds(teams.calls)).toEqual(['create', 'update']);
    await sweep(playback.deps, now + 5 * HOUR);
    await playback.drain(now + 5 * HOUR);
    expect(shown(teams, [...teams.messages.keys()][0])).not.toContain('Olivia Oncall');
  });
});

describe('a reminder', () => {
  it('is a line in the thread of a card that nobody has acknowledged for four hours, and again after four more', async () => {
    const { change, playback } = await startDelivering(teams);
    await change(firing);
    for (let hour = 1; hour <= 9; hour++) {
      await sweep(playback.deps, now + hour * HOUR);
      await playback.drain(now + hour * HOUR);
    }
    expect(kinds(teams.calls)).toEqual(['create', 'send', 'send']);
    expect(teams.calls.at(-1)).toMatchObject({ conversationId: expect.stringContaining(';messageid=') as string });
  });

  it.each([
    ['acknowledged', acknowledged],
    ['over', over],
  ])('does not come when it is %s', async (_, incident) => {
    const { change, playback } = await startDelivering(teams);
    await change(firing);
    await change(incident);
    await sweep(playback.deps, now + 5 * HOUR);
    await playback.drain(now + 5 * HOUR);
    expect(kinds(teams.calls)).toEqual(['create', 'update']);
  });
});
