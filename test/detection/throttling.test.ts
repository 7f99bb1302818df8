import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { attempts, firing, hub, monday, play, pointsOf, reasonsOf, refused, shipped, type Played } from './series.ts';

const SLOT = 5 * MINUTE;
const rule = shipped('throttling');
const from = monday;
const incident = monday + 2 * DAY + 9 * HOUR + 7 * MINUTE;

/** Three days at one-minute grain: `happens` on the third, `before` on all of them. */
function judged(
  happens: (minute: number) => number,
  before: (at: EpochMs) => number = () => 0,
  asks?: (at: EpochMs) => number,
): Played {
  const to = monday + 2.6 * DAY;
  const value = (at: EpochMs): number => before(at) + (at >= incident ? happens((at - incident) / MINUTE) : 0);
  const series = {
    [refused]: pointsOf(from, to, value, MINUTE),
    ...(asks ? { [attempts]: pointsOf(from, to, asks, MINUTE) } : {}),
  };
  return play({ rule, series, from, to, grain: MINUTE });
}

describe('refused sends', () => {
  it.each([
    { what: 'a burst of three minutes', happens: (minute: number) => (minute < 3 ? 5_000 : 0) },
    { what: 'two bursts, an hour apart', happens: (minute: number) => (minute % 60 < 3 && minute < 64 ? 5_000 : 0) },
    { what: 'a handful now and then', happens: (minute: number) => (minute % 7 === 0 ? 1 : 0) },
  ])('$what: no incident', ({ happens }) => {
    const played = judged(happens);
    expect(firing(played)).toEqual([]);
  });

  it.each([
    { what: 'two bursts side by side', bins: [2_000, 4_000, 0, 5_000], reasons: [] },
    { what: 'a burst beside a larger one', bins: [40, 300, 4_000, 0], reasons: [] },
    { what: 'twenty minutes of it', bins: [2_000, 4_000, 3_500, 4_200], reasons: ['sustained-throttling'] },
  ])('in bins of five minutes, $what: $reasons', ({ bins, reasons }) => {
    const start = incident - (incident % SLOT);
    const value = (at: EpochMs): number => bins[(at - start) / SLOT] ?? 0;
    const to = incident + 6 * HOUR;
    expect(reasonsOf(play({ rule, series: { [refused]: pointsOf(from, to, value) }, from, to }))).toEqual(reasons);
  });

  it('light throttling every hour on the hour is what this hub does', () => {
    const hourly = (at: EpochMs): number => ((at / MINUTE) % 60 < 4 ? 60 : 0);
    expect(reasonsOf(judged(() => 0, hourly))).toEqual([]);
  });

  it('half an hour of it is an incident, told once, with what was refused; it resolves when it has been quiet', () => {
    const played = judged((minute) => (minute < 45 ? 900 : 0));
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({ reason: 'sustained-throttling', signal: 'throttling', metric: refused });
    expect(first?.evaluation.sinceAt).toBe(incident);
    expect(first?.evaluation.numbers.total).toBeGreaterThan(5_000);
    expect((first?.at ?? Infinity) - incident).toBeLessThan(25 * MINUTE);
    const resolved = played.told.find(({ transition }) => transition === 'resolved');
    expect((resolved?.at ?? Infinity) - incident).toBeLessThan(45 * MINUTE + 40 * MINUTE);
  });

  it('bursts that come again and again are one, too', () => {
    const [first] = firing(judged((minute) => (minute < 240 && minute % 10 < 4 ? 700 : 0)));
    expect((first?.at ?? Infinity) - incident).toBeLessThan(100 * MINUTE);
  });

  it('more than the hub ever showed on the hour is one', () => {
    const hourly = (at: EpochMs): number => ((at / MINUTE) % 60 < 4 ? 60 : 0);
    expect(reasonsOf(judged((minute) => (minute < 60 ? 2_000 : 0), hourly))).toEqual(['sustained-throttling']);
  });

  it('bins that the idle counter does not publish are zeros, and end the incident', () => {
    const to = monday + 2.6 * DAY;
    const busy = (at: EpochMs): number | null => (at >= incident && at < incident + 40 * MINUTE ? 900 : null);
    const played = play({ rule, series: { [refused]: pointsOf(from, to, busy, MINUTE) }, from, to, grain: MINUTE });
    expect(played.told.map(({ transition }) => transition)).toEqual(['firing', 'resolved']);
  });
});

// S1 with two units takes 100 sends per second.
const rate = 100 * 60;

describe('refused sends by the hour', () => {
  const noon = monday + 5 * DAY + 12 * HOUR;

  /** Six days of hours: `usual` in each, and `happens` from noon of the last on, in minutes' worth of the edition's rate. */
  function byTheHour(usual: (hour: number) => number, happens: readonly number[], facts = hub): Played {
    const to = monday + 6 * DAY;
    const value = (at: EpochMs): number =>
      Math.round(rate * (at < noon ? usual((at - from) / HOUR) : (happens[(at - noon) / HOUR] ?? usual(0))));
    return play({ rule, series: { [refused]: pointsOf(from, to, value, HOUR) }, from, to, grain: HOUR, facts });
  }
  const never = (): number => 0;
  const little = (hour: number): number => 0.06 + 0.03 * (hour % 3);

  it.each([
    { what: 'a burst at half the rate', usual: never, happens: [1.5, 0] },
    { what: 'a burst on the border of two hours', usual: never, happens: [1.2, 0.3, 0] },
    { what: 'small bursts, hour after hour', usual: never, happens: [0.05, 0.02, 0.01, 0.06, 0] },
    { what: 'a little every hour', usual: little, happens: [] },
    { what: 'a little every hour, and a burst', usual: little, happens: [1.1, 0.06] },
  ])('$what: no incident', ({ usual, happens }) => {
    expect(firing(byTheHour(usual, happens))).toEqual([]);
  });

  it.each([
    { what: 'more in an hour than bursts can be', usual: never, happens: [4, 0], hours: 1 },
    { what: 'half a minute in each of two hours', usual: never, happens: [0.5, 0.6, 0.5, 0], hours: 2 },
    { what: 'small, but for three hours', usual: never, happens: [0.2, 0.3, 0.2, 0.2, 0], hours: 3 },
    { what: 'far more than the little of every hour', usual: little, happens: [0.6, 0.7, 0.6, 0.06], hours: 2 },
  ])('$what: an incident, told once, over when it is as before', ({ usual, happens, hours }) => {
    const played = byTheHour(usual, happens);
    expect(played.told.map(({ transition }) => transition)).toEqual(['firing', 'resolved']);
    const [first] = firing(played);
    expect(first?.evaluation).toMatchObject({ reason: 'sustained-throttling', sinceAt: noon });
    expect((first?.at ?? Infinity) - noon).toBeLessThanOrEqual(hours * HOUR + 5 * MINUTE);
    expect((played.told[1]?.at ?? Infinity) - noon).toBeLessThanOrEqual(happens.length * HOUR + 5 * MINUTE);
  });

  it('of an edition that nobody knows, only its own past can tell', () => {
    const unknown = { ...hub, sku: 'X9' };
    expect(firing(byTheHour(never, [4, 0], unknown))).toEqual([]);
    expect(firing(byTheHour(little, [0.6, 0.7, 0.6, 0.06], unknown))).toHaveLength(1);
  });
});

describe('attempts', () => {
  it('warn before anything was refused', () => {
    const [first] = firing(
      judged(
        () => 0,
        () => 0,
        (at) => (at >= incident ? 1.2 : 0.5) * rate,
      ),
    );
    expect(first?.evaluation).toMatchObject({ reason: 'attempts-above-rate', severity: 'warning', metric: attempts });
  });

  it('say nothing on an edition that nobody knows', () => {
    const to = monday + DAY;
    const series = {
      [refused]: pointsOf(from, to, () => 0, MINUTE),
      [attempts]: pointsOf(from, to, () => 9 * rate, MINUTE),
    };
    expect(firing(play({ rule, series, from, to, grain: MINUTE, facts: { ...hub, sku: 'X9' } }))).toEqual([]);
  });
});
