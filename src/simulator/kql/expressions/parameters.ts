import { limitFault, semanticFault } from '../fault.ts';
import type { Compile, Compiled, Scope } from './scope.ts';
import type { Call } from '../syntax/tree.ts';
import { absent, isNumeric, type KustoType, type Value } from '../values.ts';
import { wordsOf } from '../words.ts';

/** What an argument must be. `text`: a string, or a dynamic taken for its words; `whole`: an int or long. */
type Parameter = 'any' | 'bool' | 'datetime' | 'dynamic' | 'number' | 'text' | 'timespan' | 'whole';

/** A function whose value is that of its arguments: nothing else decides it. */
export interface PlainFunction {
  readonly takes: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** Whether the last parameter may come again and again. */
  readonly repeats?: boolean;
  /** The type of its value; if that depends on the arguments, `undefined` for arguments that do not go together. */
  readonly gives: KustoType | ((types: readonly KustoType[]) => KustoType | undefined);
  /** An argument that is `text` comes as a string, never null; one that is left out is not in the list. */
  readonly call: (args: readonly Value[], types: readonly KustoType[]) => Value;
}

/** What a function that looks at more than the values of its arguments is given. */
export interface CallContext {
  readonly call: Call;
  readonly scope: Scope;
  readonly compile: Compile;
}
/** A function that looks at the query, the row or the clock; it checks its arguments itself. */
export type ContextFunction = (context: CallContext) => Compiled;

/** A string that is doubled again and again would end the process, not the query. */
const maxLength = 1_000_000;

export function compilePlain(definition: PlainFunction, { call, compile }: CallContext): Compiled {
  const { takes, optional = 0, repeats = false, gives, call: compute } = definition;
  checkCount(call, takes.length - optional, repeats ? Infinity : takes.length);
  const args = call.args.map((arg) => compile(arg));
  const types = args.map(({ type }) => type);
  const wanted = args.map((_, i) => takes[Math.min(i, takes.length - 1)] ?? 'any');
  types.forEach((type, i) => {
    if (!fits(type, wanted[i] ?? 'any'))
      throw semanticFault(
        call.args[i]?.at ?? call.at,
        `${call.name}() takes ${nouns[wanted[i] ?? 'any']} as its argument ${i + 1}, not a ${type}.`,
      );
  });
  const type = typeof gives === 'function' ? gives(types) : gives;
  if (type === undefined)
    throw semanticFault(call.at, `${call.name}() does not go with arguments of the types ${types.join(', ')}.`);
  return {
    type,
    constant: args.every(({ constant }) => constant),
    evaluate: (frame) => {
      const values = args.map((arg, i) => {
        const value = arg.evaluate(frame);
        return wanted[i] === 'text' ? wordsOf(value, arg.type) : value;
      });
      const result = compute(values, types) ?? absent(type);
      if (typeof result === 'string' && result.length > maxLength)
        throw limitFault(call.at, `${call.name}() gives a string of more than ${maxLength} characters.`);
      return result;
    },
  };
}

const nouns: Readonly<Record<Parameter, string>> = {
  any: 'anything',
  bool: 'a bool',
  datetime: 'a datetime',
  dynamic: 'a dynamic value',
  number: 'a number',
  text: 'a string',
  timespan: 'a timespan',
  whole: 'a whole number',
};

function fits(type: KustoType, parameter: Parameter): boolean {
  switch (parameter) {
    case 'any':
      return true;
    case 'number':
      return isNumeric(type);
    case 'text':
      return type === 'string' || type === 'dynamic';
    case 'whole':
      return type === 'int' || type === 'long';
    case 'bool':
    case 'datetime':
    case 'dynamic':
    case 'timespan':
      return type === parameter;
  }
}

/** @throws {KqlFault} if the call has too few or too many arguments */
export function checkCount(call: Call, least: number, most: number): void {
  const count = call.args.length;
  if (count >= least && count <= most) return;
  const range = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  throw semanticFault(call.at, `${call.name}() expects ${range} argument(s), not ${count}.`);
}

/** The one type that values of these types have in common: what `iff` and `coalesce` give. */
export function commonType(types: readonly KustoType[]): KustoType | undefined {
  const distinct = new Set(types);
  const [only] = distinct;
  if (distinct.size === 1) return only;
  if (![...distinct].every(isNumeric)) return undefined;
  return distinct.has('real') ? 'real' : 'long';
}
