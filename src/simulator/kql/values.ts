/** The scalar types of Kusto that the stand-in knows. A column, and every expression, has one of them. */
export type KustoType = 'bool' | 'datetime' | 'dynamic' | 'int' | 'long' | 'real' | 'string' | 'timespan';

/**
 * A value; its type is that of its column. A datetime is in ms since 1970, a timespan in ms, an int or long a whole
 * number (exact up to 2^53, where Kusto goes to 2^63), a dynamic any JSON. A string is never null: it is empty.
 */
export type Value = null | boolean | number | string | readonly Value[] | Bag;
export interface Bag {
  readonly [key: string]: Value;
}

export interface Column {
  readonly name: string;
  readonly type: KustoType;
  /** Carried along the rows but not shown: when a record was ingested. */
  readonly hidden?: true;
}
export type Row = readonly Value[];
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export function isNumeric(type: KustoType): boolean {
  return type === 'int' || type === 'long' || type === 'real';
}

export function isBag(value: Value): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What stands where a column has no value: an outer join's other side, a union's missing column. */
export function absent(type: KustoType): Value {
  return type === 'string' ? '' : null;
}

/** What tells lists of values apart when rows are grouped: unequal for unequal lists, and a NaN equals itself. */
export function keyOf(values: readonly Value[]): string {
  let key = '';
  for (const value of values) {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
    key += `${typeof value} ${text.length} ${text}`;
  }
  return key;
}

/** Orders two values of one type that is not dynamic, neither of them null. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}
