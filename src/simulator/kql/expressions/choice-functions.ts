import { commonType, type PlainFunction } from './parameters.ts';
import type { KustoType, Value } from '../values.ts';

/** `case(condition, then, condition, then, …, else)`; an unknown condition (null) counts as false. */
const choice: Omit<PlainFunction, 'takes'> = {
  gives: (types) => {
    const conditions = types.filter((_, i) => i % 2 === 0 && i < types.length - 1);
    const results = types.filter((_, i) => i % 2 === 1 || i === types.length - 1);
    return types.length % 2 === 1 && conditions.every((type) => type === 'bool') ? commonType(results) : undefined;
  },
  call: (args) => {
    for (let i = 0; i + 1 < args.length; i += 2) if (args[i] === true) return args[i + 1] ?? null;
    return args.at(-1) ?? null;
  },
};
const iff: PlainFunction = { ...choice, takes: ['bool', 'any', 'any'] };
const isNull = (value: Value | undefined, type: KustoType | undefined): boolean =>
  type !== 'string' && (value === undefined || value === null);

/** Functions that choose between their arguments, and those that ask for null. */
export const choiceFunctions: Readonly<Record<string, PlainFunction>> = {
  iff,
  iif: iff,
  case: { ...choice, takes: ['bool', 'any', 'any'], repeats: true },
  coalesce: {
    takes: ['any', 'any'],
    repeats: true,
    gives: commonType,
    call: (args) => args.find((value) => value !== null && value !== '') ?? args.at(-1) ?? null,
  },
  not: { takes: ['bool'], gives: 'bool', call: ([value]) => (value === null ? null : value !== true) },
  isnull: { takes: ['any'], gives: 'bool', call: ([value], [type]) => isNull(value, type) },
  isnotnull: { takes: ['any'], gives: 'bool', call: ([value], [type]) => !isNull(value, type) },
};
