import { semanticFault, type KqlFault } from '../fault.ts';
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
    const member = key.kind === 'literal' ? wordsOf(key.value, key.type) : '';
    return of === undefined ? member : `${of}_${member}`;
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
  /** The name of the next column: the one that the query gives, or that of a column alone, else a derived one. */
  readonly name: (assignment: Assignment) => string;
  /**
   * A derived name gets a number behind it until it is new. @throws {KqlFault} if there is none: Kusto would count such
   * columns through the whole query, and nobody should rely on that
   */
  readonly derived: (name: string | undefined, at: number) => string;
  /** @throws {KqlFault} if the name is not new */
  readonly given: (name: string, at: number) => string;
}

export function namerOf(): Namer {
  const taken = new Set<string>();

  function derived(name: string | undefined, at: number): string {
    if (name === undefined) throw nameless(at);
    let free = name;
    for (let i = 1; taken.has(free); i++) free = `${name}${i}`;
    taken.add(free);
    return free;
  }
  function given(name: string, at: number): string {
    if (taken.has(name)) throw semanticFault(at, `The column '${name}' is named twice.`);
    taken.add(name);
    return name;
  }
  function name({ names, value, at }: Assignment): string {
    const [first] = names;
    if (first !== undefined) return given(first, at);
    return value.kind === 'name' ? given(value.name, at) : derived(derivedName(value), at);
  }
  return { name, derived, given };
}

export function nameless(at: number): KqlFault {
  return semanticFault(at, 'This column needs a name: name = expression.');
}
