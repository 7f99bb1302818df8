import { compileExpression } from '../expressions/compile-expression.ts';
import { semanticFault } from '../fault.ts';
import type { Plan, Scope } from '../expressions/scope.ts';
import type { SortKey } from '../syntax/tree.ts';
import { compareValues, type Row, type Value } from '../values.ts';

/** `sort by a desc, b asc nulls last`; rows that are equal stay in their order. */
export function planSort(keys: readonly SortKey[], input: Plan, scope: Scope): Plan {
  const compiled = keys.map(({ by, at, ...order }) => {
    const value = compileExpression(by, scope);
    if (value.type === 'dynamic') throw semanticFault(at, 'Rows are not sorted by a dynamic value; cast it first.');
    return { ...order, value };
  });
  return {
    columns: input.columns,
    serialized: true,
    rows: () => {
      const rows = input.rows();
      const frame = { rows, at: 0 };
      const keyed = rows.map((row, at): { readonly row: Row; readonly values: readonly Value[] } => {
        frame.at = at;
        return { row, values: compiled.map(({ value }) => value.evaluate(frame)) };
      });
      keyed.sort((a, b) => {
        for (const [i, order] of compiled.entries()) {
          const difference = inOrder(a.values[i] ?? null, b.values[i] ?? null, order);
          if (difference !== 0) return difference;
        }
        return 0;
      });
      return keyed.map(({ row }) => row);
    },
  };
}

/** Nulls stand together at one end, whichever the direction, and a NaN stands with them. */
function inOrder(a: Value, b: Value, { descending, nullsFirst }: Omit<SortKey, 'by' | 'at'>): number {
  const [ranked, other] = [rank(a), rank(b)];
  if (ranked > 0 || other > 0) return nullsFirst ? other - ranked : ranked - other;
  const order = compareValues(a, b);
  return descending ? -order : order;
}

function rank(value: Value): number {
  if (value === null) return 2;
  return Number.isNaN(value) ? 1 : 0;
}

export function planTop(key: SortKey, count: number, input: Plan, scope: Scope): Plan {
  const sorted = planSort([key], input, scope);
  return { ...sorted, rows: () => sorted.rows().slice(0, count) };
}
