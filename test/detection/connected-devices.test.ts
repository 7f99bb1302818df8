import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectorState } from '../../src/detection/evaluate-rule.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { devices, firing, grainMs, monday, noise, play, pointsOf, reasonsOf, shipped, type Played } from './series.ts';

const rule = shipped('connected-devices');
const learned = monday + 15 * DAY;

/** An office fleet: 3,000 devices in working hours, 900 at night and on Sundays; a token renewal every hour. */
function office(at: EpochMs): number {
  const hour = (at % DAY) / HOUR;
  const sunday = Math.floor(at / DAY + 4) % 7 === 0;
  const open = Math.max(0, Math.min(1, (hour - 6) / 2, (19 - hour) / 2));
  const renewal = (at / MINUTE) % 60 < 10 ? 0.96 : 1;
  return Math.round((900 + (sunday ? 0 : 2_100 * open)) * renewal * (1 + 0.004 * noise(at / grainMs)));
}

let season: DetectorState | undefined;

beforeAll(() => {
  const series = { [devices]: pointsOf(monday, learned, office) };
  const played = play({ rule, series, from: monday, to: learned });
  season = played.state;
  expect(firing(played)).toEqual([]);
});

/** Three more days of the fleet, changed by what happens in them. */
function afterwards(happens: (usual: number, at: EpochMs) => number | null, days = 3): Played {
  const to = learned + days * DAY;
  const series = { [devices]: pointsOf(learned, to, (at) => happens(office(at), at)) };
  return play({ rule, series, from: learned, to, state: season });
}

const noon = learned + 12 * HOUR;
const within = (at: EpochMs, from: EpochMs, ms: number): boolean => at >= from && at < from + ms;

describe('what is usual', () => {
  it('says nothing of nights, mornings, Sundays and token renewals, and says what it expects', () => {
    const played = afterwards((usual) => usual, 7);
    expect(firing(played)).toEqual([]);
    const { verdict, reason, numbers } = played.evaluations.findLast((one) => one.verdict === 'normal') ?? {};
    expect({ verdict, reason }).toEqual({ verdict: 'normal', reason: 'as-usual' });
    expect(numbers?.lower).toBeLessThan(numbers?.value ?? 0);
    expect(numbers?.upper).toBeGreaterThan(numbers?.value ?? 0);
    expect(numbers?.confidence).toBe(1);
  });

  it.each([
    {
      what: 'a holiday like a Sunday',
      happens: (usual: number, at: EpochMs) => (within(at, learned, DAY) ? office(at - 2 * DAY) : usual),
    },
    {
      what: 'growth by half a percent a day',
      happens: (usual: number, at: EpochMs) => Math.round(usual * 1.005 ** ((at - learned) / DAY)),
    },
    {
      what: 'a redeployment of a few minutes',
      happens: (usual: number, at: EpochMs) => (within(at, noon, 5 * MINUTE) ? usual * 0.6 : usual),
    },
    {
      what: 'a restart that shows as a single zero',
      happens: (usual: number, at: EpochMs) => (within(at, noon, 5 * MINUTE) ? 0 : usual),
    },
    {
      what: 'an hour of which nothing is known',
      happens: (usual: number, at: EpochMs) => (within(at, noon, HOUR) ? null : usual),
    },
  ])('$what is no incident', ({ happens }) => {
    expect(reasonsOf(afterwards(happens))).toEqual([]);
  });
});

describe('what is not', () => {
  it.each([
    { what: 'a cliff', share: 0.05, reason: 'sudden-drop', severity: 'critical' },
    { what: 'a third that is gone', share: 0.67, reason: 'sudden-drop', severity: 'error' },
    { what: 'far too many', share: 2.5, reason: 'sudden-surge', severity: 'error' },
  ])('$what fires within a quarter of an hour, once, and resolves', ({ share, reason, severity }) => {
    const played = afterwards((usual, at) => (within(at, noon, 2 * HOUR) ? Math.round(usual * share) : usual));
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({ reason, severity, sinceAt: noon });
    expect((first?.at ?? 0) - noon).toBeLessThanOrEqual(15 * MINUTE + 4 * MINUTE);
    const resolved = played.told.filter(({ transition }) => transition === 'resolved');
    expect(resolved).toHaveLength(1);
    expect((resolved[0]?.at ?? 0) - (noon + 2 * HOUR)).toBeLessThanOrEqual(30 * MINUTE);
  });

  it('a drain over six hours is found within four', () => {
    const from = learned + 9 * HOUR;
    const drained = (at: EpochMs): number =>
      within(at, from, 8 * HOUR) ? Math.max(0.4, 1 - (0.6 * (at - from)) / (6 * HOUR)) : 1;
    const [first] = firing(afterwards((usual, at) => Math.round(usual * drained(at))));
    expect((first?.at ?? Infinity) - from).toBeLessThan(4 * HOUR);
    expect(first?.evaluation.numbers.ratio).toBeLessThan(1);
  });

  it('a leak of seven percent a day is found within five days', () => {
    const lost = (at: EpochMs): number => Math.exp((-0.07 * Math.max(0, at - learned)) / DAY);
    const [first] = firing(afterwards((usual, at) => Math.round(usual * lost(at)), 6));
    expect((first?.at ?? Infinity) - learned).toBeLessThan(5 * DAY);
  });

  it('devices that come and go in waves are a storm, or at least an incident', () => {
    const wave = (at: EpochMs): number => 1 - 0.25 * (1 - Math.cos((2 * Math.PI * (at - noon)) / (20 * MINUTE)));
    const played = afterwards((usual, at) => Math.round(within(at, noon, 3 * HOUR) ? usual * wave(at) : usual));
    expect(firing(played).length).toBeGreaterThanOrEqual(1);
    expect(firing(played)[0]?.at).toBeLessThan(noon + 1.5 * HOUR);
  });

  it('a level that stays low is told once and then learned; coming back is no surge', () => {
    const to = learned + 6 * DAY;
    const low = (at: EpochMs): boolean => within(at, noon, 2 * DAY);
    const series = { [devices]: pointsOf(learned, to, (at) => Math.round(office(at) * (low(at) ? 0.7 : 1))) };
    const played = play({ rule, series, from: learned, to, state: season });
    expect(reasonsOf(played)).toEqual(['sudden-drop']);
    const resolved = played.told.find(({ transition }) => transition === 'resolved');
    expect((resolved?.at ?? Infinity) - noon).toBeLessThan(DAY);
  });

  it.each([0.8, 1.2])(
    'a level that moves to %f before a Sunday is told once, whichever day it then looks like',
    (share) => {
      const friday = learned + 3 * DAY + 16 * HOUR;
      const played = afterwards((usual, at) => Math.round(usual * (at >= friday ? share : 1)), 10);
      expect(firing(played)).toHaveLength(1);
    },
  );

  it('a leak that was mended before midnight is not told any more', () => {
    const mended = learned + 2 * DAY + 14 * HOUR;
    const lost = (at: EpochMs): number => (at < mended ? (0.05 * (at - learned)) / DAY : 0);
    const played = afterwards((usual, at) => Math.round(usual * (1 - lost(at))), 4);
    expect(firing(played).filter(({ at }) => at > mended)).toEqual([]);
  });
});

describe('maintenance and youth', () => {
  it('says nothing during declared maintenance, and learns nothing from it', () => {
    const span = { from: noon, to: noon + 3 * HOUR };
    const to = learned + 2 * DAY;
    const series = {
      [devices]: pointsOf(learned, to, (at) => (within(at, noon + 5 * MINUTE, 2.8 * HOUR) ? 0 : office(at))),
    };
    const played = play({ rule, series, from: learned, to, state: season, maintenance: [span] });
    expect(firing(played)).toEqual([]);
    expect(played.evaluations.some(({ reason }) => reason === 'maintenance')).toBe(true);
  });

  it('tells after the maintenance what still stands', () => {
    const span = { from: noon, to: noon + HOUR };
    const to = learned + DAY;
    const series = { [devices]: pointsOf(learned, to, (at) => (within(at, noon, 4 * HOUR) ? 0 : office(at))) };
    const [first] = firing(play({ rule, series, from: learned, to, state: season, maintenance: [span] }));
    expect(first?.at).toBeGreaterThanOrEqual(span.to);
    expect(first?.at).toBeLessThan(span.to + 30 * MINUTE);
  });

  it('finds a cliff with two hours of history, and says how little that is', () => {
    const from = monday + 10 * HOUR;
    const outage = from + 2 * HOUR + 15 * MINUTE;
    const series = { [devices]: pointsOf(from, from + 4 * HOUR, (at) => (at >= outage ? 20 : office(at))) };
    const [first] = firing(play({ rule, series, from, to: from + 4 * HOUR }));
    expect(first?.evaluation).toMatchObject({ reason: 'sudden-drop', numbers: { confidence: 0.1 } });
  });

  it('takes a value that stays exactly the same for no value', () => {
    const stuck = office(noon);
    const played = afterwards((usual, at) => (within(at, noon, 5 * HOUR) ? stuck : usual));
    expect(reasonsOf(played)).toEqual([]);
  });
});
