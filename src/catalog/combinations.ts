import list from './combinations.json' with { type: 'json' };
import type { Combination, Text } from './schema.ts';
import { outline, type Flow, type Flows } from './understand/flows.ts';

export const combinations = list as readonly Combination[];

/** What some codes of a log mean together. */
export interface Together {
  readonly combination: Combination;
  /** Its meaning; where a connect follows and that settles the matter, what it means then. */
  readonly meaning: Text;
}

/** More would be a list to read, not an answer. */
const maxTogether = 3;

/**
 * What the codes of a log mean together, at most three combinations. Each device is looked at by itself; then the whole
 * log, where a combination does not need one device and no device's own story has told its codes. The first combination
 * of the list that all belong to counts, so causes stand before their consequences there; another one follows only if it
 * brings in a code that none has yet.
 */
export function togetherOf({ flows, named }: Flows): readonly Together[] {
  const found: Together[] = [];
  const covered = new Set<string>();
  const look = (
    { codes, back }: Flow,
    isOpen: (combination: Combination, pair: readonly string[]) => boolean,
  ): void => {
    const possible = new Set(codes.flatMap(beginningWith));
    for (const combination of combinations) {
      if (!possible.has(combination)) continue;
      if (found.length === maxTogether) return;
      if (found.some((one) => one.combination === combination)) continue;
      const pair = pairOf(codes, combination);
      if (!pair || !isOpen(combination, pair)) continue;
      for (const code of pair) covered.add(code);
      found.push({ combination, meaning: (back ? combination.whenBack : undefined) ?? combination.meaning });
    }
  };
  // Many devices of a log go through the same.
  const alike = new Map(flows.map((flow) => [`${flow.codes.join()} ${String(flow.back)}`, flow]));
  for (const flow of alike.values()) look(flow, (_, pair) => pair.some((code) => !covered.has(code)));
  if (named)
    look(
      { codes: outline(flows.flatMap(({ codes }) => codes)), back: false },
      ({ ordered }, pair) => ordered !== true && !pair.some((code) => covered.has(code)),
    );
  return found;
}

const known = new Map<string, readonly Combination[]>();

/** The combinations whose first place a code fits; remembered, as a log has hundreds of devices with the same codes. */
function beginningWith(code: string): readonly Combination[] {
  let list = known.get(code);
  if (!list) {
    list = combinations.filter(({ codes: [first = ''] }) => first.split('|').some((pattern) => fits(code, pattern)));
    known.set(code, list);
  }
  return list;
}

/** The first two codes that fit the two places of a combination. */
function pairOf(codes: readonly string[], { codes: wanted, ordered }: Combination): [string, string] | undefined {
  const [first = [], second = []] = wanted.map((alternatives) => alternatives.split('|'));
  for (const [i, one] of codes.entries()) {
    if (!first.some((pattern) => fits(one, pattern))) continue;
    const other = codes.find(
      (code, j) => code !== one && (!ordered || j > i) && second.some((pattern) => fits(code, pattern)),
    );
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** Whether a code or family is meant by `404104` or `500xxx`. */
function fits(code: string, pattern: string): boolean {
  return code === pattern || (pattern.endsWith('xxx') && code.startsWith(pattern.slice(0, 3)));
}
