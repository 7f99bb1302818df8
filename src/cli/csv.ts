/** One line of a CSV file: its fields as they stand in the file, quotes included. */
export type CsvRow = readonly string[];

/** What a field says: without its quotes, doubled quotes as one, blanks around it removed. */
export function textOf(field: string): string {
  const text = field.trim();
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replaceAll('""', '"').trim();
}

/**
 * The rows of a CSV file: LF, CRLF or CR, with or without a byte order mark; a quoted field may hold commas and line
 * ends. Empty lines are no rows. A quote that is never closed ends with the file.
 */
export function* csvRows(file: string): Generator<CsvRow, undefined> {
  const start = file.startsWith('\uFEFF') ? 1 : 0;
  let fields: string[] = [];
  let from = start;
  let quoted = false;
  for (let index = start; index <= file.length; index++) {
    const char = index < file.length ? file[index] : '\n';
    if (char === '"') quoted = !quoted;
    const ends = char === '\n' || char === '\r';
    if (index < file.length && (quoted || (char !== ',' && !ends))) continue;
    fields.push(file.slice(from, index));
    from = index + 1;
    if (!ends) continue;
    if (fields.length > 1 || fields[0]?.trim() !== '') yield fields;
    fields = [];
  }
}
