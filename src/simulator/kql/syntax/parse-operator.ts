import { described, type Cursor } from './cursor.ts';
import { syntaxFault } from '../fault.ts';
import { listOf } from './lookahead.ts';
import { parseExpression, type ParsePipeline } from './parse-expression.ts';
import { parseJoin, parseTable } from './parse-join.ts';
import type { Assignment, ColumnPattern, Expression, Operator, Pipeline, SortKey } from './tree.ts';
import { typeNamed } from './typed-literals.ts';
import type { KustoType } from '../values.ts';

/** One operator, after its `|`. */
export function parseOperator(cursor: Cursor, query: ParsePipeline): Operator {
  const { at } = cursor.peek();
  const word = operatorWord(cursor);
  const expression = (): Expression => parseExpression(cursor, query);
  switch (word) {
    case 'where':
    case 'filter':
      return { kind: 'where', predicate: expression(), at };
    case 'extend':
    case 'project':
      return { kind: word, columns: parseAssignments(cursor, query), at };
    case 'distinct':
      return { kind: word, columns: distinctColumns(cursor, query), at };
    case 'serialize': {
      const bare = cursor.sees('|', ')', ';') || cursor.peek().kind === 'end';
      return { kind: word, columns: bare ? [] : parseAssignments(cursor, query), at };
    }
    case 'project-away':
    case 'project-keep':
      return { kind: word, patterns: listOf(cursor, () => columnPattern(cursor)), at };
    case 'project-rename':
      return { kind: word, columns: parseAssignments(cursor, query), at };
    case 'summarize':
      return summarize(cursor, query, at);
    case 'sort':
    case 'order':
      cursor.expect('by');
      return { kind: 'sort', keys: listOf(cursor, () => sortKey(cursor, query)), at };
    case 'top': {
      const count = expression();
      cursor.expect('by');
      return { kind: 'top', count, key: sortKey(cursor, query), at };
    }
    case 'take':
    case 'limit':
      return { kind: 'take', count: expression(), at };
    case 'count':
      return { kind: 'count', at };
    case 'join':
      return parseJoin(cursor, query, at);
    case 'union':
      return { kind: 'union', tables: parseUnion(cursor, query), at };
    case 'mv-expand':
      return expand(cursor, query, at);
    default:
      throw syntaxFault(at, `The stand-in does not know the operator '${word}'.`);
  }
}

/** `project-away` is three tokens without space between them. */
function operatorWord(cursor: Cursor): string {
  const first = cursor.take();
  if (first.kind !== 'name') throw syntaxFault(first.at, `Expected an operator, found ${described(first)}.`);
  const [dash, second] = [cursor.peek(), cursor.peek(1)];
  if (dash.text !== '-' || dash.at !== first.end || second.kind !== 'name' || second.at !== dash.end) return first.text;
  cursor.take();
  cursor.take();
  return `${first.text}-${second.text}`;
}

/** `a, name = b, (c, d) = e`. */
export function parseAssignments(cursor: Cursor, query: ParsePipeline): readonly Assignment[] {
  return listOf(cursor, () => assignment(cursor, query));
}

function assignment(cursor: Cursor, query: ParsePipeline): Assignment {
  const { at } = cursor.peek();
  let names: string[] = [];
  if (cursor.seesNameBefore('=')) {
    names = [cursor.name('a column name', 'given').name];
    cursor.expect('=');
  } else if (seesNameList(cursor)) {
    cursor.expect('(');
    names = listOf(cursor, () => cursor.name('a column name', 'given').name);
    cursor.expect(')');
    cursor.expect('=');
  }
  return { names, value: parseExpression(cursor, query), at };
}

/** `(a, b) =` */
function seesNameList(cursor: Cursor): boolean {
  if (!cursor.sees('(')) return false;
  for (let ahead = 1; cursor.peek(ahead).kind === 'name'; ahead += 2) {
    const { text } = cursor.peek(ahead + 1);
    if (text === ')') return cursor.peek(ahead + 2).text === '=';
    if (text !== ',') return false;
  }
  return false;
}

function distinctColumns(cursor: Cursor, query: ParsePipeline): readonly Assignment[] {
  const { at } = cursor.peek();
  return cursor.accept('*') ? [{ names: [], value: { kind: 'star', at }, at }] : parseAssignments(cursor, query);
}

function columnPattern(cursor: Cursor): ColumnPattern {
  const { name, at } = cursor.name('a column name', 'referred');
  return { pattern: cursor.accept('*') ? `${name}*` : name, at };
}

function summarize(cursor: Cursor, query: ParsePipeline, at: number): Operator {
  const columns = cursor.sees('by') ? [] : parseAssignments(cursor, query);
  const by = cursor.accept('by') ? parseAssignments(cursor, query) : [];
  return { kind: 'summarize', columns, by, at };
}

function sortKey(cursor: Cursor, query: ParsePipeline): SortKey {
  const { at } = cursor.peek();
  const by = parseExpression(cursor, query);
  const ascending = cursor.accept('asc');
  if (!ascending) cursor.accept('desc');
  let nullsFirst = ascending;
  if (cursor.accept('nulls')) {
    nullsFirst = cursor.accept('first');
    if (!nullsFirst) cursor.expect('last');
  }
  return { by, descending: !ascending, nullsFirst, at };
}

/** The tables of a union, after its word. */
export function parseUnion(cursor: Cursor, query: ParsePipeline): readonly Pipeline[] {
  if (cursor.sees('kind', 'withsource', 'isfuzzy') && cursor.peek(1).text === '=')
    throw syntaxFault(cursor.peek().at, `The stand-in does not know union's ${described(cursor.peek())}.`);
  return listOf(cursor, () => parseTable(cursor, query));
}

function expand(cursor: Cursor, query: ParsePipeline, at: number): Operator {
  const columns = listOf(cursor, () => {
    const column = assignment(cursor, query);
    let type: KustoType | undefined;
    if (cursor.accept('to')) {
      cursor.expect('typeof');
      cursor.expect('(');
      const word = cursor.take();
      type = typeNamed(word.text);
      if (type === undefined) throw syntaxFault(word.at, `The stand-in does not know the type ${described(word)}.`);
      cursor.expect(')');
    }
    return { ...column, type };
  });
  return { kind: 'mv-expand', columns, limit: cursor.accept('limit') ? parseExpression(cursor, query) : undefined, at };
}
