/** What a character becomes when nothing is left of it, and what stands for more than one character, in `plain`. */
const nothing = 0xffff;
const several = 0xfffe;

/** Of each character of the basic plane that came up: the one that it becomes; 0 for one that has not come up. */
const plain = new Uint16Array(0x1_0000);
/** The same where it takes more than one code unit to say, by code point; a few thousand at most. */
const longer = new Map<number, string>();

// eslint-disable-next-line no-control-regex -- terminal colours begin with a control character
const terminalColour = /\u001b\[[0-9;]*[A-Za-z]/g;
const space = /^[\t\r\v\f\p{Zs}]$/u;
const lineBreak = /^[\u0085\p{Zl}\p{Zp}]$/u;
const invisible = /^(?:[\p{Cf}\p{Mn}\p{Me}]|(?!\n)\p{Cc})$/u;
const digit = /^\p{Nd}$/u;
const dash = /^[\u2010-\u2015\u2212]$/;
const quote = /^[\u2018\u2019\u02bc]$/;

/** The text being made; kept, as a new one for each text would mostly be work for the garbage collector. */
let units = new Uint16Array(0);

/**
 * A text in plain characters: compatibility forms (full-width, mathematical, enclosed) and digits of other scripts as
 * plain ones, letters without accents, no terminal colours, nothing that cannot be seen. At most `limit` characters: one
 * character of some scripts stands for a dozen.
 *
 * One pass that looks each character up: normalisation and a pattern for each kind of character took three times as
 * long where nearly all are beyond ASCII.
 */
export function plainCharacters(text: string, limit: number): string {
  const source = text.includes('\u001b') ? text.replace(terminalColour, '') : text;
  if (units.length < limit) units = new Uint16Array(limit);
  let length = 0;
  let all = 0;
  for (let i = 0; i < source.length && length < limit; i++) {
    let code = source.charCodeAt(i);
    let becomes = plain[code] ?? 0;
    if (becomes === 0 || becomes >= several) {
      if (becomes === nothing) continue;
      if (isOneOfThousands(code)) {
        all |= units[length++] = code;
        continue;
      }
      if ((code & 0xf800) === 0xd800) code = source.codePointAt(i) ?? code;
      if (code > 0xffff) i++;
      const known = longer.get(code) ?? learn(code);
      if (known.length !== 1) {
        for (let k = 0; k < known.length && length < limit; k++) all |= units[length++] = known.charCodeAt(k);
        continue;
      }
      becomes = known.charCodeAt(0);
    }
    all |= units[length++] = becomes;
  }
  // A text in bytes is searched at half the cost of one in pairs of bytes.
  if (all < 0x100) return Buffer.from(units.subarray(0, length)).toString('latin1');
  const done = Buffer.from(units.buffer, 0, 2 * length).toString('utf16le');
  // Letters of Hangul and vowel signs of India may have grown together with their neighbours.
  return done.normalize('NFC');
}

/** Ideographs and syllables of Hangul stay as they are; they are too many to be looked at one by one. */
function isOneOfThousands(code: number): boolean {
  return (code >= 0x3400 && code <= 0x4dbf) || (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3);
}

/** What one character becomes; remembered, but for lone halves of pairs. */
function learn(code: number): string {
  const char = String.fromCodePoint(code);
  const known = Array.from(lineBreak.test(char) ? '\n' : char.normalize('NFKD'), becomes)
    .join('')
    .normalize('NFC');
  const only = known.charCodeAt(0);
  if (code <= 0xffff && known === '') plain[code] = nothing;
  else if (code <= 0xffff && known.length === 1 && only > 0 && only < several && (code & 0xf800) !== 0xd800)
    plain[code] = only;
  else longer.set(code, known);
  return known;
}

function becomes(char: string): string {
  if (space.test(char)) return ' ';
  if (invisible.test(char)) return '';
  if (digit.test(char)) return valueOf(char);
  if (dash.test(char)) return '-';
  if (quote.test(char)) return "'";
  return char === '\u00d7' ? 'x' : char;
}

/** `4` for `٤` or `४`: in every script the ten digits stand in a row, so a digit's value is its distance to the first. */
function valueOf(char: string): string {
  const at = char.codePointAt(0) ?? 0;
  let first = at;
  while (at - first < 9 && digit.test(String.fromCodePoint(first - 1))) first--;
  return String(at - first);
}
