import { compileExpression } from '../expressions/compile-expression.ts';
import { constantOf, type Condition, type Narrowing, type Scope, type SourceTable } from '../expressions/scope.ts';
import type { Expression } from '../syntax/tree.ts';

/**
 * What the predicates say about a table before it is read: bounds of the time, and conditions on a few columns. They are
 * still applied to its rows, so leaving one out here costs time only.
 */
export function narrowingOf(predicates: readonly Expression[], table: SourceTable, scope: Scope): Narrowing {
  const conjuncts = predicates.flatMap(partsOf);
  const lows: number[] = [];
  const highs: number[] = [];
  const isTime = (expression: Expression): boolean =>
    expression.kind === 'name' && expression.name === table.timeColumn;
  const bound = (expression: Expression, bounds: number[]): void => {
    if (columnsIn(expression, scope).size > 0) return;
    const value = constantOf(compileExpression(expression, { ...scope, columns: [] }));
    if (typeof value === 'number') bounds.push(value);
  };
  for (const each of conjuncts) {
    if (each.kind === 'between' && !each.negated && isTime(each.of)) {
      bound(each.from, lows);
      bound(each.to, highs);
    } else if (each.kind === 'binary' && /^[<>]=?$/.test(each.operator)) {
      const rising = each.operator.startsWith('>');
      if (isTime(each.left)) bound(each.right, rising ? lows : highs);
      else if (isTime(each.right)) bound(each.left, rising ? highs : lows);
    }
  }
  return {
    from: lows.length > 0 ? Math.max(...lows) : undefined,
    to: highs.length > 0 ? Math.min(...highs) : undefined,
    conditions: conjuncts.map((each) => conditionOf(each, scope)),
  };
}

function partsOf(predicate: Expression): readonly Expression[] {
  return predicate.kind === 'logic' && predicate.operator === 'and' ? predicate.parts.flatMap(partsOf) : [predicate];
}

function conditionOf(predicate: Expression, scope: Scope): Condition {
  const compiled = compileExpression(predicate, scope);
  return {
    columns: columnsIn(predicate, scope),
    holds: (row) => compiled.evaluate({ rows: [row], at: 0 }) === true,
  };
}

/** The columns that an expression looks at. */
function columnsIn(expression: Expression, scope: Scope): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (each: Expression): void => {
    switch (each.kind) {
      case 'name':
        if (scope.columns.some(({ name }) => name === each.name)) names.add(each.name);
        return;
      case 'call':
        each.args.forEach(visit);
        // These look at a column without its name as an expression.
        if (each.name === 'ingestion_time' || each.name === 'column_ifexists')
          scope.columns.forEach(({ name }) => names.add(name));
        return;
      case 'binary':
        [each.left, each.right].forEach(visit);
        return;
      case 'between':
        [each.of, each.from, each.to].forEach(visit);
        return;
      case 'in':
        [each.of, ...each.items].forEach(visit);
        return;
      case 'logic':
        each.parts.forEach(visit);
        return;
      case 'element':
        [each.of, each.key].forEach(visit);
        return;
      case 'minus':
        visit(each.of);
        return;
      case 'literal':
      case 'query':
      case 'typeof':
      case 'star':
        return;
    }
  };
  visit(expression);
  return names;
}
