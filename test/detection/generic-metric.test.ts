import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluateMetric } from '../../src/detection/generic/evaluate-metric.ts';
import { unknownMetric, type MetricState } from '../../src/detection/generic/judge-metric.ts';
import type { MetricRule } from '../../src/detection/generic/metric-rule.ts';
import type { Evaluation } from '../../src/detection/evaluation.ts';
import type { Point } from '../../src/metrics/series.ts';
import { DAY, HOUR, MINUTE } from '../../src/time/time.ts';

const from = Date.UTC(2026, 2, 2);
const grain = 5 * MINUTE;
const bin = (day: number, hour = 0): number => day * 288 + hour * 12;

const rule: MetricRule = {
  id: 'method-failures',
  metric: 'c2d.methods.failure',
  severity: 'warning',
  sensitivity: 'medium',
  direction: 'both',
  emptyBin: 'unknown',
  floor: 0,
  confirmBins: 3,
  clearBins: 3,
};

/** A daily shape with a little noise, in whole numbers. */
const usual = (index: number): number => {
  const hour = Math.floor((index % 288) / 12);
  return 200 + 10 * Math.abs(12 - hour) + ((index * 7919) % 11);
};

function series(days: number, change: (value: number, index: number) => number | null = (value) => value): Point[] {
  return Array.from({ length: days * 288 }, (_, index) => ({
    at: from + index * grain,
    value: change(usual(index), index),
  }));
}

/** One evaluation per point, as a timer would make them. */
function evaluateEach(points: readonly Point[], by: MetricRule = rule): Evaluation[] {
  let state: MetricState = unknownMetric;
  return points.map((point) => {
    const result = evaluateMetric(state, by, [point], point.at);
    state = result.state;
    return result.evaluation;
  });
}

/** The indexes at which a breach begins. */
const beginnings = (evaluations: readonly Evaluation[]): number[] =>
  evaluations.flatMap(({ verdict }, index) =>
    verdict === 'breach' && evaluations[index - 1]?.verdict !== 'breach' ? [index] : [],
  );

const during = (start: number, bins: number, factor: number) => (value: number, index: number) =>
  index >= start && index < start + bins ? value * factor : value;

describe('a rule for any metric', () => {
  it('says nothing about an ordinary month', () => {
    expect(beginnings(evaluateEach(series(30)))).toEqual([]);
  });

  it('confirms a departure, shows its numbers, and clears it', () => {
    const start = bin(15, 10);
    const evaluations = evaluateEach(series(17, during(start, 12, 3)));
    expect(beginnings(evaluations)).toEqual([start + rule.confirmBins - 1]);
    const breach = evaluations[start + 6];
    expect(breach).toMatchObject({
      rule: rule.id,
      signal: rule.id,
      reason: 'unlike-this-time-of-day',
      sinceAt: from + start * grain,
      settledAt: from + (start + 6) * grain,
      numbers: { value: usual(start + 6) * 3, confidence: 1 },
    });
    expect(breach?.numbers.expected).toBeCloseTo(usual(start + 6), -2);
    expect(breach?.picture?.values.at(-1)).toBe(usual(start + 6) * 3);
    const cleared = evaluations.findIndex(({ reason }) => reason === 'back-to-usual');
    expect(cleared).toBeGreaterThanOrEqual(start + 12 + rule.clearBins - 1);
    expect(cleared).toBeLessThan(start + 12 + 12);
    expect(evaluations[cleared]?.verdict).toBe('normal');
    expect(evaluations.at(-1)?.reason).toBe('as-usual');
  });

  it('lets a single spike pass, however high', () => {
    expect(beginnings(evaluateEach(series(17, during(bin(15), 1, 50))))).toEqual([]);
  });

  it('finds the same breach again, and a third time', () => {
    const evaluations = evaluateEach(
      series(19, (value, index) => (index > bin(15) && index % 400 < 12 ? value * 3 : value)),
    );
    expect(beginnings(evaluations).length).toBe(3);
  });

  it('gets used to what comes back at the same time every day', () => {
    const evaluations = evaluateEach(
      series(26, (value, index) => (index > bin(12) && index % 288 < 12 ? value * 3 : value)),
    );
    const found = beginnings(evaluations);
    expect(found.length).toBeLessThanOrEqual(4);
    expect(found.every((index) => index < bin(17))).toBe(true);
  });

  it('takes a level that stays for a day as the new normal', () => {
    const start = bin(15, 6);
    const evaluations = evaluateEach(series(20, (value, index) => (index >= start ? value + 400 : value)));
    expect(beginnings(evaluations)).toEqual([start + 2]);
    const adopted = evaluations.findIndex(({ reason }) => reason === 'new-normal');
    expect(from + adopted * grain).toBe(from + start * grain + DAY);
  });

  it.each<{ what: string; by: Partial<MetricRule>; factor: number; found: boolean }>([
    { what: 'fewer', by: { direction: 'up' }, factor: 0, found: false },
    { what: 'fewer', by: { direction: 'down' }, factor: 0, found: true },
    { what: 'more', by: { direction: 'down' }, factor: 3, found: false },
    { what: 'more than the floor', by: { floor: 100 }, factor: 3, found: true },
    { what: 'less than the floor', by: { floor: 1000 }, factor: 3, found: false },
  ])('$what with $by: $found', ({ by, factor, found }) => {
    const evaluations = evaluateEach(series(17, during(bin(15, 10), 12, factor)), { ...rule, ...by });
    expect(beginnings(evaluations).length).toBe(found ? 1 : 0);
  });

  it('sees that a lively value is stuck', () => {
    const lively = series(17, (_, index) => 200 + ((index * 7919) % 97));
    const stuck = lively.map((point, index) =>
      index > bin(15) && index < bin(15, 12) ? { ...point, value: 240 } : point,
    );
    expect(evaluateEach(stuck).some(({ reason }) => reason === 'stuck-or-too-calm')).toBe(true);
    expect(beginnings(evaluateEach(lively))).toEqual([]);
  });
});

describe('what cannot be judged', () => {
  it('is unknown before a day is known', () => {
    const evaluations = evaluateEach(series(1, during(100, 12, 9)));
    expect(evaluations.every(({ verdict }) => verdict === 'unknown')).toBe(true);
    expect(evaluations.at(-1)?.reason).toBe('not-enough-history');
  });

  it('is unknown while bins are empty, and neither fires nor clears', () => {
    const start = bin(15, 10);
    const silent = (index: number): boolean => index >= start + 5 && index < start + 30;
    const evaluations = evaluateEach(
      series(17, (value, index) => (silent(index) ? null : during(start, 40, 3)(value, index))),
    );
    for (let index = start + 5; index < start + 30; index++) expect(evaluations[index]?.verdict).toBe('unknown');
    expect(evaluations[start + 31]).toMatchObject({ verdict: 'breach', sinceAt: from + start * grain });
  });

  it('is zero where an empty bin means that nothing happened', () => {
    const start = bin(15, 10);
    const gap = series(17, (value, index) => (index >= start && index < start + 12 ? null : value));
    expect(beginnings(evaluateEach(gap, { ...rule, emptyBin: 'zero' }))).toEqual([start + 2]);
    expect(beginnings(evaluateEach(gap))).toEqual([]);
  });

  const points = series(16, during(bin(15, 10), 200, 3));
  const { state } = evaluateMetric(unknownMetric, rule, points.slice(0, -200), Infinity);
  test.prop([fc.shuffledSubarray(points.slice(-250), { minLength: 250, maxLength: 250 })])(
    'the order in which points arrive does not matter, nor those judged before',
    (shuffled) => {
      const ordered = evaluateMetric(state, rule, points.slice(-200), Infinity);
      expect(evaluateMetric(state, rule, shuffled, Infinity)).toEqual(ordered);
    },
  );

  it('leaves out points of the future', () => {
    const now = from + 15 * DAY;
    const ahead = evaluateMetric(unknownMetric, rule, [...series(15), { at: now + HOUR, value: 1e6 }], now);
    expect(ahead.state.judgedAt).toBe(now - grain);
  });

  const odd = fc.record({
    at: fc.oneof(
      fc.integer({ min: 0, max: 3000 }).map((index) => from + index * grain),
      fc.double(),
    ),
    value: fc.oneof(fc.double(), fc.constantFrom(null, 0, -1, 1e308)),
  });
  test.prop([fc.array(odd, { maxLength: 200 }), fc.double()])('never throws', (given, now) => {
    const { evaluation } = evaluateMetric(unknownMetric, rule, given, now);
    expect(['normal', 'breach', 'unknown']).toContain(evaluation.verdict);
  });
});
