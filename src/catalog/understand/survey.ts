import type { Span } from './spans.ts';

/** What a text has, found in one pass: the patterns that look closer need only go where it says, if anywhere. */
export interface Survey {
  /** Where a row of exactly so many digits stands that begins with a 4 or a 5, in order. */
  readonly digits: { readonly [count in 1 | 3 | 4 | 6]: readonly number[] };
  /** Identifiers, `[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*`, of at least eight characters. */
  readonly identifiers: readonly Span[];
}

/** Shortest name of anything that is known. */
const shortest = 8;

const joint = 1;
const digit = 2;
const letter = 3;

const kinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[A-Za-z]/.test(char) ? letter : /\d/.test(char) ? digit : /[_-]/.test(char) ? joint : 0;
});

/** The text being surveyed, in code units; kept, as a new one for each text would mostly be work for the garbage collector. */
let units = new Uint16Array(4_096);

export function surveyOf(text: string): Survey {
  const digits: Record<1 | 3 | 4 | 6, number[]> = { 1: [], 3: [], 4: [], 6: [] };
  const identifiers: Span[] = [];
  if (text.length >= units.length) units = new Uint16Array(2 * text.length);
  Buffer.from(units.buffer).write(text, 'utf16le');
  // The end of the text ends what is still going on.
  units[text.length] = 0;
  let count = 0;
  let start = -1;
  let before = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = units[i] ?? 0;
    const kind = unit < 0x80 ? (kinds[unit] ?? 0) : 0;
    if (kind === digit) count++;
    else if (count > 0) {
      if ((count === 6 || count === 3 || count === 1 || count === 4) && ((units[i - count] ?? 0) & 0xfe) === 0x34)
        digits[count].push(i - count);
      count = 0;
    }
    if (start < 0) {
      if (kind === letter) start = i;
    } else if (kind === 0 || (kind === joint && before === joint)) {
      const end = before === joint ? i - 1 : i;
      if (end - start >= shortest) identifiers.push({ at: start, end });
      start = -1;
    }
    before = kind;
  }
  return { digits, identifiers };
}
