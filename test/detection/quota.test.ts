import { describe, expect, it } from 'vitest';
import type { HubFacts } from '../../src/detection/hub-facts.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import {
  firing,
  grainMs,
  hub,
  monday,
  noise,
  play,
  pointsOf,
  reasonsOf,
  shipped,
  used,
  type Played,
} from './series.ts';

const rule = shipped('quota');
const limit = 800_000;
const days = 8;
const lastDay = monday + days * DAY;

/** Share of the day's messages sent by this time of day. */
const shapes = {
  linear: (hour: number) => hour / 24,
  'office hours': (hour: number) => 0.15 * (hour / 24) + 0.85 * Math.max(0, Math.min(1, (hour - 7) / 11)),
};
type Shape = keyof typeof shapes;

interface Use {
  readonly shape: Shape;
  /** What a usual day needs of the limit, and the last day. */
  readonly usually: number;
  readonly today: number;
  readonly facts?: HubFacts | ((now: EpochMs) => HubFacts);
}

/** The day's count as Azure shows it: at its limit it stays, it steps back for a bin, and at midnight shows yesterday's. */
function count({ shape, usually, today }: Use, at: EpochMs): number {
  const end = at + grainMs;
  const ofDay = (when: EpochMs): number => {
    const share =
      shapes[shape](((when - 1) % DAY) / HOUR) * (when > lastDay && when <= lastDay + DAY ? today : usually);
    return Math.min(limit, Math.round(limit * share));
  };
  if (at % DAY === 0 && at > monday) return ofDay(at);
  const jitter = Math.abs(noise(at)) > 0.9 && ofDay(end) < limit ? 40 : 0;
  return Math.max(0, ofDay(end) - jitter);
}

function judged(use: Use): Played {
  const to = lastDay + DAY + 3 * HOUR;
  const series = { [used]: pointsOf(monday, to, (at) => count(use, at)) };
  return play({ rule, series, from: monday, to, facts: use.facts ?? hub });
}

function exhaustedAt(use: Use): EpochMs {
  for (let at = lastDay; at < lastDay + DAY; at += MINUTE)
    if (shapes[use.shape]((at % DAY) / HOUR) * use.today >= 1) return at;
  return Number.NaN;
}

describe('a day that needs more than the quota', () => {
  it.each<Use>([
    { shape: 'linear', usually: 0.7, today: 1.4 },
    { shape: 'linear', usually: 0.5, today: 1.6 },
    { shape: 'office hours', usually: 0.7, today: 1.3 },
    { shape: 'office hours', usually: 0.6, today: 1.2 },
  ])('is told hours ahead, once, and within ±10 % of the time left from two hours ahead: $shape, $today', (use) => {
    const played = judged(use);
    const truth = exhaustedAt(use);
    const told = firing(played);
    expect(told).toHaveLength(1);
    expect(truth - (told[0]?.at ?? Infinity)).toBeGreaterThan(2 * HOUR);
    const near = played.evaluations.filter(
      ({ settledAt = 0, numbers }) =>
        settledAt >= truth - 2 * HOUR && settledAt < truth - 20 * MINUTE && numbers.value !== undefined,
    );
    expect(near.length).toBeGreaterThan(10);
    for (const { settledAt = 0, numbers } of near) {
      const left = truth - settledAt - grainMs;
      expect(Math.abs((numbers.forecastAt ?? 0) - truth)).toBeLessThanOrEqual(0.1 * left + grainMs);
      expect(numbers.forecastEarliestAt).toBeLessThanOrEqual(numbers.forecastAt ?? 0);
    }
  });

  it('says when it was used up, to ten minutes', () => {
    const use: Use = { shape: 'office hours', usually: 0.7, today: 1.3 };
    const known = judged(use).evaluations.flatMap(({ numbers }) => numbers.exhaustedAt ?? []);
    expect(known.length).toBeGreaterThan(10);
    for (const at of known) expect(Math.abs(at - exhaustedAt(use))).toBeLessThanOrEqual(10 * MINUTE);
  });

  it('gets worse as the levels are reached, and ends at midnight', () => {
    const played = judged({ shape: 'linear', usually: 0.7, today: 1.4 });
    const reasons = [
      ...new Set(played.evaluations.filter(({ verdict }) => verdict === 'breach').map(({ reason }) => reason)),
    ];
    expect(reasons).toEqual(['quota-will-run-out', 'quota-warning-level', 'quota-error-level', 'quota-exhausted']);
    const resolved = played.told.filter(({ transition }) => transition === 'resolved');
    expect(resolved).toHaveLength(1);
    expect(resolved[0]?.at).toBeLessThan(lastDay + DAY + 2 * HOUR);
  });
});

describe('a day that does not', () => {
  it.each<Use>([
    { shape: 'linear', usually: 0.9, today: 0.9 },
    { shape: 'linear', usually: 0.7, today: 0.85 },
    { shape: 'office hours', usually: 0.9, today: 0.92 },
  ])('is no incident, yesterday shown at midnight and bins that step back or not: $shape, $today', (use) => {
    // On its very first day a hub that stops for the night is not yet told from one that does not.
    expect(firing(judged(use)).filter(({ at }) => at > monday + DAY)).toEqual([]);
  });

  it('is one at the level that a person asked for', () => {
    const asked = { ...rule, levelsAlways: true };
    const use: Use = { shape: 'linear', usually: 0.9, today: 0.9 };
    const to = monday + DAY;
    const series = { [used]: pointsOf(monday, to, (at) => count(use, at)) };
    const [first] = firing(play({ rule: asked, series, from: monday, to }));
    expect(first?.evaluation.reason).toBe('quota-warning-level');
    expect(first?.evaluation.numbers.ratio).toBeGreaterThanOrEqual(0.8);
  });
});

describe('the limit', () => {
  it('follows the edition during the day', () => {
    const larger = lastDay + 10 * HOUR;
    const facts = (now: EpochMs): HubFacts => (now < larger ? hub : { ...hub, units: 4, messagesPerDay: 2 * limit });
    const played = judged({ shape: 'linear', usually: 0.7, today: 1.4, facts });
    const after = played.evaluations.filter(({ settledAt = 0 }) => settledAt > larger && settledAt < lastDay + DAY);
    expect(after.every(({ numbers }) => numbers.limit === 2 * limit)).toBe(true);
    expect(after.at(-1)?.verdict).not.toBe('breach');
  });

  it('that nobody knows makes no verdict', () => {
    const facts = { sku: 'X9', units: 1, messagesPerDay: undefined };
    const played = judged({ shape: 'linear', usually: 0.7, today: 1.4, facts });
    expect(reasonsOf(played)).toEqual([]);
    expect(played.evaluations.at(-1)).toMatchObject({ verdict: 'unknown', reason: 'quota-not-known' });
  });
});
