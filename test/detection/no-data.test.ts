import { describe, expect, it } from 'vitest';
import { evaluateRule, type DetectorState } from '../../src/detection/evaluate-rule.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import {
  devices,
  firing,
  grainMs,
  hub,
  monday,
  noise,
  play,
  pointsOf,
  reasonsOf,
  refused,
  shipped,
  used,
  type Played,
} from './series.ts';

const rule = shipped('no-data');
const silence = monday + 3 * DAY + 11 * HOUR;
const to = monday + 4 * DAY;
const connected = (at: EpochMs): number => 500 + Math.round(40 * noise(at / grainMs));
const count = (at: EpochMs): number => Math.round((at % DAY) / 100_000);
const gone = (at: EpochMs, hours = 4): boolean => at >= silence && at < silence + hours * HOUR;

function judged(series: Parameters<typeof play>[0]['series'], more: Partial<Parameters<typeof play>[0]> = {}): Played {
  return play({ rule, series, from: monday, to, ...more });
}

describe('silence', () => {
  it('of one metric is told as that, after its time, and resolved when it speaks', () => {
    const played = judged({
      [devices]: pointsOf(monday, to, (at) => (gone(at) ? null : connected(at))),
      [used]: pointsOf(monday, to, count),
    });
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({
      reason: 'silent-metric',
      metric: devices,
      severity: 'warning',
      sinceAt: silence,
    });
    expect((first?.at ?? 0) - silence).toBeGreaterThan(30 * MINUTE);
    expect((first?.at ?? Infinity) - silence).toBeLessThan(HOUR);
    expect(played.told.filter(({ transition }) => transition === 'resolved')).toHaveLength(1);
  });

  it('of everything is told as a silent hub', () => {
    const played = judged({
      [devices]: pointsOf(monday, to, (at) => (gone(at) ? null : connected(at))),
      [used]: pointsOf(monday, to, (at) => (gone(at) ? null : count(at))),
    });
    expect(reasonsOf(played)).toEqual(['silent-hub']);
  });

  it('of most hubs around is a silent Azure: nothing to tell of this one', () => {
    const series = [devices, used].map((metric) => ({
      metric,
      grainMs,
      points: pointsOf(silence - HOUR, silence, connected),
    }));
    const at = (now: EpochMs, state: DetectorState | undefined) =>
      evaluateRule({ rule, hub, series, maintenance: [], neighbours: { hubs: 9, silent: 8 } }, state, now);
    const { state } = at(silence + 5 * MINUTE, undefined);
    expect(at(silence + 2 * HOUR, state).evaluation).toMatchObject({ verdict: 'unknown', reason: 'silent-azure' });
  });

  it('of an idle counter is none', () => {
    const played = judged({
      [devices]: pointsOf(monday, to, connected),
      [used]: pointsOf(monday, to, count),
      [refused]: pointsOf(monday, to, (at) => (at < monday + DAY ? 3 : null)),
    });
    expect(firing(played)).toEqual([]);
  });

  it('of a hub that has no devices is none', () => {
    const to = monday + 2 * DAY;
    const played = play({
      rule,
      series: { [devices]: pointsOf(monday, to, (at) => (at < monday + DAY ? 0 : null)) },
      from: monday,
      to,
    });
    expect(firing(played)).toEqual([]);
  });

  it('in declared maintenance is none', () => {
    const played = judged(
      {
        [devices]: pointsOf(monday, to, (at) => (gone(at) ? null : connected(at))),
        [used]: pointsOf(monday, to, count),
      },
      { maintenance: [{ from: silence, to: silence + 4 * HOUR }] },
    );
    expect(firing(played)).toEqual([]);
  });

  it('as long as it ever was is as usual', () => {
    const played = judged({
      [devices]: pointsOf(monday, to, (at) => ((at / MINUTE) % 240 < 55 ? null : connected(at))),
      [used]: pointsOf(monday, to, count),
    });
    expect(firing(played).filter(({ at }) => at > monday + DAY)).toEqual([]);
  });
});

it('a value that stays exactly the same for hours is noticed', () => {
  const played = judged({
    [devices]: pointsOf(monday, to, (at) => connected(gone(at, 6) ? silence : at)),
    [used]: pointsOf(monday, to, count),
  });
  const [first] = firing(played);
  expect(first?.evaluation).toMatchObject({ reason: 'stuck-metric', metric: devices });
  expect((first?.at ?? Infinity) - silence).toBeLessThan(3 * HOUR);
});

it('nothing read yet is neither normal nor a breach', () => {
  const { evaluation } = evaluateRule({ rule, hub, series: [], maintenance: [] }, undefined, monday);
  expect(evaluation).toMatchObject({ verdict: 'unknown', reason: 'nothing-read-yet' });
});
