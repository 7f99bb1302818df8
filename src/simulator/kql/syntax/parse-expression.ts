import { described, type Cursor } from './cursor.ts';
import { limitFault, syntaxFault } from '../fault.ts';
import { listOf, pipesAhead } from './lookahead.ts';
import type { Expression, Pipeline } from './tree.ts';
import { typedLiteral, typeNamed } from './typed-literals.ts';

/** Reads a whole query inside an expression: `toscalar(…)`, `in (T | …)`. Given from outside, for it reads expressions. */
export type ParsePipeline = (cursor: Cursor) => Pipeline;

/** Parts of one `a or b or c`, one `a + b + c`. */
const maxParts = 1_000;
const words =
  'contains contains_cs endswith endswith_cs has has_cs hasprefix hasprefix_cs hassuffix hassuffix_cs startswith startswith_cs'.split(
    ' ',
  );
const stringOperators = ['=~', '!~', ...words, ...words.map((word) => `!${word}`)];
const lists = ['in', '!in', 'in~', '!in~', 'has_any', 'has_all'];

/**
 * An expression, as Kusto groups it, loosest first: `or` · `and` · `== !=`, `in`, `between` · `< <= > >=` · `+ -` ·
 * `* / %` · `has`, `=~` and the other operators on strings · minus · member access. Comparisons do not chain.
 */
export function parseExpression(cursor: Cursor, query: ParsePipeline): Expression {
  return cursor.nested(() => logic(cursor, query, 'or'));
}

function logic(cursor: Cursor, query: ParsePipeline, operator: 'and' | 'or'): Expression {
  const part = (): Expression => (operator === 'or' ? logic(cursor, query, 'and') : equality(cursor, query));
  const parts = [part()];
  while (cursor.accept(operator)) {
    parts.push(part());
    if (parts.length > maxParts) throw limitFault(cursor.peek().at, `More than ${maxParts} parts in one ${operator}.`);
  }
  const [first] = parts;
  return first && parts.length === 1 ? first : { kind: 'logic', operator, parts, at: first?.at ?? 0 };
}

function equality(cursor: Cursor, query: ParsePipeline): Expression {
  const left = relation(cursor, query);
  if (cursor.sees('==', '!=', '<>')) {
    const { text, at } = cursor.take();
    return { kind: 'binary', operator: text === '<>' ? '!=' : text, left, right: relation(cursor, query), at };
  }
  if (cursor.sees(...lists)) {
    const { text, at } = cursor.take();
    cursor.expect('(');
    const items = listOf(cursor, () => queryOrExpression(cursor, query));
    cursor.expect(')');
    return { kind: 'in', operator: text, of: left, items, at };
  }
  if (cursor.sees('between', '!between')) {
    const { text, at } = cursor.take();
    cursor.expect('(');
    const from = additive(cursor, query);
    cursor.expect('..');
    const to = additive(cursor, query);
    cursor.expect(')');
    return { kind: 'between', negated: text.startsWith('!'), of: left, from, to, at };
  }
  return left;
}

function relation(cursor: Cursor, query: ParsePipeline): Expression {
  const left = additive(cursor, query);
  if (!cursor.sees('<', '<=', '>', '>=')) return left;
  const { text, at } = cursor.take();
  return { kind: 'binary', operator: text, left, right: additive(cursor, query), at };
}

function additive(cursor: Cursor, query: ParsePipeline): Expression {
  return chain(cursor, ['+', '-'], () => chain(cursor, ['*', '/', '%'], () => onStrings(cursor, query)));
}

function chain(cursor: Cursor, operators: readonly string[], part: () => Expression): Expression {
  let left = part();
  for (let count = 1; cursor.sees(...operators); count++) {
    const { text, at } = cursor.take();
    if (count > maxParts) throw limitFault(at, `More than ${maxParts} parts in one sum or product.`);
    left = { kind: 'binary', operator: text, left, right: part(), at };
  }
  return left;
}

function onStrings(cursor: Cursor, query: ParsePipeline): Expression {
  const left = signed(cursor, query);
  if (cursor.sees('matches')) {
    const { at } = cursor.take();
    cursor.expect('regex');
    return { kind: 'binary', operator: 'matches regex', left, right: signed(cursor, query), at };
  }
  if (!cursor.sees(...stringOperators)) return left;
  const { text, at } = cursor.take();
  return { kind: 'binary', operator: text, left, right: signed(cursor, query), at };
}

function signed(cursor: Cursor, query: ParsePipeline): Expression {
  const { at } = cursor.peek();
  if (cursor.accept('-')) return { kind: 'minus', of: path(cursor, query), at };
  cursor.accept('+');
  return path(cursor, query);
}

function path(cursor: Cursor, query: ParsePipeline): Expression {
  let of = primary(cursor, query);
  for (let count = 0; cursor.sees('.', '['); count++) {
    const { text, at } = cursor.take();
    if (count > maxParts) throw limitFault(at, `More than ${maxParts} members in one path.`);
    if (text === '.' && !cursor.sees('[')) {
      const member = cursor.take();
      if (member.kind !== 'name') throw syntaxFault(member.at, `Expected a member's name, found ${described(member)}.`);
      of = { kind: 'element', of, key: { kind: 'literal', type: 'string', value: member.text, at: member.at }, at };
      continue;
    }
    if (text === '.') cursor.expect('[');
    const key = parseExpression(cursor, query);
    cursor.expect(']');
    of = { kind: 'element', of, key, at };
  }
  return of;
}

function primary(cursor: Cursor, query: ParsePipeline): Expression {
  const token = cursor.peek();
  const { at } = token;
  switch (token.kind) {
    case 'string': {
      let value = '';
      while (cursor.peek().kind === 'string') value += String(cursor.take().value);
      return { kind: 'literal', type: 'string', value, at };
    }
    case 'long':
    case 'real':
    case 'timespan':
      cursor.take();
      return { kind: 'literal', type: token.kind, value: token.value ?? null, at };
    case 'typed':
      return typedLiteral(cursor.take());
    case 'name':
      if (token.text === 'true' || token.text === 'false') {
        cursor.take();
        return { kind: 'literal', type: 'bool', value: token.text === 'true', at };
      }
      if (cursor.peek(1).text === '(' && cursor.peek(1).kind === 'symbol') return call(cursor, query);
      return { kind: 'name', ...cursor.name('an expression', 'referred') };
    case 'symbol': {
      if (token.text === '[') return { kind: 'name', ...cursor.name('an expression', 'referred') };
      if (!cursor.accept('(')) break;
      const inner = parseExpression(cursor, query);
      cursor.expect(')');
      return inner;
    }
    case 'end':
      break;
  }
  throw syntaxFault(at, `Expected an expression, found ${described(token)}.`);
}

function call(cursor: Cursor, query: ParsePipeline): Expression {
  const { text: name, at } = cursor.take();
  if (name.startsWith('!')) throw syntaxFault(at, `Unexpected '${name}'.`);
  cursor.expect('(');
  if (name === 'typeof') {
    const word = cursor.take();
    const type = typeNamed(word.text);
    if (type === undefined) throw syntaxFault(word.at, `The stand-in does not know the type ${described(word)}.`);
    cursor.expect(')');
    return { kind: 'typeof', type, at };
  }
  const args = cursor.sees(')') ? [] : listOf(cursor, () => argument(cursor, query, name));
  cursor.expect(')');
  return { kind: 'call', name, args, at };
}

function argument(cursor: Cursor, query: ParsePipeline, of: string): Expression {
  const { at } = cursor.peek();
  if (cursor.accept('*')) return { kind: 'star', at };
  if (of === 'toscalar') return { kind: 'query', query: cursor.nested(() => query(cursor)), at };
  return parseExpression(cursor, query);
}

/** In `in (…)`: a query if a pipe follows before the parenthesis closes, else an expression. */
function queryOrExpression(cursor: Cursor, query: ParsePipeline): Expression {
  const { at } = cursor.peek();
  if (!pipesAhead(cursor)) return parseExpression(cursor, query);
  return { kind: 'query', query: cursor.nested(() => query(cursor)), at };
}
