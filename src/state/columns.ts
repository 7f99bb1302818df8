import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { asciiJson } from './ascii-json.ts';

// A value in the columns of an entity. An entity holds 1 MiB, a column 64 KiB, and text counts as UTF-16. So a value is
// JSON in as many text columns as it needs, and beyond that it is deflated into binary columns.

export type Columns = Readonly<Record<string, string | Uint8Array>>;

const textPiece = 30_000;
const longestText = 300_000;
const bytesPiece = 60_000;
const mostBytes = 900_000;
/** What a damaged row may grow to when it is inflated. */
const mostInflated = 100_000_000;

/** The columns of a value, or how many bytes it has too many columns for. */
export function toColumns(value: unknown): Columns | { readonly tooLarge: number } {
  const json = asciiJson(value);
  if (json.length <= longestText) return inPieces('json', json.length, textPiece, (from, to) => json.slice(from, to));
  const bytes = deflateRawSync(json);
  if (bytes.length > mostBytes) return { tooLarge: bytes.length };
  return inPieces('zip', bytes.length, bytesPiece, (from, to) => bytes.subarray(from, to));
}

/** The value in an entity's columns; `undefined` if there is none to be read. */
export function fromColumns(entity: Readonly<Record<string, unknown>>): unknown {
  try {
    const zipped = pieces(entity, 'zip').filter((piece) => piece instanceof Uint8Array);
    const json =
      zipped.length > 0
        ? inflateRawSync(Buffer.concat(zipped), { maxOutputLength: mostInflated }).toString('latin1')
        : pieces(entity, 'json').join('');
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function inPieces<T extends string | Uint8Array>(
  name: string,
  length: number,
  piece: number,
  cut: (from: number, to: number) => T,
): Record<string, T> {
  const columns: Record<string, T> = {};
  for (let i = 0; i * piece < length; i++) columns[`${name}${String(i)}`] = cut(i * piece, (i + 1) * piece);
  return columns;
}

function pieces(entity: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const found: unknown[] = [];
  while (`${name}${String(found.length)}` in entity) found.push(entity[`${name}${String(found.length)}`]);
  return found;
}
