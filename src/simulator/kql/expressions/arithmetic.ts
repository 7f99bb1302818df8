import { semanticFault } from '../fault.ts';
import type { Compiled } from './scope.ts';
import type { Binary } from '../syntax/tree.ts';
import { isNumeric, type KustoType, type Value } from '../values.ts';

/** Instants beyond the years 1 and 9999 are none. */
const oldest = Date.parse('0001-01-01T00:00:00Z');
const newest = Date.parse('9999-12-31T23:59:59.999Z');

/** `+ - * / %` between numbers, datetimes and timespans; null with anything is null. */
export function compileArithmetic({ operator, at }: Binary, left: Compiled, right: Compiled): Compiled {
  const type = typeOf(operator, left.type, right.type);
  if (!type)
    throw semanticFault(
      at,
      `The operator '${operator}' is not there for ${left.type} and ${right.type}.${
        left.type === 'dynamic' || right.type === 'dynamic' ? ' A dynamic value must be cast first.' : ''
      }`,
    );
  const compute = computation(operator, type, left.type, right.type);
  return {
    type,
    constant: left.constant && right.constant,
    evaluate: (frame) => {
      const a = left.evaluate(frame);
      const b = right.evaluate(frame);
      return a === null || b === null ? null : compute(Number(a), Number(b));
    },
  };
}

function typeOf(operator: string, left: KustoType, right: KustoType): KustoType | undefined {
  const numbers = isNumeric(left) && isNumeric(right);
  if (numbers) return left === 'real' || right === 'real' ? 'real' : 'long';
  const both = `${isNumeric(left) ? 'number' : left} ${operator} ${isNumeric(right) ? 'number' : right}`;
  switch (both) {
    case 'timespan + timespan':
    case 'timespan - timespan':
    case 'timespan % timespan':
    case 'timespan * number':
    case 'number * timespan':
    case 'timespan / number':
    case 'datetime - datetime':
      return 'timespan';
    case 'timespan / timespan':
      return 'real';
    case 'datetime + timespan':
    case 'timespan + datetime':
    case 'datetime - timespan':
      return 'datetime';
    default:
      return undefined;
  }
}

function computation(
  operator: string,
  type: KustoType,
  left: KustoType,
  right: KustoType,
): (a: number, b: number) => Value {
  const whole = type === 'long';
  const kept = type === 'datetime' ? instant : (value: number): Value => value;
  switch (operator) {
    case '+':
      return (a, b) => kept(a + b);
    case '-':
      return (a, b) => kept(a - b);
    case '*':
      return (a, b) => a * b;
    case '/':
      // A timespan, like a whole number, has no infinity.
      return (a, b) => {
        if ((whole || (left === 'timespan' && isNumeric(right))) && b === 0) return null;
        return whole ? Math.trunc(a / b) : a / b;
      };
    default:
      // Kusto's remainder is never negative.
      return (a, b) => (b === 0 ? (type === 'real' ? Number.NaN : null) : ((a % b) + Math.abs(b)) % Math.abs(b));
  }
}

function instant(at: number): Value {
  return at >= oldest && at <= newest ? at : null;
}

/** @param literal whether it is the sign of a number: that of another int makes a long, as all arithmetic does */
export function compileMinus(of: Compiled, literal: boolean, at: number): Compiled {
  if (!isNumeric(of.type) && of.type !== 'timespan') throw semanticFault(at, `There is no minus of a ${of.type}.`);
  return {
    type: of.type === 'int' && !literal ? 'long' : of.type,
    constant: of.constant,
    evaluate: (frame) => {
      const value = of.evaluate(frame);
      return value === null ? null : -Number(value);
    },
  };
}
