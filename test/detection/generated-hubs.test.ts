import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/time/time.ts';
import { figuresOf, measure, type Measured } from './generator/measure.ts';

/**
 * The gate: hubs that nobody looked at while the detectors were made. bench/detection.md has the figures of many more;
 * what is asked here leaves a margin, for these are few.
 */
describe.each([
  { grainMs: 5 * MINUTE, first: 1_001, last: 1_008, recall: 0.95, precision: 0.9, falsePerHubWeek: 0.2 },
  { grainMs: MINUTE, first: 1_009, last: 1_010, recall: 0.9, precision: 0.85, falsePerHubWeek: 0.4 },
])('generated hubs $first to $last at $grainMs ms', ({ grainMs, first, last, ...asked }) => {
  let measured: Measured;

  beforeAll(() => {
    measured = measure(first, last, grainMs, 4);
  }, 300_000);

  it('incidents are found', () => {
    expect(figuresOf(measured).recall).toBeGreaterThanOrEqual(asked.recall);
  });

  it('notifications are right', () => {
    expect(figuresOf(measured).precision).toBeGreaterThanOrEqual(asked.precision);
    expect(figuresOf(measured).falsePerHubWeek).toBeLessThanOrEqual(asked.falsePerHubWeek);
  });

  it('nothing is told in declared maintenance', () => {
    expect(measured.inMaintenance).toBe(0);
  });

  it('sudden losses are told within the confirm delay and a few bins', () => {
    for (const kind of ['cliff', 'partial-drop']) {
      const delays = [...(measured.score.delays.get(kind) ?? [])].sort((a, b) => a - b);
      expect(delays[delays.length >> 1] ?? 0).toBeLessThanOrEqual(20 * MINUTE);
    }
  });
});
