import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { alarmScore, emptyState, step, type ScorerState } from '../../src/detection/generic/scorer.ts';
import { DAY, MINUTE } from '../../src/time/time.ts';

const from = Date.UTC(2026, 2, 2);
const grain = 5 * MINUTE;

interface Given {
  readonly at: number;
  readonly value: number | null;
}

const everyFiveMinutes = (values: readonly (number | null)[]): Given[] =>
  values.map((value, index) => ({ at: from + index * grain, value }));

function run(points: readonly Given[], start: ScorerState = emptyState): { scores: number[]; state: ScorerState } {
  let state = start;
  const scores = points.map(({ at, value }) => {
    const scored = step(state, at, value);
    state = scored.state;
    return scored.score;
  });
  return { scores, state };
}

/** On the second day there is little to compare with. */
const learning = 2 * 288;

const alarmsIn = (scores: readonly number[]): number[] =>
  scores.flatMap((score, index) => (score >= alarmScore ? [index] : []));

/** Whole numbers that repeat every day, with a little that does not. */
const days = (count: number): number[] =>
  Array.from({ length: count * 288 }, (_, index) => {
    const hour = Math.floor((index % 288) / 12);
    return 1000 + 40 * Math.abs(12 - hour) + ((index * 7919) % 13);
  });

const wild = fc.oneof(
  fc.double(),
  fc.constantFrom(null, Number.NaN, Infinity, -Infinity, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324),
  fc.integer({ min: -5, max: 5 }),
);
const wildTimes = fc.oneof(
  fc.integer({ min: 0, max: 20 * 288 }).map((bin) => from + bin * grain),
  fc.constantFrom(from, from, Number.NaN, Infinity, -Infinity, 0, -1e15, 8.64e15, from + 400 * DAY),
);
const wildPoints = fc.array(fc.record({ at: wildTimes, value: wild }), { maxLength: 120 });
const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 900 });

describe('a streaming score', () => {
  test.prop([wildPoints])('is in [0, 1] whatever comes, and the state can be written as JSON', (points) => {
    const { scores, state } = run(points);
    for (const score of scores) expect(score >= 0 && score <= 1).toBe(true);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test.prop([wildPoints, wildPoints])('depends on the past only, and the state is all of it', (past, future) => {
    const whole = run([...past, ...future]).scores;
    const { scores, state } = run(past);
    expect(whole.slice(0, past.length)).toEqual(scores);
    const restored = JSON.parse(JSON.stringify(state)) as ScorerState;
    expect(run(future, restored).scores).toEqual(whole.slice(past.length));
  });

  test.prop([numbers, fc.constantFrom(2 ** -20, 0.5, 4, 2 ** 30, -1, -8)])(
    'does not depend on the unit of the values, nor on which way is up',
    (values, factor) => {
      const scaled = run(everyFiveMinutes(values.map((value) => value * factor))).scores;
      for (const [index, score] of run(everyFiveMinutes(values)).scores.entries()) {
        expect(scaled[index]).toBeCloseTo(score, 9);
      }
    },
  );

  test.prop([numbers, fc.integer({ min: -1e9, max: 1e9 })])('does not depend on where zero is', (values, shift) => {
    const shifted = run(everyFiveMinutes(values.map((value) => value + shift))).scores;
    for (const [index, score] of run(everyFiveMinutes(values)).scores.entries()) {
      expect(shifted[index]).toBeCloseTo(score, 6);
    }
  });

  it('keeps its state when a value is missing', () => {
    const { state } = run(everyFiveMinutes(days(2)));
    for (const value of [null, Number.NaN, Infinity, 1e300]) {
      const scored = step(state, from + 2 * DAY, value);
      expect(scored.state).toBe(state);
      expect(scored.score).toBe(0);
    }
  });

  it('is bounded in size, however long the series and however odd its clock', () => {
    const year = run(everyFiveMinutes(Array.from({ length: 40_000 }, (_, index) => (index * 7919) % 1009))).state;
    const jumping = run(
      Array.from({ length: 2000 }, (_, index) => ({ at: ((index * 7919) % 997) * DAY, value: index })),
    );
    expect(JSON.stringify(year).length).toBeLessThan(30_000);
    expect(JSON.stringify(jumping.state).length).toBeLessThan(40_000);
  });
});

describe('what is an anomaly', () => {
  it.each([
    { what: 'a constant', values: new Array<number>(3000).fill(45) },
    { what: 'a daily shape', values: days(14) },
    { what: 'three values', values: [1, 1, 1] },
  ])('nothing in $what', ({ values }) => {
    expect(alarmsIn(run(everyFiveMinutes(values)).scores.slice(learning))).toEqual([]);
  });

  it.each([
    { what: 'a value beyond the range', change: (value: number) => value + 600, length: 1 },
    { what: 'one far below', change: (value: number) => value - 900, length: 1 },
    { what: 'a level within the range at the wrong time of day', change: () => 1480, length: 24 },
    { what: 'a stuck value', change: () => 1200, length: 200 },
    { what: 'silence where there was a rhythm', change: () => 1000, length: 100 },
  ])('$what', ({ change, length }) => {
    const values = days(14);
    const at = 11 * 288 + 130;
    for (let index = at; index < at + length; index++) values[index] = change(values[index] ?? 0);
    const { scores } = run(everyFiveMinutes(values));
    const [first = -1] = alarmsIn(scores.slice(at, at + length));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(alarmsIn(scores.slice(learning, at))).toEqual([]);
  });

  it('the first change after nothing ever changed', () => {
    const values = [...new Array<number>(500).fill(0), 3];
    expect(run(everyFiveMinutes(values)).scores.at(-1)).toBeGreaterThan(0.99);
  });

  it('is told once, not at every point of the same event', () => {
    const values = days(12);
    for (let index = 0; index < 30; index++) values[11 * 288 + index] = 3000 + 100 * index;
    expect(alarmsIn(run(everyFiveMinutes(values)).scores.slice(11 * 288)).length).toBe(1);
  });

  it('is not hidden by one point from a wrong clock', () => {
    const points = everyFiveMinutes(days(12));
    const at = 11 * 288 + 50;
    const odd = [...points.slice(0, at), { at: from + 4000 * DAY, value: 1100 }, ...points.slice(at)];
    odd[at + 100] = { at: odd[at + 100]?.at ?? 0, value: 2500 };
    expect(alarmsIn(run(odd).scores.slice(at))).toEqual([100]);
  });

  it('is hardly a year without points', () => {
    const points = everyFiveMinutes(days(12)).map((point, index) =>
      index < 6 * 288 ? point : { ...point, at: point.at + 365 * DAY },
    );
    expect(alarmsIn(run(points).scores.slice(learning)).length).toBeLessThanOrEqual(1);
  });
});
