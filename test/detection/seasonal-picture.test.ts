import { expect, it } from 'vitest';
import { coarseValue, UNKNOWN } from '../../src/detection/log-scale.ts';
import { DAYS_KEPT, SLOTS_PER_DAY, usualSize } from '../../src/detection/seasonal-picture.ts';
import { noise } from './series.ts';

const rowsOf = (code: (i: number) => number): Uint16Array =>
  Uint16Array.from({ length: DAYS_KEPT * SLOTS_PER_DAY }, (_, i) => code(i));

it.each([
  { what: 'many values', code: (i: number) => Math.floor(2_000 * (1 + noise(i))) },
  { what: 'few values', code: (i: number) => 700 + (Math.floor(3 * (1 + noise(i))) % 5) },
  { what: 'the largest codes', code: (i: number) => 4_095 - (i % 3) },
  { what: 'mostly unknown', code: (i: number) => (i % 50 === 0 ? 255 + (i % 7) : UNKNOWN) },
  { what: 'nothing known', code: () => UNKNOWN },
])('the usual size is what a fifth of the last two weeks exceeds: $what', ({ code }) => {
  const rows = rowsOf(code);
  const known = [...rows.slice((DAYS_KEPT - 14) * SLOTS_PER_DAY)].filter((one) => one !== UNKNOWN);
  known.sort((a, b) => a - b);
  const expected = known.length === 0 ? 0 : coarseValue(known[Math.floor(0.8 * known.length)] ?? UNKNOWN);
  expect(usualSize(rows)).toBe(expected);
});
