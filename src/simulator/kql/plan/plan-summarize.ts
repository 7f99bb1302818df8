import { aggregateNamed } from '../aggregates/aggregate-named.ts';
import type { Collector, CompiledAggregate } from '../aggregates/aggregation.ts';
import { derivedName, namerOf, withoutIdentity, type Namer } from '../expressions/column-names.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { semanticFault } from '../fault.ts';
import { visible, type Compiled, type Plan, type Scope } from '../expressions/scope.ts';
import type { Assignment, Call, Operator } from '../syntax/tree.ts';
import { keyOf, type Column, type Row, type Value } from '../values.ts';

/** A column of the result: one value of the aggregates', or an expression over them. */
interface Output {
  readonly column: Column;
  readonly slot?: number;
  readonly value?: Compiled;
}

/** `summarize a = count(), b = round(avg(x), 1) by c, bin(d, 5m)` */
export function planSummarize(
  { columns, by, at }: Extract<Operator, { kind: 'summarize' }>,
  input: Plan,
  scope: Scope,
): Plan {
  if (columns.length + by.length === 0) throw semanticFault(at, 'summarize needs an aggregate or a by.');
  const namer = namerOf();
  const keys = by.map((assignment) => groupKey(assignment, namer, scope));
  const grouped = new Set(by.flatMap(({ value }) => (value.kind === 'name' ? [value.name] : [])));
  const others = visible(input.columns).filter(({ name }) => !grouped.has(name));
  const inner: Scope = { environment: scope.environment, columns: input.columns, serialized: false };
  const aggregates: CompiledAggregate[] = [];
  let slots = 0;

  /** Has the aggregate collected; its values begin at the slot that is given back. */
  function collect(call: Call): { readonly aggregate: CompiledAggregate; readonly slot: number } | undefined {
    const found = aggregateNamed(call.name);
    if (!found) return undefined;
    const aggregate = found({ call, compile: (arg) => compileExpression(arg, inner), others });
    aggregates.push(aggregate);
    slots += aggregate.columns.length;
    return { aggregate, slot: slots - aggregate.columns.length };
  }

  const over: Scope = {
    environment: scope.environment,
    columns: [],
    serialized: false,
    aggregate: (call) => {
      const collected = collect(call);
      if (!collected) return undefined;
      const { aggregate, slot } = collected;
      const [only, ...more] = aggregate.columns;
      if (!only || more.length > 0) throw semanticFault(call.at, `${call.name}() gives several columns here.`);
      return { type: only.type, constant: false, evaluate: ({ rows }) => rows[0]?.[slot] ?? null };
    },
  };

  const outputs = columns.flatMap((assignment): Output[] => {
    const { value } = assignment;
    const collected = value.kind === 'call' ? collect(value) : undefined;
    if (collected) return named(assignment, collected.aggregate, collected.slot, namer);
    const compiled = compileExpression(value, over);
    if (compiled.constant && value.kind !== 'literal')
      throw semanticFault(assignment.at, 'summarize takes aggregates.');
    return [{ column: { name: namer.name(assignment), type: compiled.type }, value: compiled }];
  });

  return {
    columns: [...keys.map(({ column }) => column), ...outputs.map(({ column }) => column)],
    serialized: false,
    rows: () => {
      const groups = collectGroups(
        input.rows(),
        keys.map(({ value }) => value),
        aggregates,
      );
      return groups.map(({ values, collectors }): Row => {
        const results = collectors.flatMap((collector) => collector.results());
        const frame = { rows: [results], at: 0 };
        return [
          ...values,
          ...outputs.map(({ slot = -1, value }) => (value ? value.evaluate(frame) : (results[slot] ?? null))),
        ];
      });
    },
  };
}

function groupKey(
  written: Assignment,
  namer: Namer,
  scope: Scope,
): { readonly column: Column; readonly value: Compiled } {
  const assignment = withoutIdentity(written, scope.columns);
  const value = compileExpression(assignment.value, scope);
  if (value.type === 'dynamic')
    throw semanticFault(assignment.at, 'Rows are not grouped by a dynamic value; cast it first, as with tostring().');
  return { column: { name: namer.name(assignment), type: value.type }, value };
}

/** The columns of an aggregate: those that the query names, then as Kusto names them. */
function named({ names, value, at }: Assignment, aggregate: CompiledAggregate, slot: number, namer: Namer): Output[] {
  if (names.length > aggregate.columns.length)
    throw semanticFault(at, `The aggregate gives ${aggregate.columns.length} column(s), not ${names.length}.`);
  return aggregate.columns.map(({ name, type }, i) => {
    const given = names[i];
    const derived = name ?? derivedName(value);
    return {
      column: { name: given === undefined ? namer.derived(derived, at) : namer.given(given, at), type },
      slot: slot + i,
    };
  });
}

interface Group {
  readonly values: readonly Value[];
  readonly collectors: readonly Collector[];
}

/** Groups in the order in which they first appear; without a key there is one, even of no rows. */
function collectGroups(
  rows: readonly Row[],
  keys: readonly Compiled[],
  aggregates: readonly CompiledAggregate[],
): readonly Group[] {
  const start = (values: readonly Value[]): Group => ({ values, collectors: aggregates.map((each) => each.start()) });
  const groups = new Map<string, Group>();
  if (keys.length === 0) groups.set(keyOf([]), start([]));
  const frame = { rows, at: 0 };
  for (frame.at = 0; frame.at < rows.length; frame.at++) {
    const values = keys.map((key) => key.evaluate(frame));
    const key = keyOf(values);
    let group = groups.get(key);
    if (!group) {
      group = start(values);
      groups.set(key, group);
    }
    for (const collector of group.collectors) collector.add(frame);
  }
  return [...groups.values()];
}
