import { datetimeDiff, formatDatetime } from '../datetimes.ts';
import { semanticFault } from '../fault.ts';
import { checkCount, type CallContext, type ContextFunction } from './parameters.ts';
import { compileRegex } from '../regex.ts';
import { constantOf, visible, type Compiled, type Frame } from './scope.ts';
import { conversionFunctions } from './conversion-functions.ts';
import { absent, type KustoType, type Value } from '../values.ts';
import { wordsOf } from '../words.ts';

/** Functions that look at more than the values of their arguments: the clock, other rows, the columns there are. */
export const contextFunctions: Readonly<Record<string, ContextFunction>> = {
  now: (context) => moment(context, 1),
  ago: (context) => moment(context, -1),
  prev: (context) => neighbour(context, -1),
  next: (context) => neighbour(context, 1),
  row_number: ({ call, scope }) => {
    checkCount(call, 0, 0);
    requireOrder(call.name, scope.serialized, call.at);
    return { type: 'long', constant: false, evaluate: (frame) => frame.at + 1 };
  },
  ingestion_time: ({ call, scope }) => {
    checkCount(call, 0, 0);
    const index = scope.columns.findIndex((column) => column.hidden);
    if (index < 0) throw semanticFault(call.at, 'ingestion_time() is known only of the records of a table.');
    return { type: 'datetime', constant: false, evaluate: ({ rows, at }) => rows[at]?.[index] ?? null };
  },
  column_ifexists: ({ call, scope, compile }) => {
    checkCount(call, 2, 2);
    const name = literalText(call.name, call.args[0], call.at);
    const found = scope.columns.some((column) => column.name === name);
    const fallback = compile(call.args[1] ?? call);
    if (!found) return fallback;
    const column = compile({ kind: 'name', name, at: call.at });
    if (column.type === fallback.type) return column;
    throw semanticFault(call.at, `The column '${name}' is a ${column.type}, its default a ${fallback.type}.`);
  },
  toscalar: ({ call, scope }) => {
    checkCount(call, 1, 1);
    const [query] = call.args;
    if (query?.kind !== 'query') throw semanticFault(call.at, 'toscalar() takes a query.');
    const plan = scope.environment.plan(query.query);
    const [first] = visible(plan.columns);
    if (!first) throw semanticFault(call.at, 'The query in toscalar() has no column.');
    const index = plan.columns.indexOf(first);
    return { type: first.type, constant: true, evaluate: () => plan.rows()[0]?.[index] ?? absent(first.type) };
  },
  extract,
  format_datetime: ({ call, compile }) => {
    checkCount(call, 2, 2);
    const [at] = compiledArgs(call.name, call.args.slice(0, 1), ['datetime'], compile);
    const format = literalText(call.name, call.args[1], call.at);
    if (formatDatetime(0, format) === undefined)
      throw semanticFault(call.at, `The stand-in does not know the format '${format}'.`);
    return overOne(at, 'string', (value) => (typeof value === 'number' ? (formatDatetime(value, format) ?? '') : ''));
  },
  datetime_diff: ({ call, compile }) => {
    checkCount(call, 3, 3);
    const period = literalText(call.name, call.args[0], call.at);
    if (datetimeDiff(period, 0, 0) === undefined)
      throw semanticFault(call.at, `The stand-in does not know the period '${period}'.`);
    const [a, b] = compiledArgs(call.name, call.args.slice(1), ['datetime', 'datetime'], compile);
    return {
      type: 'long',
      constant: (a?.constant ?? false) && (b?.constant ?? false),
      evaluate: (frame) => {
        const [from, to] = [a?.evaluate(frame), b?.evaluate(frame)];
        return typeof from === 'number' && typeof to === 'number' ? (datetimeDiff(period, from, to) ?? null) : null;
      },
    };
  },
};

/** `now()`, `now(offset)`, `ago(span)`: the simulated time, and so much after or before it. */
function moment({ call, scope, compile }: CallContext, sign: 1 | -1): Compiled {
  checkCount(call, sign === 1 ? 0 : 1, 1);
  const { now } = scope.environment;
  const [offset] = compiledArgs(call.name, call.args, ['timespan'], compile);
  if (!offset) return { type: 'datetime', constant: true, evaluate: () => now };
  return overOne(offset, 'datetime', (value) => (typeof value === 'number' ? now + sign * value : null));
}

/** `prev(column, rows back, default)` and `next`. */
function neighbour({ call, scope, compile }: CallContext, sign: 1 | -1): Compiled {
  checkCount(call, 1, 3);
  requireOrder(call.name, scope.serialized, call.at);
  const [column] = call.args;
  if (column?.kind !== 'name') throw semanticFault(column?.at ?? call.at, `${call.name}() takes the name of a column.`);
  const [value, offset, fallback] = call.args.map((arg) => compile(arg));
  if (!value) throw semanticFault(call.at, `${call.name}() needs a value.`);
  if (offset && (!offset.constant || (offset.type !== 'long' && offset.type !== 'int')))
    throw semanticFault(call.at, `${call.name}() takes a constant whole number of rows.`);
  if (fallback && fallback.type !== value.type)
    throw semanticFault(call.at, `${call.name}() takes a default of the type ${value.type}, not ${fallback.type}.`);
  const distance = sign * (offset ? Number(constantOf(offset)) : 1);
  return {
    type: value.type,
    constant: false,
    evaluate: (frame) => {
      const at = frame.at + distance;
      if (at < 0 || at >= frame.rows.length) return fallback ? fallback.evaluate(frame) : absent(value.type);
      const there: Frame = { rows: frame.rows, at };
      return value.evaluate(there);
    },
  };
}

/** `extract(regex, group, text)`, and with a type behind it. */
function extract({ call, compile }: CallContext): Compiled {
  checkCount(call, 3, 4);
  const [regex, group, source] = call.args.slice(0, 3).map((arg) => compile(arg));
  const last = call.args[3];
  if (last && last.kind !== 'typeof') throw semanticFault(last.at, 'extract() takes typeof(…) as its argument 4.');
  if (!regex?.constant || regex.type !== 'string')
    throw semanticFault(call.at, 'extract() takes a constant string as its argument 1.');
  if (!group?.constant || (group.type !== 'long' && group.type !== 'int'))
    throw semanticFault(call.at, 'extract() takes a constant whole number as its argument 2.');
  if (!source || (source.type !== 'string' && source.type !== 'dynamic'))
    throw semanticFault(call.at, 'extract() takes a string as its argument 3.');
  const pattern = compileRegex(wordsOf(constantOf(regex), 'string'), call.at);
  const index = Number(constantOf(group));
  const type = last?.type ?? 'string';
  const convert = type === 'string' ? undefined : conversionFunctions[`to${type}`];
  if (type !== 'string' && !convert) throw semanticFault(call.at, `extract() gives no ${type}.`);
  return overOne(source, type, (value) => {
    const found = pattern.exec(wordsOf(value, source.type))?.[index];
    if (convert) return found === undefined ? null : convert.call([found], ['string']);
    return found ?? '';
  });
}

function overOne(of: Compiled | undefined, type: KustoType, compute: (value: Value) => Value): Compiled {
  return {
    type,
    constant: of?.constant ?? false,
    evaluate: (frame) => compute(of?.evaluate(frame) ?? null),
  };
}

function compiledArgs(
  name: string,
  args: CallContext['call']['args'],
  types: readonly KustoType[],
  compile: CallContext['compile'],
): readonly Compiled[] {
  return args.map((arg, i) => {
    const compiled = compile(arg);
    if (compiled.type !== types[i])
      throw semanticFault(arg.at, `${name}() takes a ${types[i] ?? 'value'} here, not a ${compiled.type}.`);
    return compiled;
  });
}

function literalText(name: string, arg: CallContext['call']['args'][number] | undefined, at: number): string {
  if (arg?.kind !== 'literal' || arg.type !== 'string')
    throw semanticFault(at, `${name}() takes a string literal here.`);
  return wordsOf(arg.value, arg.type);
}

function requireOrder(name: string, serialized: boolean, at: number): void {
  if (!serialized) throw semanticFault(at, `${name}() needs rows in an order: sort or serialize them first.`);
}
