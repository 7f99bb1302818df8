import { limitFault, syntaxFault } from '../fault.ts';
import { reservedNames, type NameUse } from './reserved-names.ts';
import { tokenize, type Token } from './tokens.ts';

/** Brackets in brackets, and the like; a query of a person has a handful. */
const maxDepth = 60;

/** Goes through the tokens of a query, from the first to the end. */
export interface Cursor {
  /** The next token (or the one `ahead` after it), not taken. */
  peek(ahead?: number): Token;
  take(): Token;
  /** Whether the next token is this sign or word. */
  sees(...texts: readonly string[]): boolean;
  /** Takes the next token if it is this sign or word. */
  accept(text: string): boolean;
  /** @throws {KqlFault} if the next token is another one */
  expect(text: string): Token;
  /** Whether the next tokens are a name, plain or in brackets, with `after` (a sign) behind it. */
  seesNameBefore(after: string): boolean;
  /** A name that is given or referred to: plain, or `['in brackets']`. */
  name(what: string, use: NameUse): { readonly name: string; readonly at: number };
  /** Runs a part of the parser one level deeper. @throws {KqlFault} if that is too deep */
  nested<T>(parse: () => T): T;
}

export function cursorOf(text: string): Cursor {
  const tokens = tokenize(text);
  const last = tokens.length - 1;
  let index = 0;
  let depth = 0;

  const peek = (ahead = 0): Token => tokens[Math.min(index + ahead, last)] as Token;
  const is = (token: Token, text: string): boolean =>
    token.text === text && (token.kind === 'symbol' || token.kind === 'name');
  const take = (): Token => {
    const token = peek();
    index++;
    return token;
  };
  const isBracketed = (): boolean => is(peek(), '[') && peek(1).kind === 'string' && is(peek(2), ']');

  return {
    peek,
    take,
    sees: (...texts) => texts.some((each) => is(peek(), each)),
    accept: (each) => {
      if (!is(peek(), each)) return false;
      index++;
      return true;
    },
    expect: (each) => {
      if (!is(peek(), each)) throw syntaxFault(peek().at, `Expected '${each}', found ${described(peek())}.`);
      return take();
    },
    seesNameBefore: (after) => (isBracketed() ? is(peek(3), after) : peek().kind === 'name' && is(peek(1), after)),
    name: (what, use) => {
      const { at } = peek();
      if (isBracketed()) {
        take();
        const name = String(take().value);
        take();
        return { name, at };
      }
      const token = peek();
      if (token.kind !== 'name' || token.text.startsWith('!'))
        throw syntaxFault(at, `Expected ${what}, found ${described(token)}.`);
      if (reservedNames[use].has(token.text))
        throw syntaxFault(at, `'${token.text}' is a word of the language: as a name it is written ['${token.text}'].`);
      return { name: take().text, at };
    },
    nested: (parse) => {
      if (++depth > maxDepth) throw limitFault(peek().at, `The query is nested more than ${maxDepth} levels deep.`);
      const result = parse();
      depth--;
      return result;
    },
  };
}

export function described(token: Token): string {
  return token.kind === 'end' ? token.text : `'${token.text.slice(0, 60)}'`;
}
