import { compileOrder, equality } from './comparison.ts';
import { semanticFault } from '../fault.ts';
import { visible, type Compile, type Compiled, type Frame, type Scope } from './scope.ts';
import { hasTerm } from './string-operators.ts';
import type { Between, Expression, Pipeline } from '../syntax/tree.ts';
import { isList, type KustoType, type Value } from '../values.ts';
import { wordsOf } from '../words.ts';

type Membership = Extract<Expression, { kind: 'in' }>;
/** What is in the parentheses of `in (…)`: one value, or a list of them out of a dynamic or a query. */
interface Item {
  readonly type: KustoType;
  readonly constant: boolean;
  readonly values: (frame: Frame) => readonly Value[];
}

/** `between (a .. b)`, both bounds included; unknown (null) where one of the three is. */
export function compileBetween({ negated, at, ...parts }: Between, compile: Compile): Compiled {
  const [of, from, to] = [compile(parts.of), compile(parts.from), compile(parts.to)];
  const above = compileOrder('>=', of.type, from.type);
  const below = compileOrder('<=', of.type, to.type);
  if (!above || !below)
    throw semanticFault(at, `'between' is not there for ${of.type} between ${from.type} and ${to.type}.`);
  return {
    type: 'bool',
    constant: of.constant && from.constant && to.constant,
    evaluate: (frame) => {
      const value = of.evaluate(frame);
      const [low, high] = [above(value, from.evaluate(frame)), below(value, to.evaluate(frame))];
      return low === null || high === null ? null : (low && high) !== negated;
    },
  };
}

/** `in`, `!in`, and `in~`, `!in~`, `has_any`, `has_all` for strings. */
export function compileMembership(membership: Membership, compile: Compile, scope: Scope): Compiled {
  const { operator, at } = membership;
  const of = compile(membership.of);
  const items = membership.items.map((item) => compileItem(item, compile, scope));
  const test = operator.endsWith('in') ? equalToOne(operator, of, items, at) : likeOne(operator, of, items, at);
  return {
    type: 'bool',
    constant: of.constant && items.every((item) => item.constant),
    evaluate: (frame) => test(of.evaluate(frame), frame) !== operator.startsWith('!'),
  };
}

type Test = (value: Value, frame: Frame) => boolean;

function equalToOne(operator: string, of: Compiled, items: readonly Item[], at: number): Test {
  const equals = items.map((item) => {
    const bothDynamic = of.type === 'dynamic' && item.type === 'dynamic';
    const equal = bothDynamic ? (a: Value, b: Value) => a === b : equality(of.type, item.type);
    if (!equal) throw semanticFault(at, `'${operator}' cannot compare values of types ${of.type} and ${item.type}.`);
    return equal;
  });
  // A datetime in a dynamic is a string; everything else that is equal is the same.
  const types = [of, ...items].map(({ type }) => type);
  if (types.includes('dynamic') && types.includes('datetime')) {
    const lists = eachTime(items, (values) => values);
    return (value, frame) => lists(frame).some((values, i) => values.some((each) => equals[i]?.(value, each) === true));
  }
  const sets = eachTime(items, (lists) => new Set(lists.flat()));
  return (value, frame) => value !== null && sets(frame).has(value);
}

function likeOne(operator: string, of: Compiled, items: readonly Item[], at: number): Test {
  for (const { type } of [of, ...items])
    if (type !== 'string' && type !== 'dynamic')
      throw semanticFault(at, `'${operator}' is for strings, not for a ${type}.`);
  const lower = (value: Value): string => wordsOf(value, 'dynamic').toLowerCase();
  const texts = eachTime(items, (lists) => lists.flat().map(lower));
  return (value, frame) => {
    const text = lower(value);
    if (operator === 'has_all') return texts(frame).every((each) => hasTerm(text, each, true, true));
    if (operator === 'has_any') return texts(frame).some((each) => hasTerm(text, each, true, true));
    return texts(frame).includes(text);
  };
}

/** What is made of the items' values: once if they are the same for every row, else for each. */
function eachTime<T>(items: readonly Item[], make: (lists: readonly (readonly Value[])[]) => T): (frame: Frame) => T {
  const read = (frame: Frame): T => make(items.map((item) => item.values(frame)));
  if (!items.every((item) => item.constant)) return read;
  let once: { readonly made: T } | undefined;
  return (frame) => (once ??= { made: read(frame) }).made;
}

function compileItem(item: Expression, compile: Compile, scope: Scope): Item {
  const query = queryOf(item, scope);
  if (query) {
    const plan = scope.environment.plan(query);
    const [first] = visible(plan.columns);
    if (!first) throw semanticFault(item.at, 'The query in the parentheses has no column.');
    const index = plan.columns.indexOf(first);
    return { type: first.type, constant: true, values: () => plan.rows().map((row) => row[index] ?? null) };
  }
  const compiled = compile(item);
  if (compiled.type !== 'dynamic') return { ...compiled, values: (frame) => [compiled.evaluate(frame)] };
  const values = (frame: Frame): readonly Value[] => {
    const value = compiled.evaluate(frame);
    return isList(value) ? value : [value];
  };
  return { type: 'dynamic', constant: compiled.constant, values };
}

/** The query that an item is: one in parentheses, or a table by its name, unless a column is called so. */
function queryOf(item: Expression, { columns, environment }: Scope): Pipeline | undefined {
  if (item.kind === 'query') return item.query;
  if (item.kind !== 'name' || columns.some(({ name }) => name === item.name)) return undefined;
  const isTable = environment.bindings.get(item.name)?.kind === 'table' || environment.tables.has(item.name);
  const { name, at } = item;
  return isTable ? { source: { kind: 'table', name, at }, operators: [], at } : undefined;
}
