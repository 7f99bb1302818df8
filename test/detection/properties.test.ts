import { fc, test } from '@fast-check/vitest';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateRule, type DetectorState } from '../../src/detection/evaluate-rule.ts';
import { emptyRulesFile, rulesFor } from '../../src/detection/resolve-rules.ts';
import { readPicture, readState, storedPicture, storedState } from '../../src/detection/stored/stored-state.ts';
import type { Point } from '../../src/metrics/series.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import {
  attempts,
  devices,
  firing,
  grainMs,
  hub,
  monday,
  noise,
  play,
  pointsOf,
  refused,
  shipped,
  used,
} from './series.ts';

const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} });
const learned = monday + 9 * DAY;
const wave = (at: EpochMs, size = 1_000): number =>
  Math.round(size * (0.7 + 0.3 * Math.sin((2 * Math.PI * at) / DAY)) * (1 + 0.003 * noise(at / grainMs)));

const metrics = {
  [devices]: (at: EpochMs) => wave(at),
  [refused]: () => 0,
  [attempts]: (at: EpochMs) => wave(at, 3_000),
  [used]: (at: EpochMs) => Math.round(((at % DAY) / DAY) * 300_000),
};
type Metric = keyof typeof metrics;

const states = new Map<string, DetectorState | undefined>();

beforeAll(() => {
  const series = Object.fromEntries(
    Object.entries(metrics).map(([metric, value]) => [metric, pointsOf(monday, learned, value)]),
  );
  for (const rule of rules.filter(({ detector }) => detector !== 'metric')) {
    const played = play({ rule, series, from: monday, to: learned });
    expect(firing(played)).toEqual([]);
    states.set(rule.id, played.state);
  }
});

const garbage = fc.record({
  at: fc.oneof(
    fc.integer({ min: -3, max: 40 }).map((bin) => learned + bin * grainMs),
    fc.integer({ min: -400, max: 400 }).map((days) => learned + days * DAY),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 8.64e15),
  ),
  value: fc.oneof(
    fc.constantFrom(null, Number.NaN, Infinity, -Infinity, -1, -1e9, 1e308, 0.5),
    fc.integer({ min: -5, max: 5 }),
  ),
});
const clock = fc.array(
  fc.oneof(
    fc.integer({ min: -90, max: 90 }).map((minutes) => minutes * MINUTE),
    fc.constantFrom(DAY, -DAY, 400 * DAY),
  ),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('whatever comes in', () => {
  test.prop([fc.array(garbage, { maxLength: 40 }), clock, fc.constantFrom<Metric>(devices, refused, attempts, used)], {
    numRuns: 150,
  })('the evaluation returns, and what it leaves can be stored and read', (points, jumps, metric) => {
    for (const rule of rules) {
      let state = states.get(rule.id);
      let now = learned;
      for (const jump of jumps) {
        now += jump;
        const series = [{ metric, grainMs, points }];
        const evaluated = evaluateRule({ rule, hub, series, maintenance: [] }, state, now);
        expect(['normal', 'breach', 'unknown']).toContain(evaluated.evaluation.verdict);
        state = evaluated.state;
        if (state) expect(() => storedState(state as DetectorState)).not.toThrow();
      }
    }
  });

  const unusable = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 30 }).map((bin) => learned + bin * grainMs),
      value: fc.constantFrom(null, Number.NaN, Infinity, -Infinity, -1, -1e9),
    }),
    { maxLength: 30 },
  );
  test.prop([unusable], { numRuns: 40 })('what is no value makes no incident', (points) => {
    const rule = shipped('connected-devices');
    const { evaluation } = evaluateRule(
      { rule, hub, series: [{ metric: devices, grainMs, points }], maintenance: [] },
      states.get(rule.id),
      learned + 3 * HOUR,
    );
    expect(evaluation.verdict).not.toBe('breach');
  });

  test.prop(
    [
      fc.array(
        fc.record({
          at: fc.integer({ min: 1, max: 9_000 }).map((bin) => learned + HOUR + bin * grainMs),
          value: fc.integer({ min: 0, max: 5 }),
        }),
        { maxLength: 20 },
      ),
    ],
    { numRuns: 40 },
  )('what lies in the future is not there yet', (future) => {
    for (const rule of rules) {
      const before = states.get(rule.id);
      const present = Object.entries(metrics).map(([metric, value]) => ({
        metric,
        grainMs,
        points: pointsOf(learned - HOUR, learned, value),
      }));
      const blind = evaluateRule({ rule, hub, series: present, maintenance: [] }, before, learned + 4 * MINUTE);
      const seen = present.map((one) => ({ ...one, points: [...one.points, ...future] }));
      expect(evaluateRule({ rule, hub, series: seen, maintenance: [] }, before, learned + 4 * MINUTE)).toEqual(blind);
    }
  });

  it('a year of nothing is no incident of the devices, and the season starts anew', () => {
    const rule = shipped('connected-devices');
    const from = learned + 365 * DAY;
    const series = { [devices]: pointsOf(from, from + DAY, (at) => wave(at, 400)) };
    expect(firing(play({ rule, series, from, to: from + DAY, state: states.get(rule.id) }))).toEqual([]);
  });
});

describe('what arrives in another order', () => {
  const outage = learned + 10 * HOUR;
  const series = pointsOf(learned, learned + 16 * HOUR, (at) =>
    at >= outage && at < outage + 90 * MINUTE ? 50 : wave(at),
  );
  const rule = shipped('connected-devices');

  test.prop(
    [
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.array(fc.nat(series.length - 1), { maxLength: 40 }),
    ],
    { numRuns: 25 },
  )('ends with the same incidents', (chances, repeated) => {
    const shuffled = [...series, ...repeated.map((i) => series[i] as Point)]
      .map((point) => ({ point, key: chances.next().value as number }))
      .sort((a, b) => a.key - b.key)
      .map(({ point }) => point);
    const now = learned + 11 * HOUR;
    const judge = (points: readonly Point[]): unknown =>
      evaluateRule(
        { rule, hub, series: [{ metric: devices, grainMs, points }], maintenance: [] },
        states.get(rule.id),
        now,
      );
    expect(judge(shuffled)).toEqual(judge(series));
  });

  test.prop([fc.integer({ min: 3, max: 9 }), fc.integer({ min: 1, max: 30 })], { numRuns: 20 })(
    'late points that are shown as too few at first make no incident',
    (bins, minutes) => {
      const first = learned + 3 * HOUR;
      let state = states.get(rule.id);
      for (let now = learned; now < learned + 6 * HOUR; now += grainMs) {
        const visible = pointsOf(now - HOUR, now, (at) => {
          const late = at >= first && at < first + bins * grainMs;
          return late && now < at + grainMs + minutes * MINUTE ? null : wave(at);
        });
        const evaluated = evaluateRule(
          { rule, hub, series: [{ metric: devices, grainMs, points: visible }], maintenance: [] },
          state,
          now + 4 * MINUTE,
        );
        state = evaluated.state;
        expect(evaluated.evaluation.verdict).not.toBe('breach');
      }
    },
  );
});

describe('what must not matter', () => {
  test.prop([fc.integer({ min: 1, max: 6 })], { numRuns: 4 })('the week in which it happens', (weeks) => {
    const rule = shipped('connected-devices');
    const moved = weeks * 7 * DAY;
    const told = (by: number): unknown => {
      const from = monday + by;
      const to = from + 8 * DAY;
      const value = (at: EpochMs): number =>
        at - by >= learned - 2 * DAY && at - by < learned - 2 * DAY + HOUR ? 100 : wave(at - by);
      return play({ rule, series: { [devices]: pointsOf(from, to, value) }, from, to }).told.map(
        ({ at, transition, evaluation }) => [at - by, transition, evaluation.reason],
      );
    };
    expect(told(moved)).toEqual(told(0));
  });

  test.prop([fc.constantFrom(8, 25, 80)], { numRuns: 3 })('the size of a fleet that is not small', (times) => {
    const rule = shipped('connected-devices');
    const to = monday + 8 * DAY;
    const outage = monday + 7.5 * DAY;
    const told = (size: number): unknown => {
      const value = (at: EpochMs): number => (at >= outage && at < outage + 2 * HOUR ? 0.4 : 1) * wave(at, size);
      return play({ rule, series: { [devices]: pointsOf(monday, to, value) }, from: monday, to }).told.map(
        ({ transition, evaluation }) => [transition, evaluation.reason],
      );
    };
    expect(told(2_000 * times)).toEqual(told(2_000));
    expect(told(2_000)).toHaveLength(2);
  });
});

describe('an incident', () => {
  test.prop(
    [
      fc.array(fc.record({ from: fc.nat(280), bins: fc.nat(40), share: fc.double({ min: 0, max: 2, noNaN: true }) }), {
        maxLength: 5,
      }),
    ],
    { numRuns: 30 },
  )('is never resolved before it fired, and its state survives being stored at any time', (events) => {
    const rule = shipped('connected-devices');
    const value = (at: EpochMs): number => {
      const bin = (at - learned) / grainMs;
      return Math.round(
        events.reduce((sum, { from, bins, share }) => (bin >= from && bin < from + bins ? sum * share : sum), wave(at)),
      );
    };
    const points = pointsOf(learned, learned + DAY, value);
    const played = play({
      rule,
      series: { [devices]: points },
      from: learned,
      to: learned + DAY,
      state: states.get(rule.id),
    });
    let standing = 0;
    for (const { transition } of played.told) {
      standing += transition === 'firing' ? 1 : -1;
      expect(standing === 0 || standing === 1).toBe(true);
    }
    const { state } = played;
    if (!state) return;
    const picture = readPicture(state.detector, storedPicture(state) ?? '');
    const again = readState(storedState(state), picture);
    expect(again && storedState(again)).toEqual(storedState(state));
  });
});
