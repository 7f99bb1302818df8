import { expect, it } from 'vitest';
import { score } from './questions/score.ts';

// What is right is told in questions/README.md, and what was measured. The last two sets are only measured on.
it.each([
  { set: 'develop', least: 0.98 },
  { set: 'develop-2', least: 0.96 },
  { set: 'develop-3', least: 0.96 },
  { set: 'develop-4', least: 0.96 },
  { set: 'develop-5', least: 0.97 },
  { set: 'develop-6', least: 0.97 },
  { set: 'develop-7', least: 0.97 },
  { set: 'develop-8', least: 0.97 },
  { set: 'measure', least: 0.98 },
  { set: 'measure-2', least: 0.98 },
] as const)('of the questions in $set, at least $least are answered right', ({ set, least }) => {
  const { right, of, wrong } = score(set);
  expect(of).toBeGreaterThan(250);
  expect(right / of, `wrong: ${wrong.join(' ')}`).toBeGreaterThanOrEqual(least);
});
