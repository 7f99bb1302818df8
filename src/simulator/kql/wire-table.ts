import { wireInstant } from './datetimes.ts';
import { formatTimespan } from './timespans.ts';
import type { KustoType, Table, Value } from './values.ts';

/** A table as the API writes it: datetimes and timespans in words, a dynamic value as the text of its JSON. */
export interface WireTable {
  readonly name: 'PrimaryResult';
  readonly columns: readonly { readonly name: string; readonly type: KustoType }[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

export function wireTable({ columns, rows }: Table): WireTable {
  return {
    name: 'PrimaryResult',
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => columns.map(({ type }, i) => wireValue(row[i] ?? null, type))),
  };
}

function wireValue(value: Value, type: KustoType): string | number | boolean | null {
  if (value === null) return null;
  // A string in a dynamic goes without quotes; the client may then take "429001" for a number, as with Azure.
  if (typeof value === 'object' || (type === 'dynamic' && typeof value !== 'string')) return JSON.stringify(value);
  if (typeof value !== 'number') return value;
  if (type === 'datetime') return wireInstant(value);
  if (type === 'timespan') return formatTimespan(value);
  return Number.isFinite(value) ? value : String(value);
}
