import { derivedName } from '../expressions/column-names.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { limitFault, semanticFault } from '../fault.ts';
import { constantOf, maxRows, type Plan, type Scope } from '../expressions/scope.ts';
import type { Operator } from '../syntax/tree.ts';
import { absent, isBag, isList, type Column, type KustoType, type Row, type Value } from '../values.ts';
import { conversionFunctions } from '../expressions/conversion-functions.ts';

/** `mv-expand a, b = c to typeof(string) limit 5`: a row for each element; several columns go side by side. */
export function planExpand(
  { columns, limit, at }: Extract<Operator, { kind: 'mv-expand' }>,
  input: Plan,
  scope: Scope,
): Plan {
  const outputs: Column[] = [...input.columns];
  const expanded = columns.map((assignment) => {
    const compiled = compileExpression(assignment.value, scope);
    if (compiled.type !== 'dynamic')
      throw semanticFault(assignment.at, `mv-expand takes a dynamic value, not a ${compiled.type}.`);
    const name = assignment.names[0] ?? derivedName(assignment.value);
    if (name === undefined) throw semanticFault(assignment.at, 'mv-expand needs a name for this column.');
    const column: Column = { name, type: assignment.type ?? 'dynamic' };
    const place = outputs.findIndex((each) => each.name === name && !each.hidden);
    if (place < 0) outputs.push(column);
    else outputs[place] = column;
    return { place: place < 0 ? outputs.length - 1 : place, compiled, type: column.type };
  });
  const most = limit ? Number(constantOf(compileExpression(limit, { ...scope, columns: [] }))) : maxRows;
  if (Number.isNaN(most) || most < 0) throw semanticFault(at, 'The limit of mv-expand is a number.');

  function rows(): readonly Row[] {
    const given = input.rows();
    const frame = { rows: given, at: 0 };
    const result: Row[] = [];
    for (frame.at = 0; frame.at < given.length; frame.at++) {
      const lists = expanded.map(({ compiled }) => elements(compiled.evaluate(frame)));
      const count = Math.min(most, Math.max(...lists.map((list) => list.length)));
      for (let i = 0; i < count; i++) {
        const row = outputs.map((_, place) => given[frame.at]?.[place] ?? null);
        expanded.forEach(({ place, type }, each) => {
          row[place] = cast(lists[each]?.[i] ?? null, type);
        });
        result.push(row);
      }
      if (result.length > maxRows) throw limitFault(at, `mv-expand gives more than ${maxRows} rows.`);
    }
    return result;
  }
  return { columns: outputs, serialized: input.serialized, rows };
}

/** A list's elements, a bag's members each as a bag; null gives one row, an empty list none. */
function elements(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (isBag(value)) return Object.entries(value).map(([key, member]) => ({ [key]: member }));
  return [value];
}

/** What is not of the type is null, except that everything has words. */
function cast(value: Value, type: KustoType): Value {
  if (type === 'dynamic') return value;
  const converted = conversionFunctions[`to${type}`]?.call([value], ['dynamic']) ?? null;
  return converted ?? absent(type);
}
