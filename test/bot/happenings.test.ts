import { describe, expect, it } from 'vitest';
import { happeningsOf } from '../../src/bot/happenings.ts';
import type { Confidence, Diagnosis, EvidenceRow } from '../../src/diagnosis/diagnosis.ts';
import type { HubRef, Incident } from '../../src/incidents/incident.ts';
import { firing, HOUR, hub, MINUTE, now, resolvedAt, throttled } from '../fixtures/incidents.ts';

const hubNamed = (name: string): HubRef => ({ ...hub, id: `/iothubs/${name}`, name });
const at = (name: string, incident: Incident = firing(), more: Partial<Incident> = {}): Incident =>
  ({ ...incident, id: `I${name}`, subject: { kind: 'hub', hub: hubNamed(name) }, ...more }) as Incident;
const endedAgo = (ms: number): Incident => resolvedAt(firing({}, now - ms - HOUR), now - ms);
const because = (
  ...list: readonly (readonly [family: string, confidence: Confidence])[]
): { diagnosis: Diagnosis } => ({
  diagnosis: {
    ...throttled,
    candidates: list.map(([family, confidence]) => ({ family, confidence, reason: 'logged-errors' })),
  },
});
const row = (code: string, count: number): EvidenceRow => ({ source: 'log', code, where: 'Connections', count });
const names = (incidents: readonly Incident[], family = '429xxx'): readonly string[] =>
  happeningsOf(incidents, [family], now).map((one) => one.hub);

describe('where an error happens', () => {
  it('lists firing hubs first, then those where it ended last', () => {
    const list = [at('a', endedAgo(5 * HOUR)), at('b', endedAgo(HOUR)), at('c'), at('d', firing({}, now - HOUR))];
    expect(names(list)).toEqual(['c', 'd', 'b', 'a']);
    expect(happeningsOf(list, ['429xxx'], now)[0]).toEqual({
      hub: 'c',
      region: 'westeurope',
      firing: true,
      at: firing().beganAt,
      incidents: 1,
      errors: 45_650,
    });
  });

  it('leaves out what ended a day ago', () => {
    expect(names([at('a', endedAgo(24 * HOUR)), at('b', endedAgo(24 * HOUR - MINUTE))])).toEqual(['b']);
  });

  it('counts a family that explains best or is supported, not a mere possibility', () => {
    const list = [
      at('first', firing(), because(['429xxx', 'possible'])),
      at('second', firing(), because(['500xxx', 'likely'], ['429xxx', 'likely'])),
      at('hardly', firing(), because(['500xxx', 'likely'], ['429xxx', 'possible'])),
      at('other', firing(), because(['403xxx', 'established'])),
    ];
    expect(names(list)).toEqual(['first', 'second']);
    expect(names(list, '403xxx')).toEqual(['other']);
    expect(happeningsOf(list, [], now)).toEqual([]);
  });

  it('puts the incidents of one hub together', () => {
    const list = [
      at('a'),
      at('a', endedAgo(2 * HOUR), { id: 'EARLIER' }),
      at('a', endedAgo(2 * HOUR), { id: 'EARLIER' }), // on its way to the history, so listed twice
    ];
    expect(happeningsOf(list, ['429xxx'], now)).toMatchObject([
      { hub: 'a', firing: true, incidents: 2, errors: 91_300 },
    ]);
  });

  it('counts the errors of the family that the logs show', () => {
    const logs = {
      state: 'found',
      window: { from: now - HOUR, to: now },
      readAt: now,
      rows: [row('404104', 120), row('404103', 3), row('401003', 50)],
      loudest: [],
      sdks: [],
      partial: false,
    } as const;
    const { diagnosis } = because(['404xxx', 'likely']);
    const incident = at('a', firing(), { signal: 'connected-devices', diagnosis: { ...diagnosis, logs } });
    expect(happeningsOf([incident], ['404xxx'], now)[0]?.errors).toBe(123);
    const blind = at('b', firing(), { signal: 'connected-devices', diagnosis });
    expect(happeningsOf([blind], ['404xxx'], now)[0]?.errors).toBeUndefined();
  });

  describe('to a group of hubs', () => {
    const own = ['a', 'b', 'c'].map((name) => at(name, firing(), { foldedInto: { id: 'GROUP', at: now } }));
    const group: Incident = {
      ...firing({}, now - MINUTE),
      id: 'GROUP',
      subject: {
        kind: 'hubs',
        subscriptionId: hub.subscriptionId,
        region: hub.region,
        members: [
          { hub: hubNamed('a'), incidentId: 'Ia' },
          { hub: hubNamed('b'), incidentId: 'Ib', recoveredAt: now - 30_000 },
          { hub: hubNamed('c') },
        ],
      },
    };

    it('counts each hub once, with its own errors', () => {
      expect(happeningsOf([...own, group], ['429xxx'], now)).toMatchObject([
        { hub: 'a', firing: true, incidents: 1, errors: 45_650 },
        { hub: 'c', firing: true, incidents: 1, errors: undefined },
        { hub: 'b', firing: false, at: now - 30_000, incidents: 1, errors: 45_650 },
      ]);
    });

    it('counts the hub by itself where the group is about something else', () => {
      const other = { ...group, ...because(['500xxx', 'established']) };
      expect(names([...own, other])).toEqual(['a', 'b', 'c']);
      expect(names([...own, other], '500xxx')).toEqual(['a', 'c', 'b']);
    });
  });
});
