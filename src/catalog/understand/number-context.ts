import vocabulary from './number-words.json' with { type: 'json' };

/**
 * What the surroundings of a number say about it: `code` an error code or status, `other` something else for certain,
 * `reply` something that came back from somewhere and so may well be a code, `open` nothing.
 */
export type NumberSense = 'code' | 'other' | 'reply' | 'open';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const codeWords = set(vocabulary.code);
const replyWords = set(vocabulary.reply);
const otherWords = set(vocabulary.other);
const numberedWords = set(vocabulary.numbered);
const otherCodes = set(vocabulary.otherCodes);
const quantities = set(vocabulary.quantities);
const units = set(vocabulary.units);
const fillers = set(vocabulary.fillers);
const gluedPrefixes = set(vocabulary.gluedPrefixes);
/** Labels of several words or with signs in them: `S/N 404104`, `call me at 404-104`, `support request 404104`. */
const otherLabel =
  /\b(?:s\/n|p\/n|(?:support|service|change|pull|merge) (?:request|case|call)|(?:call|ring|text|reach)(?: (?:me|us|him|her|them|back|on|at|now|please)){1,4})\W{0,3}$/i;
/** `400 000 sur 400 000`: an amount of a whole. */
const ofMany = /\d \s?(?:[a-z]+ )?(?:sur|of|out of)\s$|\d(?:\s[a-z]+)? (?:sur|of|out of) (?:les |the )?$/i;
/** Postal codes of these places have the digits of codes. */
const place =
  /\b(?:mumbai|bombay|thane|hyderabad|secunderabad|goa|panaji|panjim|palghar|solapur|satara|pune)[\s,.–-]{1,4}$/i;
const abbreviation = /\b(no|nr|num|ref|tel|art|inv|cmd)\. ?/gi;
const numberWords = /^(?:number|numero|num|nr|no|nos|n|id|ids)$/;

/** What the text around [from, to) makes of the number there. */
export function senseOf(text: string, from: number, to: number): NumberSense {
  const left = senseFromLeft(text, from);
  if (left === 'code' || left === 'other') return left;
  const right = senseFromRight(text, to);
  return right === 'open' ? left : right;
}

/** Whether letters written right before a number, as in `ERR_413001`, leave it an error code. */
export function mayPrefixCode(letters: string): boolean {
  return gluedPrefixes.has(letters.toLowerCase());
}

/** Lower-case words of a text; identifiers fall into theirs: `durationMs` is `duration ms`. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]+|\d+/g) ?? []
  );
}

/** The nearest word before the number that says anything decides: `order number 429001`, `error on device: 404104`. */
function senseFromLeft(text: string, at: number): NumberSense {
  let line = text.slice(Math.max(0, at - 64), at);
  line = line.slice(line.lastIndexOf('\n') + 1);
  if (/(?:[$€£¥]|\b(?:eur|usd|gbp|chf))\s?$/i.test(line)) return 'other';
  if (otherLabel.test(line) || ofMany.test(line) || place.test(line)) return 'other';
  // `ligne 2 : 404007`: the label has a number of its own.
  if (/[A-Za-z] \d{1,4}\s?:\s$/.test(line)) return 'open';
  // « balance des 404104 » : French for "throws", and no account.
  if (/\bbalance (?:des|une?|du) $/i.test(line)) return 'reply';
  const assigned = senseOfKey(line);
  if (assigned) return assigned;
  // The name of one thing, such as `pump-3`, is no label of the number after it.
  const clause = (
    line
      .replace(abbreviation, '$1 ')
      .split(/[.!?;,|>]\s|->|=>|\s-\s/)
      .at(-1) ?? ''
  ).replace(/[A-Za-z]\w*[-_.]?\d[\w.-]*/g, 'thing');
  const words = wordsOf(clause);
  let numbered = /#\s?$/.test(clause);
  for (let i = words.length - 1, looked = 0; i >= 0 && looked < 3; i--) {
    const word = words[i] ?? '';
    if (numberWords.test(word)) numbered = true;
    if (fillers.has(word) || /^\d+$/.test(word)) continue;
    looked++;
    if (word === 'code' || word === 'codes')
      return words.slice(Math.max(0, i - 2), i).some((before) => otherCodes.has(before)) ? 'other' : 'code';
    if (looked === 1 && otherCodes.has(word) && words.slice(Math.max(0, i - 2), i).includes('code')) return 'other';
    if (codeWords.has(word) && looked < 3) return 'code';
    if (replyWords.has(word)) return 'reply';
    if (looked > 1) continue;
    if (otherWords.has(word) || (numbered && numberedWords.has(word))) return 'other';
    if (word === 'id' || word === 'ids') return 'other';
  }
  return 'open';
}

/** `"orderId": 429001`, `ResultType=409002`: the key says what its number is. */
function senseOfKey(line: string): NumberSense | undefined {
  // The sign stands among the last four characters; without it, a long word would be tried from each of its letters.
  if (!/[:=]/.test(line.slice(-4))) return undefined;
  const found = /([A-Za-z][\w.-]*)(["'\])]{0,2}\s?[:=]\s?["'([]{0,2})$/.exec(line);
  if (!found) return undefined;
  const parts = [...wordsOf(line.slice(0, found.index)).slice(-1), ...wordsOf(found[1] ?? '')].slice(-3);
  if (/^codes?$/.test(parts.at(-1) ?? '') && parts.some((part) => otherCodes.has(part))) return 'other';
  parts.splice(0, parts.length, ...wordsOf(found[1] ?? ''));
  const last = parts.at(-1) ?? '';
  if (codeWords.has(parts.join('')) || (codeWords.has(last) && !parts.some((part) => otherCodes.has(part))))
    return 'code';
  const other =
    otherWords.has(parts.join('')) ||
    parts.some((part) => otherWords.has(part) || numberWords.test(part)) ||
    quantities.has(last);
  // In prose a colon may follow any word: "error on device: 404104".
  const prose = /^:\s$/.test(found[2] ?? '') && wordsOf(line.slice(0, found.index)).some((word) => codeWords.has(word));
  return other && !prose ? 'other' : 'open';
}

/** `429001 ms` is a quantity, `429001 is my order number` an order, `404104 errors` a code. */
function senseFromRight(text: string, end: number): NumberSense {
  let line = text.slice(end, end + 64);
  const stop = line.indexOf('\n');
  if (stop >= 0) line = line.slice(0, stop);
  if (/^\s?(?:[€$£¥%]|°\s?[CF]?\b)|^ (?:[a-z]+ )?(?:sur|of|out of) \d/i.test(line)) return 'other';
  const words = wordsOf(line).slice(0, 7);
  const [first = '', second = ''] = words;
  if (/^\s?[A-Za-z]/.test(line)) {
    if (codeWords.has(first)) return 'code';
    // "429001 messages", but "413001 message too large" and "404104 device error" name the error.
    if (units.has(first)) return codeWords.has(second) ? 'code' : /^\s?[A-Za-z]+\s?[:(]/.test(line) ? 'open' : 'other';
  }
  if (/^(?:is|are|was|est|sont|etait|as|comme|c|being)$/.test(first)) {
    const said = words.slice(1);
    if (said.some((word) => codeWords.has(word) && word !== 'code')) return 'code';
    if (said.some((word) => otherWords.has(word) || otherCodes.has(word) || numberedWords.has(word))) return 'other';
  }
  return 'open';
}
