import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectorState } from '../../src/detection/evaluate-rule.ts';
import { learnRule } from '../../src/detection/learn-rule.ts';
import { emptyRulesFile, rulesFor } from '../../src/detection/resolve-rules.ts';
import { readPicture, readState, storedPicture, storedState } from '../../src/detection/stored/stored-state.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { attempts, devices, firing, grainMs, hub, monday, noise, play, pointsOf, refused, used } from './series.ts';

const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} }).filter(
  ({ detector, id }) => detector !== 'metric' || id === 'method-failures',
);
const to = monday + 9 * DAY + 5 * HOUR;
const wave = (at: EpochMs, size: number): number =>
  Math.round(size * (0.6 + 0.4 * Math.sin((2 * Math.PI * at) / DAY)) * (1 + 0.01 * noise(at / MINUTE)));
const series = {
  [devices]: pointsOf(monday, to, (at) => (at >= to - HOUR ? 1_000 : wave(at, 98_765))),
  [refused]: pointsOf(monday, to, (at) => (at >= to - HOUR ? 4_321 : Math.max(0, Math.round(300 * noise(at))))),
  [attempts]: pointsOf(monday, to, (at) => wave(at, 9_876_543)),
  [used]: pointsOf(monday, to, (at) => Math.round(((at % DAY) / DAY) * 123_456_789)),
  'c2d.methods.failure': pointsOf(monday, to, (at) => wave(at, 40)),
};
const states = new Map<string, DetectorState>();

beforeAll(() => {
  for (const rule of rules) {
    const { state } = play({ rule, series, from: monday, to });
    if (state) states.set(rule.id, state);
  }
});

const again = (state: DetectorState): DetectorState | undefined =>
  readState(storedState(state), readPicture(state.detector, storedPicture(state) ?? ''));

describe.each(rules.map(({ id }) => id))('%s', (id) => {
  const state = (): DetectorState => {
    const known = states.get(id);
    if (!known) throw new Error(`nothing was learned by ${id}`);
    return known;
  };

  it('comes back from text as it was, and judges alike', () => {
    const read = again(state());
    expect(read && storedState(read)).toEqual(storedState(state()));
    expect(read && storedPicture(read)).toEqual(storedPicture(state()));
    const rule = rules.find((one) => one.id === id);
    if (!rule) throw new Error(id);
    const later = to + 3 * HOUR;
    const next = Object.fromEntries(
      Object.keys(series).map((metric) => [metric, pointsOf(to, later, (at) => wave(at, 900))]),
    );
    const judged = (from: DetectorState | undefined): unknown =>
      play({ rule, series: next, from: to, to: later, state: from }).told.map(({ at, transition, evaluation }) => [
        at,
        transition,
        evaluation.reason,
      ]);
    expect(judged(read)).toEqual(judged(state()));
  });

  it('takes a kilobyte, its picture at most sixteen', () => {
    expect(JSON.stringify(storedState(state()).hot).length).toBeLessThanOrEqual(
      id === 'method-failures' ? 1_400 : 1_024,
    );
    expect((storedPicture(state()) ?? '').length).toBeLessThanOrEqual(16 * 1_024);
  });

  it('is not believed if it is damaged, of another version, or belongs to another picture', () => {
    const stored = storedState(state());
    const picture = readPicture(stored.detector, storedPicture(state()) ?? '');
    for (const hot of [
      '',
      '{',
      'null',
      '[]',
      '{"v":0}',
      stored.hot.slice(0, -20),
      stored.hot.replace('"v":1', '"v":7').replace(/^[A-Za-z0-9+/]{8}/, 'AAAAAAAA'),
    ])
      expect(readState({ ...stored, hot }, picture)).toBeUndefined();
    if (stored.pictureDay !== undefined) expect(readState(stored, undefined)).toBeUndefined();
  });
});

it.each(['', '{', 'null', '{"v":1}', '{"v":99,"day":1}', 'AAAA'])('a picture that reads %s is none', (text) => {
  for (const detector of ['connected-devices', 'quota', 'telemetry', 'metric'] as const)
    expect(readPicture(detector, text)).toBeUndefined();
});

describe('first sight', () => {
  it.each([5 * MINUTE, 15 * MINUTE])('weeks of history at %d ms make day one as good as any', (grain) => {
    const rule = rules.find(({ detector }) => detector === 'connected-devices');
    if (!rule) throw new Error('no rule');
    const now = monday + 28 * DAY + 10 * HOUR;
    const history = pointsOf(monday, now, (at) => wave(at, 5_000), grain);
    const state = learnRule(
      { rule, hub, series: [{ metric: devices, grainMs: grain, points: history }], maintenance: [] },
      now,
    );
    const outage = now + HOUR;
    const value = (at: EpochMs): number => Math.round(wave(at, 5_000) * (at >= outage ? 0.75 : 1));
    const played = play({
      rule,
      series: { [devices]: pointsOf(now, now + 3 * HOUR, value) },
      from: now,
      to: now + 3 * HOUR,
      state,
    });
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({ reason: 'sudden-drop', numbers: { confidence: 1 } });
    expect((first?.at ?? Infinity) - outage).toBeLessThan(30 * MINUTE);
    expect(grainMs).toBe(5 * MINUTE);
  });
});
