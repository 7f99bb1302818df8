import { namerOf } from '../expressions/column-names.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { limitFault, semanticFault } from '../fault.ts';
import { commonType } from '../expressions/parameters.ts';
import { constantOf, maxRows, type Compiled, type Environment, type Plan } from '../expressions/scope.ts';
import type { Expression, Source } from '../syntax/tree.ts';
import { isNumeric, type Column, type KustoType, type Row, type Value } from '../values.ts';

type Of<K extends Source['kind']> = Extract<Source, { kind: K }>;

function compileAlone(expression: Expression, environment: Environment): Compiled {
  return compileExpression(expression, { environment, columns: [], serialized: false });
}

/** `print a, b = c`: one row. */
export function planPrint({ columns }: Of<'print'>, environment: Environment): Plan {
  const namer = namerOf();
  const compiled = columns.map(({ value }) => compileAlone(value, environment));
  return {
    columns: columns.map((column, i) => {
      const [given] = column.names;
      const name = given === undefined ? namer.derived(`print_${i}`, column.at) : namer.given(given, column.at);
      return { name, type: compiled[i]?.type ?? 'dynamic' };
    }),
    serialized: true,
    rows: () => [compiled.map(constantOf)],
  };
}

/** `range x from a to b step c`: numbers, or times by a timespan. */
export function planRange({ name, at, ...bounds }: Of<'range'>, environment: Environment): Plan {
  const [from, to, step] = [bounds.from, bounds.to, bounds.step].map((each) => compileAlone(each, environment));
  if (!from || !to || !step) throw semanticFault(at, 'range needs from, to and step.');
  const type = rangeType(from.type, to.type, step.type);
  if (!type) throw semanticFault(at, `range does not go from ${from.type} to ${to.type} by ${step.type}.`);
  return {
    columns: [{ name, type }],
    serialized: true,
    rows: () => {
      const [first, last, by] = [from, to, step].map((each) => constantOf(each));
      if (typeof first !== 'number' || typeof last !== 'number' || typeof by !== 'number' || by === 0)
        throw semanticFault(at, 'range needs numbers that are not null, and a step that is not zero.');
      const count = Math.floor((last - first) / by) + 1;
      if (count > maxRows) throw limitFault(at, `range gives more than ${maxRows} rows.`);
      return Array.from({ length: Math.max(0, count) }, (_, i): Row => [first + i * by]);
    },
  };
}

function rangeType(from: KustoType, to: KustoType, step: KustoType): KustoType | undefined {
  const type = commonType([from, to]);
  if (type === 'datetime' || type === 'timespan') return step === 'timespan' ? type : undefined;
  return type && isNumeric(type) ? commonType([type, step]) : undefined;
}

/** `datatable (a: string, b: long) ['x', 1, 'y', 2]` */
export function planDatatable({ columns, values, at }: Of<'datatable'>, environment: Environment): Plan {
  const namer = namerOf();
  const named = columns.map(({ name, type }): Column => ({ name: namer.given(name, at), type }));
  if (values.length % columns.length !== 0)
    throw semanticFault(at, `The values of the datatable do not come in rows of ${columns.length}.`);
  const cells = values.map((value, i) => cell(value, columns[i % columns.length]?.type ?? 'dynamic', environment));
  const rows = Array.from({ length: cells.length / columns.length }, (_, i): Row => {
    return cells.slice(i * columns.length, (i + 1) * columns.length);
  });
  return { columns: named, serialized: false, rows: () => rows };
}

function cell(expression: Expression, type: KustoType, environment: Environment): Value {
  const compiled = compileAlone(expression, environment);
  const value = constantOf(compiled);
  const fits =
    compiled.type === type ||
    (compiled.type === 'long' && isNumeric(type)) ||
    (compiled.type === 'dynamic' && value === null) ||
    type === 'dynamic';
  if (!fits) throw semanticFault(expression.at, `A column of the type ${type} takes no ${compiled.type}.`);
  return value;
}
