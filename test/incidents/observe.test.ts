import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/detection/evaluation.ts';
import { acknowledge, resolve } from '../../src/incidents/act.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { observe } from '../../src/incidents/observe.ts';
import {
  evaluation,
  firing,
  HOUR,
  megan,
  MINUTE,
  now,
  policy,
  resolvedAt,
  subject,
  throttled,
} from '../fixtures/incidents.ts';

const see = (current: Incident | undefined, more: Parameters<typeof evaluation>[0], at = now) =>
  observe(current, { subject, evaluation: evaluation(more), diagnosis: throttled }, at, policy);

describe('an observation', () => {
  it('opens an incident at a breach, and remembers when the trouble began', () => {
    const observed = see(undefined, {});
    expect(observed).toMatchObject({
      kind: 'opened',
      incident: { status: 'firing', beganAt: now - 8 * MINUTE, openedAt: now, revision: 1 },
    });
  });

  it.each<[string, Verdict]>([
    ['nothing is known', 'unknown'],
    ['nothing is wrong', 'normal'],
  ])('opens none when %s', (_, verdict) => {
    expect(see(undefined, { verdict })).toMatchObject({ kind: 'unchanged' });
  });

  it('neither fires nor clears while nothing is known', () => {
    expect(see(firing(), { verdict: 'unknown' }, now + HOUR)).toMatchObject({ kind: 'unchanged' });
  });

  it('resolves a firing and an acknowledged incident when the signal is normal again', () => {
    const taken = acknowledge(firing(), megan, now + MINUTE).incident;
    for (const incident of [firing(), taken])
      expect(see(incident, { verdict: 'normal' }, now + 10 * MINUTE)).toMatchObject({
        kind: 'resolved',
        incident: { status: 'resolved', resolvedAt: now + 10 * MINUTE, revision: incident.revision + 1 },
      });
  });

  it('shows how it was rather than a few minutes without anything', () => {
    const quiet = { grainMs: MINUTE, from: now, values: [0, 0, null] };
    expect(see(firing(), { verdict: 'normal', picture: quiet }, now + HOUR)).toMatchObject({
      incident: { evaluation: { picture: evaluation().picture } },
    });
    const after = { ...quiet, values: [9_000, 0] };
    expect(see(firing(), { verdict: 'normal', picture: after }, now + HOUR)).toMatchObject({
      incident: { evaluation: { picture: after } },
    });
  });

  it.each([
    { when: 'within the reopening time', after: 30 * MINUTE, kind: 'reopened' },
    { when: 'later', after: 30 * MINUTE + 1, kind: 'opened' },
  ])('a breach $when is $kind', ({ after, kind }) => {
    const over = resolvedAt(firing(), now);
    const again = see(over, { sinceAt: now + after - MINUTE }, now + after);
    expect(again).toMatchObject({ kind });
    if (again.kind === 'reopened')
      expect(again.incident).toMatchObject({ id: over.id, status: 'firing', revision: over.revision + 1 });
    if (again.kind === 'opened') expect(again.replaces?.id).toBe(over.id);
  });

  it('does not reopen what a person closed while it was still going on', () => {
    const closed = resolve(firing(), megan, now + MINUTE).incident;
    expect(see(closed, {}, now + 2 * MINUTE)).toMatchObject({ kind: 'unchanged', reason: 'closed-by-person' });
    expect(see(closed, { sinceAt: now + 5 * MINUTE }, now + 9 * MINUTE)).toMatchObject({ kind: 'reopened' });
  });

  it.each([
    { when: 'it gets worse', severity: 'critical' as const, reason: 'severity-raised' },
    { when: 'it gets better', severity: 'warning' as const, reason: 'severity-lowered' },
  ])('changes the incident at once when $when', ({ severity, reason }) => {
    expect(see(firing(), { severity }, now + MINUTE)).toMatchObject({
      kind: 'changed',
      reason,
      incident: { revision: 2 },
    });
  });

  it('remembers the worst severity', () => {
    const worse = see(firing(), { severity: 'critical' }, now + MINUTE);
    const better = worse.kind === 'changed' ? see(worse.incident, { severity: 'warning' }, now + 2 * MINUTE) : worse;
    expect(better).toMatchObject({ incident: { worstSeverity: 'critical', evaluation: { severity: 'warning' } } });
  });

  it.each([
    { after: 5 * MINUTE - 1, kind: 'unchanged' },
    { after: 5 * MINUTE, kind: 'refreshed' },
  ])('brings the figures up to date every five minutes ($after ms: $kind)', ({ after, kind }) => {
    expect(see(firing(), {}, now + after)).toMatchObject({ kind });
  });

  it('keeps who acknowledged while the figures change', () => {
    const taken = acknowledge(firing(), megan, now).incident;
    expect(see(taken, {}, now + HOUR)).toMatchObject({
      kind: 'refreshed',
      incident: { status: 'acknowledged', acknowledgedBy: megan },
    });
  });

  test.prop([
    fc.array(fc.tuple(fc.constantFrom<Verdict>('breach', 'normal', 'unknown'), fc.integer({ min: 1, max: 90 })), {
      maxLength: 40,
    }),
  ])(
    'whatever is seen: revisions only grow, nothing is resolved that did not fire, ids stay within a life',
    (steps) => {
      let current: Incident | undefined;
      let at = now;
      for (const [verdict, minutes] of steps) {
        at += minutes * MINUTE;
        const observed = see(current, { verdict, sinceAt: at - MINUTE }, at);
        if (observed.kind === 'unchanged') continue;
        if (observed.kind === 'resolved')
          expect(current?.status === 'firing' || current?.status === 'acknowledged').toBe(true);
        if (observed.kind !== 'opened') {
          expect(observed.incident.revision).toBe((current?.revision ?? 0) + 1);
          expect(observed.incident.id).toBe(current?.id);
        }
        expect(observed.incident.events.length).toBeLessThanOrEqual(30);
        current = observed.incident;
      }
    },
  );
});
