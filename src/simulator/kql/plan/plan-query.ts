import type { EpochMs } from '../../../time/time.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { limitFault, semanticFault } from '../fault.ts';
import { planOperator, planUnion, planWheres } from './plan-operator.ts';
import { planDatatable, planPrint, planRange } from './plan-source.ts';
import {
  maxRows,
  type Binding,
  type Environment,
  type Plan,
  type Scope,
  type SourceTable,
} from '../expressions/scope.ts';
import type { Expression, LetStatement, Operator, Pipeline, Query, Source } from '../syntax/tree.ts';

/**
 * Finds out what a query means, statement by statement, before a row is read.
 * @throws {KqlFault} for what makes no sense with these tables and columns
 */
export function planQuery(query: Query, tables: ReadonlyMap<string, SourceTable>, now: EpochMs): Plan {
  const environment: Environment = {
    now,
    tables,
    bindings: new Map<string, Binding>(),
    plan: (pipeline) => planPipeline(pipeline, environment),
  };
  for (const statement of query.lets) {
    if (environment.bindings.has(statement.name))
      throw semanticFault(statement.at, `The variable '${statement.name}' is named twice.`);
    environment.bindings.set(statement.name, bind(statement, environment));
  }
  return planPipeline(query.body, environment);
}

function bind({ value }: LetStatement, environment: Environment): Binding {
  if ('source' in value) return { kind: 'table', plan: once(planPipeline(value, environment)) };
  const table = tableNamed(value, environment);
  if (table) return { kind: 'table', plan: table };
  const scope: Scope = { environment, columns: [], serialized: false };
  return { kind: 'scalar', value: compileExpression(value, scope) };
}

/** `let a = b;` names a table if `b` does. */
function tableNamed(value: Expression, environment: Environment): Plan | undefined {
  if (value.kind !== 'name') return undefined;
  const isTable = environment.bindings.get(value.name)?.kind === 'table' || environment.tables.has(value.name);
  const { at } = value;
  if (!isTable) return undefined;
  return once(planPipeline({ source: { kind: 'table', name: value.name, at }, operators: [], at }, environment));
}

/** Nothing in a query is different the second time, so what a `let` names is read once. */
function once(plan: Plan): Plan {
  let rows: ReturnType<Plan['rows']> | undefined;
  return { ...plan, rows: () => (rows ??= plan.rows()) };
}

function planPipeline({ source, operators }: Pipeline, environment: Environment): Plan {
  const [start, rest] = planStart(source, operators, environment);
  return rest.reduce((plan, operator) => bounded(planOperator(operator, plan, environment), operator.at), start);
}

/** The source of a pipeline; if it is a table on its own, together with the `where`s that follow it. */
function planStart(
  source: Source,
  operators: readonly Operator[],
  environment: Environment,
): readonly [Plan, readonly Operator[]] {
  if (source.kind !== 'table' || environment.bindings.has(source.name))
    return [bounded(planSource(source, environment), source.at), operators];
  const table = environment.tables.get(source.name);
  if (!table) throw semanticFault(source.at, `Failed to resolve table or column expression named '${source.name}'.`);
  const end = operators.findIndex(({ kind }) => kind !== 'where');
  const wheres = operators.slice(0, end < 0 ? operators.length : end).filter((each) => each.kind === 'where');
  return [planWheres(wheres, table, environment), operators.slice(wheres.length)];
}

function planSource(source: Source, environment: Environment): Plan {
  switch (source.kind) {
    case 'table': {
      const binding = environment.bindings.get(source.name);
      if (binding?.kind === 'table') return binding.plan;
      throw semanticFault(source.at, `'${source.name}' is a value, not a table.`);
    }
    case 'group':
      return planPipeline(source.of, environment);
    case 'materialize':
      return once(planPipeline(source.of, environment));
    case 'union':
      return planUnion(
        source.tables.map((table) => planPipeline(table, environment)),
        source.at,
      );
    case 'print':
      return planPrint(source, environment);
    case 'range':
      return planRange(source, environment);
    case 'datatable':
      return planDatatable(source, environment);
  }
}

function bounded(plan: Plan, at: number): Plan {
  return {
    ...plan,
    rows: () => {
      const rows = plan.rows();
      if (rows.length > maxRows) throw limitFault(at, `A step of the query gives more than ${maxRows} rows.`);
      return rows;
    },
  };
}
