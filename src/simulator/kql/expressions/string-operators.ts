import { semanticFault } from '../fault.ts';
import { compileRegex } from '../regex.ts';
import { constantOf, type Compiled } from './scope.ts';
import type { Binary } from '../syntax/tree.ts';
import type { Value } from '../values.ts';
import { wordsOf } from '../words.ts';

type Test = (text: string, sought: string) => boolean;

/** By the operator's name without `!` and `_cs`; both sides are in lower case unless the operator minds the case. */
const tests: Readonly<Record<string, Test>> = {
  '=~': (text, sought) => text === sought,
  contains: (text, sought) => text.includes(sought),
  startswith: (text, sought) => text.startsWith(sought),
  endswith: (text, sought) => text.endsWith(sought),
  has: (text, sought) => hasTerm(text, sought, true, true),
  hasprefix: (text, sought) => hasTerm(text, sought, true, false),
  hassuffix: (text, sought) => hasTerm(text, sought, false, true),
};

/** `=~`, `has`, `contains_cs`, `!startswith`, `matches regex` … A dynamic value counts as its words. */
export function compileStringOperator({ operator, at }: Binary, left: Compiled, right: Compiled): Compiled {
  for (const side of [left, right])
    if (side.type !== 'string' && side.type !== 'dynamic')
      throw semanticFault(at, `The operator '${operator}' is not there for ${left.type} and ${right.type}.`);
  const constant = left.constant && right.constant;
  const words = (compiled: Compiled, value: Value): string => wordsOf(value, compiled.type);
  if (operator === 'matches regex') {
    if (!right.constant) throw semanticFault(at, 'The stand-in takes only a constant regular expression.');
    const pattern = compileRegex(words(right, constantOf(right)), at);
    return { type: 'bool', constant, evaluate: (frame) => pattern.test(words(left, left.evaluate(frame))) };
  }
  const denied = operator.startsWith('!');
  const minded = operator.endsWith('_cs');
  const test = tests[operator === '!~' ? '=~' : operator.replace(/^!/, '').replace(/_cs$/, '')];
  if (!test) throw semanticFault(at, `The stand-in does not know the operator '${operator}'.`);
  const folded = (text: string): string => (minded ? text : text.toLowerCase());
  return {
    type: 'bool',
    constant,
    evaluate: (frame) =>
      test(folded(words(left, left.evaluate(frame))), folded(words(right, right.evaluate(frame)))) !== denied,
  };
}

const alphanumeric = /[\p{L}\p{N}]/u;

/**
 * Whether `sought` stands in `text` with the ends of a term before and behind it: "connection closed" has "closed", but
 * not "close". An end of `sought` that is no letter or digit needs no end of a term.
 */
export function hasTerm(text: string, sought: string, begins: boolean, ends: boolean): boolean {
  const bounded = (inside: string | undefined, outside: string | undefined): boolean =>
    inside === undefined || outside === undefined || !alphanumeric.test(inside) || !alphanumeric.test(outside);
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    const end = at + sought.length;
    if ((!begins || bounded(sought[0], text[at - 1])) && (!ends || bounded(sought.at(-1), text[end]))) return true;
    if (sought === '') return false;
  }
  return false;
}
