import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluateMetric } from '../../src/detection/generic/evaluate-metric.ts';
import { unknownMetric, type MetricState } from '../../src/detection/generic/judge-metric.ts';
import type { MetricRule } from '../../src/detection/generic/metric-rule.ts';
import {
  metricFrom,
  metricHotText,
  metricPictureDay,
  metricPictureFrom,
  metricPictureText,
} from '../../src/detection/stored/metric-text.ts';
import { DAY, HOUR, MINUTE } from '../../src/time/time.ts';

const from = Date.UTC(2026, 2, 2);
const rule: MetricRule = {
  id: 'routing-latency',
  metric: 'd2c.endpoints.latency.eventHubs',
  severity: 'warning',
  sensitivity: 'medium',
  direction: 'up',
  emptyBin: 'unknown',
  floor: 0,
  confirmBins: 3,
  clearBins: 3,
};

const valueAt = (index: number): number => 80 + 30 * Math.sin(index / 46) + ((index * 7919) % 23) / 7;
const points = (first: number, end: number, factor = 1): { at: number; value: number }[] =>
  Array.from({ length: end - first }, (_, index) => ({
    at: from + (first + index) * 5 * MINUTE,
    value: factor * valueAt(first + index),
  }));
const after = (count: number, start: MetricState = unknownMetric): MetricState =>
  evaluateMetric(start, rule, points(0, count), Infinity).state;

const pack = (state: MetricState): { hot: string; picture: string; pictureDay: number | undefined } => ({
  hot: metricHotText(state),
  picture: metricPictureText(state),
  pictureDay: metricPictureDay(state),
});
function unpack(hot: string, pictureText: string): MetricState | undefined {
  const picture = metricPictureFrom(pictureText);
  return picture && metricFrom(hot, picture);
}

const thirdWeek = after(20 * 288 + 287);
const inBreach = evaluateMetric(thirdWeek, rule, points(20 * 288 + 287, 20 * 288 + 296, 4), Infinity).state;

describe('a state as text', () => {
  it.each([
    { when: 'before the first point', state: unknownMetric },
    { when: 'after a few points', state: after(7) },
    { when: 'late on the first day', state: after(250) },
    { when: 'in the third week', state: thirdWeek },
    { when: 'during a breach', state: inBreach },
  ])('comes back $when, and fits', ({ state }) => {
    const { hot, picture } = pack(state);
    expect(hot.length).toBeLessThanOrEqual(1_024);
    expect(picture.length).toBeLessThanOrEqual(16 * 1_024);
    const restored = unpack(hot, picture);
    expect(restored).toMatchObject({ judgedAt: state.judgedAt, knownSince: state.knownSince });
    expect(restored?.episode?.confirmed).toBe(state.episode?.confirmed);
    // Rounding happens once: what was read is written as the same bytes.
    if (restored) expect(pack(restored)).toEqual(pack(state));
  });

  it('goes on as the state itself would have', () => {
    const { hot, picture } = pack(thirdWeek);
    const restored = unpack(hot, picture) ?? unknownMetric;
    const future = [...points(20 * 288 + 287, 21 * 288), ...points(21 * 288, 21 * 288 + 40, 3)];
    let states = [thirdWeek, restored];
    for (const point of future) {
      const [kept, read] = states.map((state) => evaluateMetric(state, rule, [point], Infinity));
      expect(read?.evaluation.verdict).toBe(kept?.evaluation.verdict);
      expect(read?.evaluation.numbers.expected).toBeCloseTo(kept?.evaluation.numbers.expected ?? 0, 1);
      states = [kept?.state ?? unknownMetric, read?.state ?? unknownMetric];
    }
    expect(states[0]?.episode?.confirmed).toBe(true);
  });

  it('keeps the picture while the day lasts', () => {
    const noon = after(20 * 288 + 100);
    const later = evaluateMetric(noon, rule, points(20 * 288 + 100, 20 * 288 + 130), Infinity).state;
    expect(pack(later).picture).toEqual(pack(noon).picture);
    expect(pack(later).pictureDay).toBe(pack(noon).pictureDay);
    expect(pack(thirdWeek).pictureDay).toBe(Math.floor((from + 20 * DAY + HOUR) / DAY));
    const tomorrow = evaluateMetric(thirdWeek, rule, points(20 * 288 + 287, 21 * 288 + 5), Infinity).state;
    expect(pack(tomorrow).pictureDay).toBe((pack(thirdWeek).pictureDay ?? 0) + 1);
  });

  it('keeps small values apart on a day with a large one, and whole numbers whole', () => {
    const counts = Array.from({ length: 287 }, (_, slot) => ({
      at: from + slot * 5 * MINUTE,
      value: slot === 100 ? 1_000_000 : slot % 4,
    }));
    const { state } = evaluateMetric(unknownMetric, { ...rule, emptyBin: 'zero' }, counts, Infinity);
    const restored = unpack(pack(state).hot, pack(state).picture);
    const values = restored?.scorer.memory?.days.at(-1)?.values ?? [];
    expect(values.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(values[100]).toBe(1_000_000);
    expect(values[287]).toBeNull();
  });

  const { hot, picture } = pack(thirdWeek);
  const damaged = (text: string, place: number, letter: string): string =>
    text.slice(0, place) + letter + text.slice(place + 1);
  // What base64 itself ignores is no damage: the padding, and the last bits before it.
  test.prop([
    fc.integer({ min: 0, max: hot.length - 4 }),
    fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '+', '/', ' '),
  ])('is refused when a character is wrong', (place, letter) => {
    fc.pre(hot[place] !== letter && picture[place] !== letter);
    expect(unpack(damaged(hot, place, letter), picture)).toBeUndefined();
    expect(unpack(hot.slice(0, place), picture)).toBeUndefined();
    expect(unpack(hot, damaged(picture, place, letter))).toBeUndefined();
  });

  it('is refused when the parts are exchanged or empty', () => {
    expect(unpack(picture, hot)).toBeUndefined();
    expect(unpack('', '')).toBeUndefined();
  });
});
