import { limitFault, syntaxFault } from '../fault.ts';
import { readString } from './string-literals.ts';
import { timespanUnit } from '../timespans.ts';

type TokenKind = 'name' | 'long' | 'real' | 'timespan' | 'string' | 'typed' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a bracketed name (`['a b']`) the name, of a typed literal (`datetime(…)`) the type's name. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Of a number its value, of a timespan its ms, of a string its text, of a typed literal what is in the parentheses. */
  readonly value?: number | string;
}

/** Longer than any query that a person or Hubwatch writes; Azure takes more. */
const maxCharacters = 64_000;
const maxTokens = 8_000;

const typedNames: ReadonlySet<string> = new Set(
  'bool boolean date datetime decimal double dynamic guid int long real time timespan'.split(' '),
);
const patterns = {
  space: /(?:\s|\/\/[^\n]*)+/y,
  string: /[hH]?@?["']/y,
  number: /0x[0-9a-fA-F]+|\d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?/y,
  name: /!?[A-Za-z_$][A-Za-z0-9_$]*/y,
  tail: /[A-Za-z0-9_]+/y,
  symbol: /==|!=|=~|!~|<=|>=|<>|\.\.|[|,;:()[\]{}.=<>+\-*/%]/y,
};

/** Cuts a query into tokens, the last of kind `end`. @throws {KqlFault} for a character or literal that is none */
export function tokenize(text: string): readonly Token[] {
  if (text.length > maxCharacters) throw limitFault(0, `The query is longer than ${maxCharacters} characters.`);
  const tokens: Token[] = [];
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  let at = 0;
  for (;;) {
    at += match(patterns.space, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = next(text, at, match);
    tokens.push(token);
    if (tokens.length > maxTokens) throw limitFault(at, `The query has more than ${maxTokens} words and signs.`);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: 'the end of the query', at: text.length, end: text.length });
  return tokens;
}

function next(text: string, at: number, match: (pattern: RegExp, at: number) => string | undefined): Token {
  if (match(patterns.string, at) !== undefined) {
    const { value, end } = readString(text, at);
    return { kind: 'string', text: text.slice(at, end), at, end, value };
  }
  const number = match(patterns.number, at);
  if (number !== undefined) return numberToken(at, number, match(patterns.tail, at + number.length) ?? '');
  const name = match(patterns.name, at);
  if (name !== undefined) {
    const end = at + name.length;
    const opening = (match(patterns.space, end)?.length ?? 0) + end;
    if (typedNames.has(name) && text[opening] === '(') return typedToken(text, at, name, opening);
    // `in~` and `!in~` are one word.
    if (/^!?in$/.test(name) && text[end] === '~') return { kind: 'name', text: `${name}~`, at, end: end + 1 };
    return { kind: 'name', text: name, at, end };
  }
  const symbol = match(patterns.symbol, at);
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, at, end: at + symbol.length };
  throw syntaxFault(at, `Unexpected character '${String.fromCodePoint(text.codePointAt(at) ?? 0)}'.`);
}

function numberToken(at: number, number: string, tail: string): Token {
  const text = number + tail;
  const end = at + text.length;
  if (tail === '') {
    const whole = /^(?:\d+|0x.+)$/.test(number);
    return { kind: whole ? 'long' : 'real', text, at, end, value: Number(number) };
  }
  const unit = timespanUnit(tail);
  if (unit !== undefined && /^\d+(?:\.\d+)?$/.test(number))
    return { kind: 'timespan', text, at, end, value: Number(number) * unit };
  // A name may begin with a digit.
  if (/^\d+$/.test(number)) return { kind: 'name', text, at, end };
  throw syntaxFault(at, `'${text}' is neither a number nor a timespan.`);
}

/** `datetime(2026-03-10)`: what is in the parentheses is not made of tokens, it is read as it stands. */
function typedToken(text: string, at: number, name: string, opening: number): Token {
  let depth = 0;
  for (let i = opening; i < text.length; i++) {
    const sign = text[i] ?? '';
    if (sign === '"' || sign === "'") i = readString(text, i).end - 1;
    else if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    if (depth === 0) return { kind: 'typed', text: name, at, end: i + 1, value: text.slice(opening + 1, i) };
  }
  throw syntaxFault(opening, `The parenthesis after ${name} is not closed.`);
}
