import { parseDatetime } from '../datetimes.ts';
import { semanticFault } from '../fault.ts';
import type { Compiled } from './scope.ts';
import type { Binary } from '../syntax/tree.ts';
import { isNumeric, type KustoType, type Value } from '../values.ts';

type Equality = (a: Value, b: Value) => boolean | null;

/** `== != < <= > >=`. @throws {KqlFault} for types that do not compare, such as a string with a number */
export function compileComparison({ operator, at }: Binary, left: Compiled, right: Compiled): Compiled {
  const compare = operator === '==' || operator === '!=' ? equality : ordering(operator);
  const compute = compare(left.type, right.type);
  if (!compute)
    throw semanticFault(
      at,
      `'${operator}' cannot compare values of types ${left.type} and ${right.type}. Try adding explicit casts.`,
    );
  const denied = operator === '!=';
  return {
    type: 'bool',
    constant: left.constant && right.constant,
    evaluate: (frame) => {
      const result = compute(left.evaluate(frame), right.evaluate(frame));
      return denied && result !== null ? !result : result;
    },
  };
}

/**
 * Whether two values are equal: unknown (null) if both are null, false if one of them is. A value in a dynamic equals one
 * of its own kind only: "403" is not 403. `undefined` for types that have nothing in common.
 */
export function equality(left: KustoType, right: KustoType): Equality | undefined {
  const same = left === right || (isNumeric(left) && isNumeric(right));
  if (same && left !== 'dynamic') return (a, b) => (a === null || b === null ? (a === b ? null : false) : a === b);
  if (left === right) return undefined;
  if (left === 'dynamic') return (a, b) => ofDynamic(a, b, right);
  if (right === 'dynamic') return (a, b) => ofDynamic(b, a, left);
  return undefined;
}

function ofDynamic(dynamic: Value, value: Value, type: KustoType): boolean | null {
  if (dynamic === null || value === null) return dynamic === value ? null : false;
  if (type === 'datetime') return typeof dynamic === 'string' && parseDatetime(dynamic) === value;
  return dynamic === value;
}

function ordering(operator: string): (left: KustoType, right: KustoType) => Equality | undefined {
  const holds = orders[operator] ?? orders['<'] ?? (() => false);
  return (left, right) => {
    const ordered = (type: KustoType): boolean => isNumeric(type) || type === 'datetime' || type === 'timespan';
    if (left === 'dynamic' && isNumeric(right))
      return (a, b) => (typeof a === 'number' && b !== null ? holds(a, Number(b)) : null);
    if (right === 'dynamic' && isNumeric(left))
      return (a, b) => (typeof b === 'number' && a !== null ? holds(Number(a), b) : null);
    if (!ordered(left) || (left !== right && !(isNumeric(left) && isNumeric(right)))) return undefined;
    return (a, b) => (a === null || b === null ? null : holds(Number(a), Number(b)));
  };
}

const orders: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Whether values of the two types can be put in order: what `between` needs of its bounds. */
export function compileOrder(operator: '<=' | '>=', left: KustoType, right: KustoType): Equality | undefined {
  return ordering(operator)(left, right);
}
