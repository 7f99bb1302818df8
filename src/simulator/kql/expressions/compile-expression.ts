import { aggregateNamed } from '../aggregates/aggregate-named.ts';
import { compileArithmetic, compileMinus } from './arithmetic.ts';
import { choiceFunctions } from './choice-functions.ts';
import { compileComparison } from './comparison.ts';
import { contextFunctions } from './context-functions.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { semanticFault } from '../fault.ts';
import { compileBetween, compileMembership } from './membership.ts';
import { numberFunctions } from './number-functions.ts';
import { compilePlain, type PlainFunction } from './parameters.ts';
import { constantOf, type Compile, type Compiled, type Scope } from './scope.ts';
import { compileStringOperator } from './string-operators.ts';
import type { Call, Expression } from '../syntax/tree.ts';
import { textFunctions } from './text-functions.ts';
import { isBag, isList, type Value } from '../values.ts';

const plainFunctions: Readonly<Record<string, PlainFunction>> = {
  ...choiceFunctions,
  ...conversionFunctions,
  ...numberFunctions,
  ...textFunctions,
};

/**
 * Finds out what an expression means here: its type, and how it is evaluated for a row.
 * @throws {KqlFault} for a name, function or combination of types that makes no sense
 */
export function compileExpression(expression: Expression, scope: Scope): Compiled {
  const compile: Compile = (inner) => compileExpression(inner, scope);
  const compiled = compileAny(expression, scope, compile);
  return compiled.constant && expression.kind !== 'literal' ? once(compiled) : compiled;
}

function compileAny(expression: Expression, scope: Scope, compile: Compile): Compiled {
  const { at } = expression;
  switch (expression.kind) {
    case 'literal':
      return { type: expression.type, constant: true, evaluate: () => expression.value };
    case 'name':
      return compileName(expression.name, scope, at);
    case 'element':
      return compileElement(compile(expression.of), compile(expression.key), at);
    case 'minus':
      return compileMinus(compile(expression.of), expression.of.kind === 'literal', at);
    case 'logic':
      return compileLogic(expression, compile);
    case 'between':
      return compileBetween(expression, compile);
    case 'in':
      return compileMembership(expression, compile, scope);
    case 'call':
      return compileCall(expression, scope, compile);
    case 'binary': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      if (/^[-+*/%]$/.test(expression.operator)) return compileArithmetic(expression, left, right);
      if (/^(?:==|!=|[<>]=?)$/.test(expression.operator)) return compileComparison(expression, left, right);
      return compileStringOperator(expression, left, right);
    }
    case 'query':
      throw semanticFault(at, 'A query stands only in toscalar(…) and in (…).');
    case 'typeof':
      throw semanticFault(at, 'typeof(…) does not stand here.');
    case 'star':
      throw semanticFault(at, "'*' does not stand here.");
  }
}

/** A constant is evaluated when it is first needed, and not again. */
function once(compiled: Compiled): Compiled {
  let found: { readonly value: Value } | undefined;
  return { ...compiled, evaluate: () => (found ??= { value: constantOf(compiled) }).value };
}

function compileName(name: string, { columns, environment }: Scope, at: number): Compiled {
  const index = columns.findIndex((column) => column.name === name && !column.hidden);
  const column = columns[index];
  if (column)
    return { type: column.type, constant: false, evaluate: ({ rows, at: row }) => rows[row]?.[index] ?? null };
  const binding = environment.bindings.get(name);
  if (binding?.kind === 'scalar') return binding.value;
  if (binding || environment.tables.has(name)) throw semanticFault(at, `'${name}' is a table, not a value.`);
  throw semanticFault(at, `Failed to resolve column or scalar expression named '${name}'.`);
}

/** `of.key`, `of['key']`, `of[0]`; negative from the end. Null for what is not there. */
function compileElement(of: Compiled, key: Compiled, at: number): Compiled {
  if (of.type !== 'dynamic') throw semanticFault(at, `A ${of.type} has no members; only a dynamic value has.`);
  if (key.type !== 'string' && key.type !== 'long' && key.type !== 'int')
    throw semanticFault(at, `A ${key.type} is no key of a member.`);
  return {
    type: 'dynamic',
    constant: of.constant && key.constant,
    evaluate: (frame) => {
      const value = of.evaluate(frame);
      const name = key.evaluate(frame);
      if (typeof name === 'number') return isList(value) ? (value.at(name) ?? null) : null;
      return isBag(value) && typeof name === 'string' && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    },
  };
}

/** `and` is false as soon as a part is, `or` true; otherwise unknown (null) if a part is. */
function compileLogic(expression: Extract<Expression, { kind: 'logic' }>, compile: Compile): Compiled {
  const parts = expression.parts.map((part) => {
    const compiled = compile(part);
    if (compiled.type !== 'bool')
      throw semanticFault(part.at, `'${expression.operator}' takes a bool, not a ${compiled.type}.`);
    return compiled;
  });
  const decisive = expression.operator === 'or';
  return {
    type: 'bool',
    constant: parts.every(({ constant }) => constant),
    evaluate: (frame) => {
      let result: boolean | null = !decisive;
      for (const part of parts) {
        const value = part.evaluate(frame);
        if (value === decisive) return decisive;
        if (value === null) result = null;
      }
      return result;
    },
  };
}

function compileCall(call: Call, scope: Scope, compile: Compile): Compiled {
  const aggregate = scope.aggregate?.(call);
  if (aggregate) return aggregate;
  const context = Object.hasOwn(contextFunctions, call.name) ? contextFunctions[call.name] : undefined;
  if (context) return context({ call, scope, compile });
  const plain = Object.hasOwn(plainFunctions, call.name) ? plainFunctions[call.name] : undefined;
  if (plain) return compilePlain(plain, { call, scope, compile });
  if (aggregateNamed(call.name))
    throw semanticFault(call.at, `${call.name}() is an aggregate: it stands in summarize only.`);
  throw semanticFault(call.at, `Unknown function: '${call.name}'.`);
}
