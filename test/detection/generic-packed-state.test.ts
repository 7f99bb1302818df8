import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluateMetric } from '../../src/detection/generic/evaluate-metric.ts';
import { unknownMetric, type MetricState } from '../../src/detection/generic/judge-metric.ts';
import type { MetricRule } from '../../src/detection/generic/metric-rule.ts';
import {
  packHot,
  packPicture,
  pictureDay,
  unpackHot,
  unpackPicture,
} from '../../src/detection/generic/packed-state.ts';
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

const pack = (state: MetricState): { hot: Uint8Array; picture: Uint8Array; pictureDay: number | null } => ({
  hot: packHot(state),
  picture: packPicture(state),
  pictureDay: pictureDay(state),
});
function unpack(hot: Uint8Array, packedPicture: Uint8Array): MetricState | null {
  const picture = unpackPicture(packedPicture);
  return picture && unpackHot(hot, picture);
}

const thirdWeek = after(20 * 288 + 287);
const inBreach = evaluateMetric(thirdWeek, rule, points(20 * 288 + 287, 20 * 288 + 296, 4), Infinity).state;

describe('a state as bytes', () => {
  it.each([
    { when: 'before the first point', state: unknownMetric },
    { when: 'after a few points', state: after(7) },
    { when: 'late on the first day', state: after(250) },
    { when: 'in the third week', state: thirdWeek },
    { when: 'during a breach', state: inBreach },
  ])('comes back $when, and fits', ({ state }) => {
    const { hot, picture } = pack(state);
    expect(hot.length).toBeLessThanOrEqual(1024);
    expect(picture.length).toBeLessThanOrEqual(16 * 1024);
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
      expect(read?.evaluation.numbers.expected).toBeCloseTo(kept?.evaluation.numbers.expected ?? 0, 4);
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

  const { hot, picture } = pack(thirdWeek);
  test.prop([fc.integer({ min: 0, max: hot.length - 1 }), fc.integer({ min: 1, max: 255 })])(
    'is refused when a byte is wrong',
    (place, change) => {
      const damaged = hot.map((byte, index) => (index === place ? byte ^ change : byte));
      expect(unpack(damaged, picture)).toBeNull();
      expect(unpack(hot.slice(0, place), picture)).toBeNull();
      expect(
        unpack(
          hot,
          picture.map((byte, index) => (index === place ? byte ^ change : byte)),
        ),
      ).toBeNull();
    },
  );

  it('is refused when the parts are exchanged or empty', () => {
    expect(unpack(picture, hot)).toBeNull();
    expect(unpack(new Uint8Array(), new Uint8Array())).toBeNull();
  });
});
