import { emptyState, step } from '../detection/generic/scorer.ts';
import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';
import { csvRows, textOf } from './csv.ts';

export interface ScoredCsv {
  /** `timestamp,value,score`, one line per row of the input, timestamp and value as they stood there. */
  readonly csv: string;
  readonly rows: number;
  /** Rows without a value. */
  readonly empty: number;
  /** Rows whose timestamp or value could not be read. They too have a score, 0. */
  readonly unreadable: number;
}

const missing = new Set(['', 'null', 'nan', 'na', 'n/a', 'none', '-']);
const dateTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * `2026-03-10 09:05:00`, ISO 8601 (UTC unless it says otherwise), or a number: seconds or milliseconds since 1970, or,
 * below any plausible one, a count of five-minute bins. `null` if it is none of these.
 */
export function instantOf(text: string): EpochMs | null {
  const [, date, time, zone] = dateTime.exec(text) ?? [];
  if (date !== undefined) {
    const at = Date.parse(`${date}T${(time ?? '00:00').replace(',', '.')}${zone?.toUpperCase() ?? 'Z'}`);
    return Number.isNaN(at) ? null : at;
  }
  const number = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return null;
  if (Math.abs(number) >= 1e11) return number;
  return Math.abs(number) >= 1e8 ? number * SECOND : number * 5 * MINUTE;
}

/** `null` if the file has no header line that names `timestamp` and `value`. */
export function scoreCsv(file: string): ScoredCsv | null {
  const rows = csvRows(file);
  const header = rows.next().value?.map((field) => textOf(field).toLowerCase()) ?? [];
  const [atColumn, valueColumn] = [header.indexOf('timestamp'), header.indexOf('value')];
  if (atColumn < 0 || valueColumn < 0) return null;
  const lines = ['timestamp,value,score'];
  let state = emptyState;
  let empty = 0;
  let unreadable = 0;
  for (const row of rows) {
    const [atField = '', valueField = ''] = [row[atColumn], row[valueColumn]];
    const at = instantOf(textOf(atField));
    const text = textOf(valueField);
    const isMissing = missing.has(text.toLowerCase());
    const value = isMissing ? null : Number(text);
    if (isMissing) empty++;
    if (at === null || Number.isNaN(value)) unreadable++;
    const scored = step(state, at ?? Number.NaN, value);
    state = scored.state;
    lines.push(`${atField},${valueField},${Number(scored.score.toPrecision(9))}`);
  }
  return { csv: `${lines.join('\n')}\n`, rows: lines.length - 1, empty, unreadable };
}
