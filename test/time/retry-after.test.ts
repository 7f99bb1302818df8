import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/time/retry-after.ts';

it.each([
  { headers: { 'retry-after': '7' }, pause: 7_000 },
  { headers: { 'retry-after': ' 0 ' }, pause: 0 },
  { headers: { 'retry-after': '60', 'x-ms-retry-after-ms': '1500' }, pause: 1_500 },
  { headers: { 'retry-after-ms': '250' }, pause: 250 },
  {
    headers: { 'retry-after': 'Tue, 10 Mar 2026 09:31:00 GMT', date: 'Tue, 10 Mar 2026 09:30:20 GMT' },
    pause: 40_000,
  },
  { headers: { 'retry-after': 'Tue, 10 Mar 2026 09:30:00 GMT', date: 'Tue, 10 Mar 2026 09:31:00 GMT' } },
  { headers: { 'retry-after': 'Tue, 10 Mar 2026 09:30:00 GMT' } },
  { headers: { 'retry-after': 'soon', date: 'Tue, 10 Mar 2026 09:31:00 GMT' } },
  { headers: { 'retry-after': '-5' } },
  { headers: { 'retry-after': '1e9' } },
  { headers: { 'retry-after': '' } },
  { headers: {} },
] as { headers: Record<string, string>; pause?: number }[])('$headers → $pause ms', ({ headers, pause }) => {
  expect(retryAfterMs({ get: (name) => headers[name] })).toBe(pause);
});

it('is nothing where there was no answer', () => {
  expect(retryAfterMs(undefined)).toBeUndefined();
});
