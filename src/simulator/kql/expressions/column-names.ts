import { semanticFault } from '../fault.ts';
import type { Assignment, Expression } from '../syntax/tree.ts';
import type { Column, KustoType } from '../values.ts';
import { wordsOf } from '../words.ts';

/** Functions whose column, left unnamed, goes by the name of their first argument. */
const named: ReadonlySet<string> = new Set(
  `abs bin ceiling floor format_datetime parse_json parsejson pow round split sqrt startofday todatetime todouble todynamic
  tobool toboolean toint tolong toreal tostring totimespan`.split(/\s+/),
);
/** What others put before that name. */
const prefixes: Readonly<Record<string, string>> = {
  any: 'any_',
  avg: 'avg_',
  avgif: 'avgif_',
  count: 'count_',
  count_distinct: 'count_distinct_',
  count_distinctif: 'count_distinctif_',
  countif: 'countif_',
  dcount: 'dcount_',
  dcountif: 'dcountif_',
  gettype: 'type_',
  make_list: 'list_',
  make_list_if: 'list_',
  make_set: 'set_',
  make_set_if: 'set_',
  max: 'max_',
  maxif: 'maxif_',
  min: 'min_',
  minif: 'minif_',
  stdev: 'stdev_',
  stdevif: 'stdevif_',
  strlen: 'strlen_',
  sum: 'sum_',
  sumif: 'sumif_',
};

/** The name that Kusto gives to a column that the query does not name; `undefined` where it has none for it. */
export function derivedName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'element') {
    const of = derivedName(expression.of);
    const { key } = expression;
    if (of === undefined) return undefined;
    return `${of}_${key.kind === 'literal' ? wordsOf(key.value, key.type) : ''}`;
  }
  if (expression.kind !== 'call') return undefined;
  const [first] = expression.args;
  const inner = first ? derivedName(first) : undefined;
  if (expression.name === 'ingestion_time') return '$IngestionTime';
  if (Object.hasOwn(prefixes, expression.name)) return `${prefixes[expression.name] ?? ''}${inner ?? ''}`;
  if (expression.name === 'column_ifexists') return columnNamed(first);
  return named.has(expression.name) ? inner : undefined;
}

function columnNamed(first: Expression | undefined): string | undefined {
  return first?.kind === 'literal' ? wordsOf(first.value, first.type) : undefined;
}

const conversions: Readonly<Record<string, KustoType>> = {
  tobool: 'bool',
  toboolean: 'bool',
  todatetime: 'datetime',
  todouble: 'real',
  toint: 'int',
  tolong: 'long',
  toreal: 'real',
  tostring: 'string',
  totimespan: 'timespan',
};

/** `tostring(name)` of a column that is a string already is to Kusto the column itself, by its name too. */
export function withoutIdentity(assignment: Assignment, columns: readonly Column[]): Assignment {
  const { value } = assignment;
  const [first] = value.kind === 'call' && Object.hasOwn(conversions, value.name) ? value.args : [];
  if (value.kind !== 'call' || first?.kind !== 'name') return assignment;
  const type = columns.find(({ name }) => name === first.name)?.type;
  return type === conversions[value.name] ? { ...assignment, value: first } : assignment;
}

/** Gives names to the columns of one operator, one after the other. */
export interface Namer {
  /**
   * The name of the next column. One that the query gives, or a column alone, must be new; one that is derived gets a
   * number behind it until it is. @throws {KqlFault} if it is not new
   */
  name(assignment: Assignment): string;
  /** The same for a name that comes from elsewhere, and may be missing. */
  derived(name: string | undefined): string;
  given(name: string, at: number): string;
}

/** @param unnamed how the `index`th column without any name (from 0) is called, by default Column1, Column2 … */
export function namerOf(unnamed = (index: number): string => `Column${index + 1}`): Namer {
  const taken = new Map<string, 'given' | 'derived'>();
  let count = 0;

  function derived(name: string | undefined): string {
    const wanted = name ?? unnamed(count++);
    let free = wanted;
    for (let i = 1; taken.has(free); i++) free = `${wanted}${i}`;
    taken.set(free, 'derived');
    return free;
  }
  function given(name: string, at: number): string {
    if (taken.get(name) === 'derived') return derived(name);
    if (taken.has(name)) throw semanticFault(at, `The column '${name}' is named twice.`);
    taken.set(name, 'given');
    return name;
  }
  function name({ names, value, at }: Assignment): string {
    const [first] = names;
    if (first !== undefined) return given(first, at);
    return value.kind === 'name' ? given(value.name, at) : derived(derivedName(value));
  }
  return { name, derived, given };
}
