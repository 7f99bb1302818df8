import { describe, expect, it } from 'vitest';
import { playLabelled, type Outcome } from './labelled/play-labelled.ts';
import { labelled, seeds, stories } from './labelled/scenario-set.ts';

// A fixed sample of the labelled scenarios; `bench/diagnosis.md` has the figures of all of them. What is asked for here
// is a little less than what is reached, so that a seed that falls the other way is no broken build.

describe('the labelled scenarios', () => {
  it('are at least two hundred, no seed used for two purposes', () => {
    expect(Object.keys(stories).length * (seeds.develop.length + seeds.measure.length)).toBeGreaterThanOrEqual(200);
    const all = Object.values(seeds).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('are named rightly in a sample of one of each story', { timeout: 300_000 }, async () => {
    const outcomes: Outcome[] = [];
    for (const story of Object.keys(stories))
      for (const seed of seeds.sample) outcomes.push(await playLabelled(labelled(story, seed)));
    const told = ({ labelled: { story, seed, label }, named }: Outcome): string =>
      `${story} ${seed}: ${JSON.stringify(label)}, not ${named.join(', ')}`;
    expect(outcomes.flatMap(({ unfounded }) => unfounded)).toEqual([]);
    const wrong = outcomes.filter(({ right, unexpected }) => !right || unexpected > 0);
    expect(wrong.length / outcomes.length, wrong.map(told).join('\n')).toBeLessThanOrEqual(0.05);
  });
});
