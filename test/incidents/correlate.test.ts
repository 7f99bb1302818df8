import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../../src/detection/evaluation.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import { undiagnosed } from '../../src/diagnosis/diagnosis.ts';
import { correlate } from '../../src/incidents/correlate.ts';
import type { Fleet } from '../../src/incidents/storms.ts';
import { fingerprint, severityOf, type HubRef, type Incident } from '../../src/incidents/incident.ts';
import { endUnwatched } from '../../src/incidents/end-unwatched.ts';
import { observe } from '../../src/incidents/observe.ts';
import { evaluation, MINUTE, now, policy } from '../fixtures/incidents.ts';

const fleet: Fleet = { byRegion: new Map([['westeurope', 200]]), bySubscription: new Map([['s1', 200]]) };
const small: Fleet = { byRegion: new Map([['westeurope', 4]]), bySubscription: new Map([['s1', 4]]) };
const pair: Fleet = { byRegion: new Map([['westeurope', 2]]), bySubscription: new Map([['s1', 2]]) };

function hubNamed(name: string, region = 'westeurope', subscriptionId = 's1'): HubRef {
  return { id: `/subscriptions/${subscriptionId}/x/${name}`, name, subscriptionId, region, sku: 'S1', units: 1 };
}

function named(family: string, code?: string): Diagnosis {
  return {
    ...undiagnosed,
    candidates: [
      { family, ...(code === undefined ? {} : { code }), confidence: 'established', reason: 'server-errors' },
    ],
  };
}

interface Given {
  readonly hub: HubRef;
  readonly signal?: Signal;
  readonly beganAt?: number;
  readonly diagnosis?: Diagnosis;
  readonly ratio?: number;
}

function incident({
  hub,
  signal = 'connected-devices',
  beganAt = now - 6 * MINUTE,
  diagnosis = undiagnosed,
  ratio = 0.1,
}: Given): Incident {
  const breach = evaluation({
    signal,
    sinceAt: beganAt,
    numbers: { value: 10, expected: 100, ratio },
    severity: ratio >= 1 ? 'critical' : 'error',
  });
  const observed = observe(undefined, { subject: { kind: 'hub', hub }, evaluation: breach, diagnosis }, now, policy);
  if (observed.kind !== 'opened') throw new Error('a breach opens an incident');
  return observed.incident;
}

/** The live incidents after the changes. */
function apply(live: readonly Incident[], at = now, of = fleet): readonly Incident[] {
  const changes = new Map(correlate(live, of, at).map((change) => [change.incident.fingerprint, change.incident]));
  const kept = live.map((each) => changes.get(each.fingerprint) ?? each);
  const added = [...changes.values()].filter((each) => !live.some((old) => old.fingerprint === each.fingerprint));
  return [...kept, ...added];
}

const many = (count: number, more: Partial<Given> = {}): Incident[] =>
  Array.from({ length: count }, (_, i) => incident({ hub: hubNamed(`hub-${String(i)}`), ...more }));
const storms = (live: readonly Incident[]): Incident[] => live.filter(({ subject }) => subject.kind === 'hubs');
const alone = (live: readonly Incident[]): Incident[] =>
  live.filter(({ foldedInto, subject }) => !foldedInto && subject.kind === 'hub');
const recover = (each: Incident, at: number): Incident => ({
  ...each,
  status: 'resolved',
  resolvedAt: at,
  revision: each.revision + 1,
});

describe('incidents on many hubs', () => {
  it.each([
    { count: 200, of: fleet, storms: 1 },
    { count: 5, of: fleet, storms: 1 },
    { count: 4, of: fleet, storms: 0 },
    { count: 3, of: small, storms: 1 },
    { count: 2, of: small, storms: 0 },
  ])('$count of them that begin together make $storms storm', ({ count, of, storms: expected }) => {
    const after = apply(many(count), now, of);
    expect(storms(after)).toHaveLength(expected);
    expect(alone(after)).toHaveLength(expected === 0 ? count : 0);
    for (const storm of storms(after))
      expect(storm.subject).toMatchObject({ members: expect.objectContaining({ length: count }) as unknown });
  });

  it('are one storm where two hubs are unwell by the word of Azure itself', () => {
    const unwell: Diagnosis = {
      ...undiagnosed,
      candidates: [{ family: '500xxx', confidence: 'established', reason: 'platform-unhealthy' }],
    };
    expect(storms(apply(many(2, { diagnosis: unwell })))).toHaveLength(1);
  });

  it('are not put together across regions of different subscriptions', () => {
    const scattered = ['westeurope', 'northeurope', 'eastus', 'uksouth', 'japaneast'].map((region, i) =>
      incident({ hub: hubNamed(`hub-${String(i)}`, region, `s${String(i)}`) }),
    );
    expect(storms(apply(scattered))).toHaveLength(0);
  });

  it('are put together by subscription when the region is not what they share', () => {
    const spread = ['westeurope', 'northeurope', 'eastus', 'uksouth', 'japaneast'].map((region, i) =>
      incident({ hub: hubNamed(`hub-${String(i)}`, region) }),
    );
    expect(storms(apply(spread))).toMatchObject([{ subject: { subscriptionId: 's1' } }]);
  });

  it('are not put together when they began at different times', () => {
    const slowly = many(8).map((each, i) => ({ ...each, beganAt: now - i * 6 * MINUTE }));
    expect(storms(apply(slowly))).toHaveLength(0);
  });

  it('are not put together when their established causes differ', () => {
    const mixed = [
      ...many(4, { diagnosis: named('500xxx') }),
      ...['a', 'b', 'c'].map((name) => incident({ hub: hubNamed(name), diagnosis: named('401xxx') })),
    ];
    expect(storms(apply(mixed))).toHaveLength(0);
  });

  it('do not post on their own while the storm is on, and a latecomer joins it', () => {
    const first = apply(many(6));
    const [storm] = storms(first);
    const late = incident({ hub: hubNamed('late') });
    const after = apply([...first, late], now + 5 * MINUTE);
    expect(storms(after)).toHaveLength(1);
    expect(alone(after)).toHaveLength(0);
    expect(after.find(({ id }) => id === late.id)?.foldedInto?.id).toBe(storm?.id);
  });

  it('end together: the storm is over when nine in ten have recovered, and nobody is lost from its list', () => {
    const first = apply(many(20));
    const most = first.map((each, i) => (each.subject.kind === 'hub' && i < 18 ? recover(each, now + MINUTE) : each));
    const [storm] = storms(apply(most, now + MINUTE));
    expect(storm).toMatchObject({ status: 'resolved', revision: 2 });
    expect(storm?.subject.kind === 'hubs' ? storm.subject.members.length : 0).toBe(20);
  });

  it('that nobody watches any more end their storm, which is then not called over', () => {
    const first = apply(many(20));
    const unwatched = first.map((each) =>
      each.subject.kind === 'hub' && each.status !== 'resolved' ? endUnwatched(each, now + MINUTE) : each,
    );
    expect(storms(apply(unwatched, now + MINUTE))).toMatchObject([
      { status: 'resolved', endReason: 'no-longer-watched' },
    ]);
  });

  it('that are still bad ten minutes after their storm get a card of their own', () => {
    const first = apply(many(20));
    const most = first.map((each, i) => (each.subject.kind === 'hub' && i < 19 ? recover(each, now + MINUTE) : each));
    const over = apply(most, now + MINUTE);
    expect(alone(over).filter(({ status }) => status !== 'resolved')).toHaveLength(0);
    expect(alone(apply(over, now + 10 * MINUTE)).filter(({ status }) => status !== 'resolved')).toHaveLength(0);
    expect(alone(apply(over, now + 11 * MINUTE)).filter(({ status }) => status !== 'resolved')).toHaveLength(1);
  });

  it('that are still bad in two ways get one card, not two', () => {
    const signals: readonly Signal[] = ['logs-500', 'connected-devices'];
    const last = signals.map((signal) => incident({ hub: hubNamed('hub-last'), signal }));
    const first = apply([...many(20), ...last]);
    const most = first.map((each) =>
      each.subject.kind === 'hub' && each.subject.hub.name !== 'hub-last' ? recover(each, now + MINUTE) : each,
    );
    const over = apply(most, now + MINUTE);
    const later = apply(over, now + 11 * MINUTE);
    expect(alone(later).filter(({ status }) => status !== 'resolved')).toHaveLength(1);
    expect(later.filter(({ foldedInto, status }) => foldedInto && status !== 'resolved')).toHaveLength(1);
  });

  it.each([
    { what: 'first seen in the logs', signal: 'logs-500', of: fleet, after: 74_000, waits: true },
    { what: 'seen in the logs for a while', signal: 'logs-500', of: fleet, after: 75_000, waits: false },
    { what: 'seen in its metrics', signal: 'connected-devices', of: fleet, after: 0, waits: false },
    { what: 'that is nearly alone', signal: 'logs-500', of: pair, after: 0, waits: false },
  ])('$what: one waits for the others: $waits', ({ signal, of, after, waits }) => {
    const [one] = apply([incident({ hub: hubNamed('plant'), signal })], now + after, of);
    expect(one?.grouping).toBe(waits ? 'waiting' : 'settled');
  });

  test.prop([
    fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 })),
      { maxLength: 60 },
    ),
  ])('whatever opens: each one is on its own or in exactly one storm, and a second look changes nothing', (opened) => {
    const live = opened
      .map(([hub, region, minutes]) =>
        incident({ hub: hubNamed(`hub-${String(hub)}`, `region${String(region)}`), beganAt: now - minutes * MINUTE }),
      )
      .filter((each, i, all) => all.findIndex(({ fingerprint: print }) => print === each.fingerprint) === i);
    const after = apply(live);
    const ids = new Set(storms(after).map(({ id }) => id));
    for (const each of after) if (each.foldedInto) expect(ids.has(each.foldedInto.id)).toBe(true);
    const listed = storms(after).flatMap(({ subject }) =>
      subject.kind === 'hubs' ? subject.members.map(({ incidentId }) => incidentId) : [],
    );
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.length).toBe(after.filter(({ foldedInto }) => foldedInto).length);
    expect(correlate(after, fleet, now + MINUTE)).toStrictEqual([]);
  });
});

describe('incidents on one hub', () => {
  const hub = hubNamed('plant');

  it.each<{ what: string; effect: Signal; root: Signal; folds: boolean }>([
    {
      what: 'throttling in the logs is part of throttling by the metric',
      effect: 'logs-429',
      root: 'throttling',
      folds: true,
    },
    {
      what: 'server errors in the logs are part of lost connections',
      effect: 'logs-500',
      root: 'connected-devices',
      folds: true,
    },
    {
      what: 'a full endpoint has nothing to do with throttling',
      effect: 'logs-403004',
      root: 'throttling',
      folds: false,
    },
    {
      what: 'a quota that will run out at the rate that is throttled is part of the throttling',
      effect: 'quota',
      root: 'throttling',
      folds: true,
    },
  ])('$what', ({ effect, root, folds }) => {
    const after = apply([incident({ hub, signal: root }), incident({ hub, signal: effect })]);
    expect(after.find(({ signal }) => signal === effect)?.foldedInto !== undefined).toBe(folds);
    expect(after.find(({ signal }) => signal === root)?.foldedInto).toBeUndefined();
  });

  it('lost connections fold into a used-up quota, unless they were lost before it was', () => {
    const exhausted = incident({ hub, signal: 'quota', ratio: 1, beganAt: now - 60 * MINUTE });
    const during = apply([exhausted, incident({ hub, beganAt: now })]);
    expect(during.find(({ signal }) => signal === 'connected-devices')?.foldedInto?.id).toBe(exhausted.id);
    const before = apply([exhausted, incident({ hub, beganAt: now - 20 * MINUTE })]);
    expect(before.find(({ signal }) => signal === 'connected-devices')?.foldedInto).toBeUndefined();
  });

  it('the later of two with the same established cause folds into the earlier', () => {
    const earlier = incident({
      hub,
      signal: 'connected-devices',
      diagnosis: named('500xxx'),
      beganAt: now - 9 * MINUTE,
    });
    const later = incident({ hub, signal: 'method-failures', diagnosis: named('500xxx') });
    expect(apply([later, earlier]).find(({ signal }) => signal === 'method-failures')?.foldedInto?.id).toBe(earlier.id);
  });

  it.each([
    {
      what: 'two codes of one family that are two things',
      codes: ['403002', '403004'],
      signals: ['quota', 'logs-403004'],
      folds: false,
    },
    {
      what: 'two codes of one throttling',
      codes: ['429001', '429002'],
      signals: ['throttling', 'a-rule'],
      folds: true,
    },
    {
      what: 'faults of routes and refused credentials',
      codes: ['503008', '401003'],
      signals: ['logs-500', 'connected-devices'],
      folds: false,
    },
  ] as const)('$what fold: $folds', ({ codes, signals, folds }) => {
    const live = signals.map((signal, i) =>
      incident({ hub, signal, diagnosis: named(`${codes[i]?.slice(0, 3) ?? ''}xxx`, codes[i]) }),
    );
    expect(apply(live, now + 2 * MINUTE).filter(({ foldedInto }) => foldedInto)).toHaveLength(folds ? 1 : 0);
  });

  it('a used-up quota is trouble of its own, also if it was foreseen under the throttling', () => {
    const throttling = incident({ hub, signal: 'throttling' });
    const separate = apply([throttling, incident({ hub, signal: 'quota', ratio: 1 })]);
    expect(separate.filter(({ foldedInto }) => foldedInto)).toEqual([]);

    const foreseen = apply([throttling, incident({ hub, signal: 'quota' })]);
    const used = foreseen.map((each) =>
      each.signal === 'quota' ? { ...each, evaluation: { ...each.evaluation, numbers: { ratio: 1 } } } : each,
    );
    expect(apply(used, now + MINUTE).find(({ signal }) => signal === 'quota')?.foldedInto).toBeUndefined();
  });

  it('the card that is out already speaks, and tells what the metrics show besides, with its severity', () => {
    const [logs] = apply([incident({ hub, signal: 'logs-500', beganAt: now })], now, pair);
    const devices = incident({ hub, ratio: 1 });
    const after = apply([logs as Incident, devices], now + MINUTE);
    const spokenFor = after.find(({ signal }) => signal === 'connected-devices') as Incident;
    const speaker = after.find(({ signal }) => signal === 'logs-500') as Incident;
    expect(spokenFor.foldedInto?.id).toBe(logs?.id);
    expect(speaker.symptoms).toMatchObject([
      { incidentId: devices.id, signal: 'connected-devices', severity: 'critical' },
    ]);
    expect(severityOf(speaker)).toBe('critical');
    expect(speaker.revision).toBe((logs?.revision ?? 0) + 1);

    const later = apply(
      after.map((each) => (each.id === devices.id ? recover(each, now + 9 * MINUTE) : each)),
      now + 9 * MINUTE,
    );
    const told = later.find(({ signal }) => signal === 'logs-500') as Incident;
    expect(told.symptoms).toMatchObject([{ endedAt: now + 9 * MINUTE }]);
    expect(severityOf(told)).toBe(told.evaluation.severity);
    expect(correlate(later, fleet, now + 10 * MINUTE)).toStrictEqual([]);
  });

  it('of two that are not out yet the metric speaks for the log', () => {
    const after = apply([incident({ hub, signal: 'logs-401' }), incident({ hub })]);
    expect(after.find(({ signal }) => signal === 'logs-401')?.foldedInto?.id).toBe(
      after.find(({ signal }) => signal === 'connected-devices')?.id,
    );
  });

  it('what joins a hub of a storm joins the storm', () => {
    const storm = apply(many(6, { signal: 'logs-500' }));
    const [parent] = storms(storm);
    const drops = many(6);
    const after = apply([...storm, ...drops], now + MINUTE);
    expect(storms(after)).toHaveLength(1);
    expect(
      after.filter(({ signal }) => signal === 'connected-devices').map(({ foldedInto }) => foldedInto?.id),
    ).toEqual(drops.map(() => parent?.id));
    const [grown] = storms(after);
    expect(grown?.subject.kind === 'hubs' ? grown.subject.members : []).toHaveLength(6);
    // A hub has recovered when nothing of it is open any more.
    const half = apply(
      after.map((each) =>
        each.signal === 'logs-500' && each.subject.kind === 'hub' ? recover(each, now + 5 * MINUTE) : each,
      ),
      now + 5 * MINUTE,
    );
    expect(storms(half)[0]?.status).toBe('firing');
    const whole = apply(
      half.map((each) => (each.subject.kind === 'hub' ? recover(each, now + 8 * MINUTE) : each)),
      now + 8 * MINUTE,
    );
    expect(storms(whole)[0]?.status).toBe('resolved');
  });

  it.each(['before', 'after'])('Resource Health explains a storm, if it speaks %s it begins', (order) => {
    const healthy = many(6);
    const told = (each: Incident): Incident => ({
      ...each,
      diagnosis: {
        ...undiagnosed,
        candidates: [{ family: '500xxx', confidence: 'established', reason: 'platform-unhealthy' }],
      },
    });
    const begun = order === 'before' ? apply(healthy.map(told)) : apply(healthy);
    const after =
      order === 'before'
        ? begun
        : apply(
            begun.map((each) => (each.subject.kind === 'hub' ? told(each) : each)),
            now + MINUTE,
          );
    expect(storms(after)[0]?.diagnosis.candidates[0]?.reason).toBe('platform-unhealthy');
  });

  it('what does not belong together is settled by itself', () => {
    const [only] = apply([incident({ hub })]);
    expect(only).toMatchObject({
      grouping: 'settled',
      fingerprint: fingerprint({ kind: 'hub', hub }, 'connected-devices'),
    });
    expect(only?.foldedInto).toBeUndefined();
  });
});
