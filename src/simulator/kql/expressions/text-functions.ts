import type { PlainFunction } from './parameters.ts';
import { isBag, isList, type Value } from '../values.ts';
import { toDynamic, wordsOf } from '../words.ts';

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const whole = (value: Value | undefined): number => (typeof value === 'number' ? Math.trunc(value) : 0);

/** Functions on strings, and on dynamic values. */
export const textFunctions: Readonly<Record<string, PlainFunction>> = {
  tolower: { takes: ['text'], gives: 'string', call: ([a]) => text(a).toLowerCase() },
  toupper: { takes: ['text'], gives: 'string', call: ([a]) => text(a).toUpperCase() },
  strlen: { takes: ['text'], gives: 'long', call: ([a]) => Array.from(text(a)).length },
  strcat: {
    takes: ['any', 'any'],
    optional: 1,
    repeats: true,
    gives: 'string',
    call: (args, types) => args.map((value, i) => wordsOf(value, types[i] ?? 'string')).join(''),
  },
  substring: {
    takes: ['text', 'whole', 'whole'],
    optional: 1,
    gives: 'string',
    call: ([source, start, length]) => {
      const from = whole(start) < 0 ? Math.max(0, text(source).length + whole(start)) : whole(start);
      return text(source).slice(from, length === undefined ? undefined : from + Math.max(0, whole(length)));
    },
  },
  replace_string: {
    takes: ['text', 'text', 'text'],
    gives: 'string',
    call: ([source, sought, by]) =>
      sought === '' ? text(source) : text(source).replaceAll(text(sought), () => text(by)),
  },
  indexof: { takes: ['text', 'text'], gives: 'long', call: ([source, sought]) => text(source).indexOf(text(sought)) },
  split: {
    takes: ['text', 'text', 'whole'],
    optional: 1,
    gives: 'dynamic',
    call: ([source, delimiter, index]) => {
      const parts = delimiter === '' ? [text(source)] : text(source).split(text(delimiter));
      if (index === undefined) return parts;
      const part = parts[whole(index)];
      return part === undefined ? [] : [part];
    },
  },
  isempty: { takes: ['any'], gives: 'bool', call: ([a]) => a === null || a === '' },
  isnotempty: { takes: ['any'], gives: 'bool', call: ([a]) => a !== null && a !== '' },
  array_length: {
    takes: ['dynamic'],
    gives: 'long',
    call: ([a]) => (isList(a ?? null) ? (a as Value[]).length : null),
  },
  bag_keys: {
    takes: ['dynamic'],
    gives: 'dynamic',
    call: ([a]) => (a !== undefined && isBag(a) ? Object.keys(a) : null),
  },
  strcat_array: {
    takes: ['dynamic', 'text'],
    gives: 'string',
    call: ([list, delimiter]) =>
      list !== undefined && isList(list) ? list.map((each) => wordsOf(each, 'dynamic')).join(text(delimiter)) : '',
  },
  set_has_element: {
    takes: ['dynamic', 'any'],
    gives: 'bool',
    call: ([list, value], types) =>
      list !== undefined && isList(list) ? list.includes(toDynamic(value ?? null, types[1] ?? 'dynamic')) : null,
  },
  pack_array: {
    takes: ['any'],
    repeats: true,
    gives: 'dynamic',
    call: (args, types) => args.map((value, i) => toDynamic(value, types[i] ?? 'dynamic')),
  },
  bag_pack: {
    takes: ['any', 'any'],
    repeats: true,
    gives: (types) =>
      types.length % 2 === 0 && types.every((type, i) => i % 2 === 1 || type === 'string') ? 'dynamic' : undefined,
    call: (args, types) => {
      const entries: [string, Value][] = [];
      for (let i = 0; i + 1 < args.length; i += 2)
        entries.push([text(args[i]), toDynamic(args[i + 1] ?? null, types[i + 1] ?? 'dynamic')]);
      return Object.fromEntries(entries);
    },
  },
};
