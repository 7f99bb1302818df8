import { parseDatetime } from '../datetimes.ts';
import { syntaxFault } from '../fault.ts';
import type { Literal } from './tree.ts';
import { parseTimespan } from '../timespans.ts';
import type { Token } from './tokens.ts';
import type { KustoType, Value } from '../values.ts';

const types: Readonly<Record<string, KustoType>> = {
  bool: 'bool',
  boolean: 'bool',
  date: 'datetime',
  datetime: 'datetime',
  double: 'real',
  dynamic: 'dynamic',
  int: 'int',
  long: 'long',
  real: 'real',
  string: 'string',
  time: 'timespan',
  timespan: 'timespan',
};

/** The type that a word such as `double` names; `undefined` for `decimal`, `guid` and words that name none. */
export function typeNamed(word: string): KustoType | undefined {
  return Object.hasOwn(types, word) ? types[word] : undefined;
}

/** The value of `datetime(…)`, `timespan(…)`, `long(…)`, `dynamic(…)` and so on; all of them take `null`. */
export function typedLiteral({ text, value: inside, at }: Token): Literal {
  const type = typeNamed(text);
  if (type === undefined) throw syntaxFault(at, `The stand-in does not know the type ${text}.`);
  const source = String(inside).trim();
  const value = source === 'null' ? null : readers[type](source);
  if (value === undefined)
    throw syntaxFault(at, `'${source.slice(0, 60)}' is not a value of the type ${type} that the stand-in reads.`);
  return { kind: 'literal', type, value, at };
}

const unquoted = (source: string): string => /^(["'])(.*)\1$/.exec(source)?.[2] ?? source;
const whole = (source: string): number | undefined =>
  /^[+-]?(?:\d{1,15}|0x[0-9a-fA-F]{1,12})$/.test(source) ? Number(source) : undefined;

const readers: Readonly<Record<KustoType, (source: string) => Value | undefined>> = {
  bool: (source) => (source === 'true' ? true : source === 'false' ? false : undefined),
  datetime: (source) => parseDatetime(unquoted(source)),
  dynamic: readDynamic,
  int: whole,
  long: whole,
  real: (source) => {
    if (source === 'nan') return Number.NaN;
    if (/^[+-]?inf$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
    return /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(source) ? Number(source) : undefined;
  },
  string: () => undefined,
  timespan: (source) => parseTimespan(unquoted(source)),
};

/** JSON, in which strings may also stand in single quotes. */
function readDynamic(source: string): Value | undefined {
  const json = source.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'/g, (string, single?: string) =>
    single === undefined ? string : `"${single.replaceAll(String.raw`\'`, "'").replaceAll('"', String.raw`\"`)}"`,
  );
  try {
    return JSON.parse(json) as Value;
  } catch {
    return undefined;
  }
}
