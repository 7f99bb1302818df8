import list from './combinations.json' with { type: 'json' };
import type { Combination } from './schema.ts';

export const combinations = list as readonly Combination[];

/**
 * What several codes of one log mean together; `codes` in order of appearance. The first combination of the list that
 * all belong to counts, so causes stand before their consequences there.
 */
export function combinationOf(codes: readonly string[]): Combination | undefined {
  return codes.length < 2 ? undefined : combinations.find((combination) => isMet(combination, codes));
}

function isMet({ codes: wanted, ordered }: Combination, codes: readonly string[]): boolean {
  const places = wanted.map((alternatives) => alternatives.split('|'));
  const [first = [], second = []] = places;
  return codes.some((one, i) => {
    if (!first.some((pattern) => fits(one, pattern))) return false;
    return codes.some((other, j) => j !== i && (!ordered || j > i) && second.some((pattern) => fits(other, pattern)));
  });
}

/** Whether a code or family is meant by `404104` or `500xxx`. */
function fits(code: string, pattern: string): boolean {
  return code === pattern || (pattern.endsWith('xxx') && code.startsWith(pattern.slice(0, 3)));
}
