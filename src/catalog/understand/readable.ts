import { plainCharacters } from './plain-characters.ts';

/** Characters of a text that are looked at; a pasted log beyond this is cut. */
export const maxLength = 100_000;

/**
 * A pasted text in a form that can be searched: plain digits and letters whatever script or width they came in, no
 * markup, no terminal colours, no invisible characters (zero-width, bidirectional, control). Order and wording stay.
 */
export function readable(raw: string): string {
  let text = raw.length > maxLength ? raw.slice(0, maxLength) : raw;
  if (/[^\n -~]/.test(text)) text = plainCharacters(text, maxLength);
  if (text.includes('<')) text = withoutMarkup(text);
  if (text.includes('&')) text = text.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, entity);
  if (text.includes('\\')) text = text.replace(escapedQuote, '').replace(escapedSpace, ' ');
  if (text.includes('%'))
    text = text.replace(/%(?:2[0-9A-F]|3[A-F])/gi, (hex) => character(parseInt(hex.slice(1), 16)));
  return text;
}

// A run of backslashes is tried from its first one only: from each of them, a long run would take the square of its length.
const escapedQuote = /(?<!\\)\\+(?:u0022|(?=["']))/g;
const escapedSpace = /(?<!\\)\\+[nrt](?=[^a-z]|$)/g;

const inlineTag = /<\/?(?:b|i|u|s|em|strong|span|code|font|a|mark|small|big|sub|sup|wbr|tt|kbd)(?:\s[^<>]{0,500})?>/gi;
const blockTag =
  /<\/?(?:p|div|br|hr|pre|li|ul|ol|table|tbody|thead|tr|td|th|h[1-6]|html|head|body|blockquote|section|img|title|details|summary)(?:\s[^<>]{0,500})?\/?>/gi;

/** Takes HTML out. Tags that are not HTML stay: `<ErrorCode>403002</ErrorCode>` says what its number is. */
function withoutMarkup(text: string): string {
  return text
    .replace(/<at\b[^<>]{0,200}>[^<>]{0,200}<\/at>/gi, ' ')
    .replace(inlineTag, '')
    .replace(blockTag, '\n');
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function entity(whole: string, name: string): string {
  if (!name.startsWith('#'))
    return Object.hasOwn(entities, name.toLowerCase()) ? (entities[name.toLowerCase()] ?? '') : whole;
  const hex = /^#x/i.test(name);
  return character(parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
}

/** A visible ASCII character by its number; anything else becomes a space. */
function character(code: number): string {
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : ' ';
}
