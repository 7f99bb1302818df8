import { expect, it } from 'vitest';
import { evaluateAnyMetric } from '../../src/detection/any-metric.ts';
import { rulesFor } from '../../src/detection/resolve-rules.ts';
import { DAY, MINUTE } from '../../src/time/time.ts';

const hub = { id: 'north', name: 'north', region: 'westeurope', tags: {} };
const metrics = { uploads: { metric: 'deviceFileUploads', aggregation: 'average', confirm: '10m' } } as const;

it.each([
  { grain: 1, bins: 10 },
  { grain: 5, bins: 2 },
  { grain: 15, bins: 1 },
])('a rule that is confirmed in 10 minutes takes $bins bins of $grain min', ({ grain, bins }) => {
  const rule = rulesFor({ version: 1, rules: { metrics } }, hub).find(({ id }) => id === 'uploads');
  if (rule?.detector !== 'metric') throw new Error('the rule is there');
  const grainMs = grain * MINUTE;
  const from = Date.parse('2026-03-02T00:00:00Z');
  const trouble = (16 * DAY) / grainMs;
  const points = Array.from({ length: trouble + 20 }, (_, i) => ({
    at: from + i * grainMs,
    value: (i >= trouble ? 900 : 200) + ((i * 7919) % 11),
  }));
  const verdictAfter = (count: number): string =>
    evaluateAnyMetric(
      rule,
      { metric: 'deviceFileUploads', grainMs, points: points.slice(0, trouble + count) },
      [],
      undefined,
      from + (trouble + count) * grainMs + rule.settleMs,
    ).evaluation.verdict;
  expect(verdictAfter(bins)).toBe('breach');
  expect(verdictAfter(bins - 1)).toBe('normal');
});
