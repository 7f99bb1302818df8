import { namerOf } from '../expressions/column-names.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { semanticFault } from '../fault.ts';
import { narrowingOf } from './narrowing.ts';
import { planExpand } from './plan-expand.ts';
import { planJoin } from './plan-join.ts';
import { planProjection, planRename, planSelection } from './plan-project.ts';
import { planSort, planTop } from './plan-sort.ts';
import { planSummarize } from './plan-summarize.ts';
import {
  constantOf,
  visible,
  type Environment,
  type Plan,
  type Scope,
  type SourceTable,
} from '../expressions/scope.ts';
import type { Expression, Operator } from '../syntax/tree.ts';
import { absent, keyOf, type Column, type Row } from '../values.ts';

/** What an operator makes of its input. */
export function planOperator(operator: Operator, input: Plan, environment: Environment): Plan {
  const scope: Scope = { environment, columns: input.columns, serialized: input.serialized };
  switch (operator.kind) {
    case 'where':
      return filtered(input, operator.predicate, scope);
    case 'extend':
    case 'project':
      return planProjection(operator.columns, input, scope, operator.kind);
    case 'serialize':
      return planProjection(
        operator.columns,
        { ...input, serialized: true },
        { ...scope, serialized: true },
        'serialize',
      );
    case 'project-away':
    case 'project-keep':
      return planSelection(operator.patterns, input, operator.kind === 'project-keep');
    case 'project-rename':
      return planRename(operator.columns, input);
    case 'distinct': {
      const all = operator.columns[0]?.value.kind === 'star';
      const { at } = operator;
      const columns = all
        ? visible(input.columns).map(({ name }) => ({ names: [], value: { kind: 'name' as const, name, at }, at }))
        : operator.columns;
      return distinct(planProjection(columns, input, scope, 'project'), at);
    }
    case 'summarize':
      return planSummarize(operator, input, scope);
    case 'sort':
      return planSort(operator.keys, input, scope);
    case 'top':
      return planTop(operator.key, countOf(operator.count, scope), input, scope);
    case 'take': {
      const count = countOf(operator.count, scope);
      return { ...input, rows: () => input.rows().slice(0, count) };
    }
    case 'count':
      return {
        columns: [{ name: 'Count', type: 'long' }],
        serialized: true,
        rows: () => [[input.rows().length]],
      };
    case 'join':
      return planJoin(operator, input, environment.plan(operator.right));
    case 'union':
      return planUnion([input, ...operator.tables.map(environment.plan)], operator.at);
    case 'mv-expand':
      return planExpand(operator, input, scope);
  }
}

/** The `where`s that stand right behind a table: the table is told of them, so that it need not give all of its rows. */
export function planWheres(
  wheres: readonly Extract<Operator, { kind: 'where' }>[],
  table: SourceTable,
  environment: Environment,
): Plan {
  const { columns } = table;
  const scope: Scope = { environment, columns, serialized: false };
  const narrowing = (): ReturnType<typeof narrowingOf> =>
    narrowingOf(
      wheres.map(({ predicate }) => predicate),
      table,
      scope,
    );
  const read: Plan = { columns, serialized: false, rows: () => table.read(narrowing()) };
  return wheres.reduce((plan, { predicate }) => filtered(plan, predicate, scope), read);
}

/** The rows for which the predicate is true; unknown (null) is not. */
function filtered(input: Plan, predicate: Expression, scope: Scope): Plan {
  const compiled = compileExpression(predicate, scope);
  if (compiled.type !== 'bool') throw semanticFault(predicate.at, `where takes a bool, not a ${compiled.type}.`);
  return {
    ...input,
    rows: () => {
      const rows = input.rows();
      const frame = { rows, at: 0 };
      return rows.filter((_, at) => {
        frame.at = at;
        return compiled.evaluate(frame) === true;
      });
    },
  };
}

function distinct(input: Plan, at: number): Plan {
  const dynamic = input.columns.find(({ type }) => type === 'dynamic');
  if (dynamic) throw semanticFault(at, `distinct does not take the dynamic column '${dynamic.name}'.`);
  return {
    ...input,
    serialized: false,
    rows: () => {
      const seen = new Set<string>();
      return input.rows().filter((row) => {
        const key = keyOf(row);
        return !seen.has(key) && seen.add(key);
      });
    },
  };
}

/**
 * The rows of all tables, one after the other. Columns go together by name; those of one name and different types stay
 * apart, each with its type behind the name.
 */
export function planUnion(tables: readonly Plan[], at: number): Plan {
  const types = new Map<string, Set<string>>();
  const all = tables.map(({ columns }) => visible(columns));
  for (const { name, type } of all.flat()) types.set(name, (types.get(name) ?? new Set()).add(type));
  const namer = namerOf();
  const columns: Column[] = [];
  const sources: Column[] = [];
  for (const name of types.keys())
    for (const type of types.get(name) ?? []) {
      const source = all.flat().find((column) => column.name === name && column.type === type);
      if (!source) continue;
      sources.push(source);
      columns.push({
        name: namer.derived((types.get(name)?.size ?? 1) > 1 ? `${name}_${type}` : name, at),
        type: source.type,
      });
    }
  return {
    columns,
    serialized: false,
    rows: () =>
      tables.flatMap((table) => {
        const places = sources.map(({ name, type }) =>
          table.columns.findIndex((column) => column.name === name && column.type === type && !column.hidden),
        );
        return table.rows().map((row): Row => sources.map(({ type }, i) => row[places[i] ?? -1] ?? absent(type)));
      }),
  };
}

/** How many rows `take` and `top` keep. */
function countOf(expression: Expression, scope: Scope): number {
  const compiled = compileExpression(expression, { ...scope, columns: [] });
  const value = compiled.type === 'long' || compiled.type === 'int' ? constantOf(compiled) : null;
  if (typeof value !== 'number' || value < 0)
    throw semanticFault(expression.at, 'The number of rows is a constant whole number, not negative.');
  return value;
}
