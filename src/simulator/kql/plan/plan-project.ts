import { derivedName, nameless, namerOf, withoutIdentity } from '../expressions/column-names.ts';
import { compileExpression } from '../expressions/compile-expression.ts';
import { semanticFault } from '../fault.ts';
import { visible, type Compiled, type Plan, type Scope } from '../expressions/scope.ts';
import type { Assignment, ColumnPattern } from '../syntax/tree.ts';
import type { Column, Row } from '../values.ts';

/** `project` gives the columns alone; `extend` adds them, or puts them in the place of their namesakes; `serialize` adds. */
export function planProjection(
  assignments: readonly Assignment[],
  input: Plan,
  scope: Scope,
  mode: 'project' | 'extend' | 'serialize',
): Plan {
  const nameOf = mode === 'project' ? namerOf().name : extension(input, mode === 'extend');
  const added = assignments.map((written) => {
    const assignment = withoutIdentity(written, input.columns);
    if (assignment.names.length > 1)
      throw semanticFault(assignment.at, 'The expression gives one column, but several are named.');
    const value = compileExpression(assignment.value, scope);
    return { column: { name: nameOf(assignment), type: value.type }, value };
  });
  const kept = mode === 'project' ? [] : input.columns.map((column, index) => ({ column, index }));
  const outputs: { readonly column: Column; readonly value?: Compiled; readonly index?: number }[] = [...kept];
  for (const each of added) {
    const place = outputs.findIndex(({ column }) => column.name === each.column.name && !column.hidden);
    if (place < 0) outputs.push(each);
    else outputs[place] = each;
  }
  return {
    columns: outputs.map(({ column }) => column),
    serialized: input.serialized,
    rows: () => {
      const rows = input.rows();
      const frame = { rows, at: 0 };
      return rows.map((row, at): Row => {
        frame.at = at;
        return outputs.map(({ value, index = -1 }) => (value ? value.evaluate(frame) : (row[index] ?? null)));
      });
    },
  };
}

/** The names that `extend` gives; they may `replace` columns that are there, but not one another. */
function extension({ columns }: Plan, replace: boolean): (assignment: Assignment) => string {
  const own = new Set<string>();
  return ({ names, value, at }) => {
    const name = names[0] ?? derivedName(value);
    if (name === undefined) throw nameless(at);
    if (!replace && columns.some((column) => column.name === name))
      throw semanticFault(at, `There is a column '${name}' already.`);
    if (own.has(name)) throw semanticFault(at, `Two columns would be called '${name}': name them.`);
    own.add(name);
    return name;
  };
}

/** `project-keep` and `project-away`: the columns that match a pattern, or those that do not. */
export function planSelection(patterns: readonly ColumnPattern[], input: Plan, keeps: boolean): Plan {
  const matches = ({ pattern }: ColumnPattern, { name }: Column): boolean =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  for (const pattern of patterns)
    if (!visible(input.columns).some((column) => matches(pattern, column)))
      throw semanticFault(pattern.at, `Failed to resolve column named '${pattern.pattern}'.`);
  const places = input.columns.flatMap((column, index) =>
    column.hidden || patterns.some((pattern) => matches(pattern, column)) === keeps ? [index] : [],
  );
  return {
    columns: places.flatMap((index) => input.columns[index] ?? []),
    serialized: input.serialized,
    rows: () => input.rows().map((row): Row => places.map((index) => row[index] ?? null)),
  };
}

/** `project-rename new = old` */
export function planRename(assignments: readonly Assignment[], input: Plan): Plan {
  const names = new Map<string, string>();
  for (const { names: given, value, at } of assignments) {
    const old = derivedName(value);
    const [name] = given;
    if (value.kind !== 'name' || old === undefined || name === undefined || given.length > 1)
      throw semanticFault(at, 'project-rename takes new = old.');
    if (!visible(input.columns).some((column) => column.name === old))
      throw semanticFault(value.at, `Failed to resolve column named '${old}'.`);
    names.set(old, name);
  }
  const columns = input.columns.map((column) =>
    column.hidden ? column : { ...column, name: names.get(column.name) ?? column.name },
  );
  const distinct = new Set(columns.map(({ name }) => name));
  if (distinct.size < columns.length) throw semanticFault(assignments[0]?.at ?? 0, 'A column is named twice.');
  return { ...input, columns };
}
