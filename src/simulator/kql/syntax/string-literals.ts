import { syntaxFault } from '../fault.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  0: '\0',
};

/**
 * The string literal that begins at `at`, and where it ends: `"…"` or `'…'`, verbatim with `@` before it, obfuscated
 * with `h`.
 * @throws {KqlFault} if it does not end on its line, or escapes what needs no escape
 */
export function readString(text: string, at: number): { readonly value: string; readonly end: number } {
  let i = at;
  if (/[hH]/.test(text[i] ?? '')) i++;
  const verbatim = text[i] === '@';
  if (verbatim) i++;
  const quote = text[i] ?? '';
  let value = '';
  for (i++; i < text.length; i++) {
    const sign = text[i] ?? '';
    if (sign === quote) {
      if (!verbatim || text[i + 1] !== quote) return { value, end: i + 1 };
      value += quote;
      i++;
    } else if (sign === '\n') break;
    else if (sign === '\\' && !verbatim) {
      const [read, length] = readEscape(text, i);
      value += read;
      i += length - 1;
    } else value += sign;
  }
  throw syntaxFault(at, `The string is not closed: ${quote} is missing.`);
}

function readEscape(text: string, at: number): readonly [string, number] {
  const coded = /^\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(text.slice(at, at + 6));
  if (coded) return [String.fromCharCode(Number.parseInt(coded[1] ?? coded[2] ?? '', 16)), coded[0].length];
  const sign = text[at + 1] ?? '';
  const plain = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
  if (plain === undefined)
    throw syntaxFault(at, `'\\${sign}' is no escape; a verbatim string, @"…", takes a backslash as it is.`);
  return [plain, 2];
}
