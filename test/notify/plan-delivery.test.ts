import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '../../src/incidents/act.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { backoffMs } from '../../src/notify/backoff.ts';
import type { Channel } from '../../src/notify/channel.ts';
import { planDelivery } from '../../src/notify/plan-delivery.ts';
import type { Post } from '../../src/notify/post.ts';
import { firing, HOUR, megan, MINUTE, now, resolvedAt } from '../fixtures/incidents.ts';

const policy = { repeatAfterMs: 4 * HOUR };
const channel: Channel = {
  id: '19:alerts@thread.tacv2',
  kind: 'channel',
  tenantId: 't',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  botId: '28:bot',
  subscribed: true,
  language: 'en',
  addedAt: 0,
};
const incident = firing();
const post: Post = {
  incidentId: incident.id,
  channelId: channel.id,
  ref: { conversationId: '19:alerts@thread.tacv2;messageid=1', activityId: '1' },
  revision: 1,
  attempts: 0,
  notifiedAt: now,
  notifiedSeverity: 'error',
};
const silence = { id: 's', fingerprint: incident.fingerprint, from: now, until: now + HOUR, by: megan };
const worse: Incident = { ...incident, revision: 2, evaluation: { ...incident.evaluation, severity: 'critical' } };

describe('what a channel gets', () => {
  it.each([
    {
      when: 'it has no card yet',
      given: { post: undefined },
      expected: { action: 'post', reason: 'first-notification' },
    },
    { when: 'its card shows the incident as it is', given: {}, expected: { action: 'none', reason: 'up-to-date' } },
    {
      when: 'the incident has changed',
      given: { incident: acknowledge(incident, megan, now).incident },
      expected: { action: 'edit', note: undefined },
    },
    {
      when: 'it does not receive alerts',
      given: { channel: { ...channel, subscribed: false }, post: undefined },
      expected: { action: 'none', reason: 'not-subscribed' },
    },
    {
      when: 'Teams refused it for good',
      given: { channel: { ...channel, goneAt: now }, post: undefined },
      expected: { action: 'none', reason: 'not-subscribed' },
    },
    {
      when: 'Teams asked for a pause',
      given: { channel: { ...channel, heldUntil: now + 1 }, post: undefined },
      expected: { action: 'none', reason: 'channel-held', retryAt: now + 1 },
    },
    {
      when: 'another worker is sending',
      given: { post: { ...post, claimedUntil: now + 1, revision: 0 } },
      expected: { action: 'none', reason: 'being-sent' },
    },
    {
      when: 'that worker has died',
      given: { post: { ...post, claimedUntil: now, revision: 0 } },
      expected: { action: 'edit' },
    },
    {
      when: 'the incident is over and was never shown',
      given: { incident: resolvedAt(incident, now), post: undefined },
      expected: { action: 'none', reason: 'over-before-posted' },
    },
    {
      when: 'it is not known yet whether it is part of a storm',
      given: { incident: { ...incident, grouping: 'waiting' as const }, post: undefined },
      expected: { action: 'none', reason: 'awaiting-group' },
    },
    {
      when: 'another incident speaks for it',
      given: { incident: { ...incident, foldedInto: { id: 'P', at: now } }, post: undefined },
      expected: { action: 'none', reason: 'folded' },
    },
    {
      when: 'the incident is silenced and not shown yet',
      given: { post: undefined, silences: [silence] },
      expected: { action: 'none', reason: 'silenced', retryAt: now + HOUR },
    },
    {
      when: 'the incident is silenced but its card is behind',
      given: { incident: worse, silences: [silence] },
      at: now + 10 * MINUTE,
      expected: { action: 'edit', note: undefined },
    },
    {
      when: 'it got worse a while after the last notification',
      given: { incident: worse },
      at: now + 5 * MINUTE,
      expected: { action: 'edit', note: 'severity-raised' },
    },
    {
      when: 'it got worse just after the last notification',
      given: { incident: worse },
      at: now + 5 * MINUTE - 1,
      expected: { action: 'edit', note: undefined },
    },
    {
      when: 'nobody has acknowledged it for the repeat interval',
      given: {},
      at: now + 4 * HOUR,
      expected: { action: 'note', reason: 'repeat-interval-elapsed' },
    },
    {
      when: 'the repeat interval is not over',
      given: {},
      at: now + 4 * HOUR - 1,
      expected: { action: 'none', reason: 'up-to-date' },
    },
    {
      when: 'Teams rejected this revision',
      given: { incident: worse, post: { ...post, rejectedRevision: 2 } },
      expected: { action: 'none', reason: 'rejected-by-teams' },
    },
  ])('$when → $expected', ({ given, at = now, expected }) => {
    expect(planDelivery({ incident, channel, post, silences: [], ...given }, policy, at)).toMatchObject(expected);
  });

  it('says that it is back when the incident was reopened after the last notification', () => {
    const back: Incident = {
      ...incident,
      revision: 4,
      events: [...incident.events, { at: now + HOUR, kind: 'reopened' }],
    };
    expect(planDelivery({ incident: back, channel, post, silences: [] }, policy, now + HOUR)).toMatchObject({
      action: 'edit',
      note: 'reopened',
    });
  });

  it('does not remind about an acknowledged incident', () => {
    const taken = acknowledge(incident, megan, now).incident;
    const shown = { ...post, revision: taken.revision };
    expect(
      planDelivery({ incident: taken, channel, post: shown, silences: [] }, policy, now + 24 * HOUR),
    ).toMatchObject({ action: 'none' });
  });
});

describe('the pause before another attempt', () => {
  test.prop([fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true })])(
    'grows, is spread, and ends at five minutes',
    (attempt, random) => {
      const pause = backoffMs(attempt, random);
      expect(pause).toBeGreaterThanOrEqual(1_000);
      expect(pause).toBeLessThanOrEqual(5 * MINUTE);
    },
  );

  it('is never shorter than what the other side asked for', () => {
    expect(backoffMs(1, 0, 90_000)).toBe(90_000);
  });
});
