import { formatInstant } from './datetimes.ts';
import { formatTimespan } from './timespans.ts';
import type { KustoType, Value } from './values.ts';

/** A value in words, as `tostring()` gives it: null is the empty string, a dynamic string goes without its quotes. */
export function wordsOf(value: Value, type: KustoType): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') {
    if (type === 'datetime') return formatInstant(value);
    if (type === 'timespan') return formatTimespan(value);
    return String(value);
  }
  return JSON.stringify(value);
}

/** A value as an element of a dynamic: what JSON has no type for becomes its words. */
export function toDynamic(value: Value, type: KustoType): Value {
  if (value !== null && (type === 'datetime' || type === 'timespan')) return wordsOf(value, type);
  return value;
}
