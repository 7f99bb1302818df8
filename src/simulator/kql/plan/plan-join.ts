import { limitFault, semanticFault } from '../fault.ts';
import { maxRows, visible, type Plan } from '../expressions/scope.ts';
import type { Operator } from '../syntax/tree.ts';
import { absent, keyOf, type Column, type Row } from '../values.ts';

type Join = Extract<Operator, { kind: 'join' }>;

/**
 * Rows of the left side with those of the right that have the same keys. `innerunique`, Kusto's default, takes of the
 * left rows with one key only the first. A null key is equal to none.
 */
export function planJoin({ flavor, keys, at }: Join, left: Plan, right: Plan): Plan {
  const pairs = keys.map((key) => {
    const [l, r] = [placeOf(left, key.left), placeOf(right, key.right)];
    const [leftType, rightType] = [left.columns[l]?.type, right.columns[r]?.type];
    if (!leftType || !rightType)
      throw semanticFault(key.at, `The join's key '${leftType ? key.right : key.left}' is no column of its side.`);
    if (leftType === 'dynamic' || rightType === 'dynamic')
      throw semanticFault(key.at, 'Rows are not joined on a dynamic value; cast it first.');
    const whole = [leftType, rightType].every((type) => type === 'int' || type === 'long');
    if (leftType !== rightType && !whole)
      throw semanticFault(key.at, `The join's keys are of different types: ${leftType} and ${rightType}.`);
    return [l, r] as const;
  });
  const shownLeft = shown(left);
  const shownRight = flavor === 'leftsemi' || flavor === 'leftanti' ? [] : shown(right);
  const columns = sideBySide(
    shownLeft.map(({ column }) => column),
    shownRight.map(({ column }) => column),
  );
  const missing = shownRight.map(({ column }) => absent(column.type));

  function rows(): readonly Row[] {
    const matches = new Map<string, Row[]>();
    for (const row of right.rows()) {
      const key = keyIn(
        row,
        pairs.map(([, place]) => place),
      );
      if (key === undefined) continue;
      const found = matches.get(key);
      if (found) found.push(row);
      else matches.set(key, [row]);
    }
    const joined: Row[] = [];
    const seen = new Set<string>();
    for (const row of left.rows()) {
      const key = keyIn(
        row,
        pairs.map(([place]) => place),
      );
      if (flavor === 'innerunique' && key !== undefined) {
        if (seen.has(key)) continue;
        seen.add(key);
      }
      const found = key === undefined ? undefined : matches.get(key);
      const own = shownLeft.map(({ place }) => row[place] ?? null);
      if (flavor === 'leftsemi' || flavor === 'leftanti') {
        if ((found !== undefined) === (flavor === 'leftsemi')) joined.push(own);
      } else if (found) {
        for (const other of found) joined.push([...own, ...shownRight.map(({ place }) => other[place] ?? null)]);
      } else if (flavor === 'leftouter') joined.push([...own, ...missing]);
      if (joined.length > maxRows) throw limitFault(at, `The join gives more than ${maxRows} rows.`);
    }
    return joined;
  }
  return { columns, serialized: false, rows };
}

/** A column of the right side that is called like one of the left gets the first number behind its name that is free. */
function sideBySide(left: readonly Column[], right: readonly Column[]): readonly Column[] {
  const taken = new Set([...left, ...right].map(({ name }) => name));
  const renamed = right.map((column): Column => {
    if (!left.some(({ name }) => name === column.name)) return column;
    let i = 1;
    while (taken.has(`${column.name}${i}`)) i++;
    taken.add(`${column.name}${i}`);
    return { ...column, name: `${column.name}${i}` };
  });
  return [...left, ...renamed];
}

function placeOf({ columns }: Plan, name: string): number {
  return columns.findIndex((column) => column.name === name && !column.hidden);
}

function shown({ columns }: Plan): readonly { readonly column: Column; readonly place: number }[] {
  return visible(columns).map((column) => ({ column, place: columns.indexOf(column) }));
}

function keyIn(row: Row, places: readonly number[]): string | undefined {
  const values = places.map((place) => row[place] ?? null);
  return values.includes(null) ? undefined : keyOf(values);
}
