import { cursorOf, described, type Cursor } from './cursor.ts';
import { syntaxFault } from '../fault.ts';
import { listOf, pipesAhead } from './lookahead.ts';
import { parseExpression } from './parse-expression.ts';
import { parseAssignments, parseOperator, parseUnion } from './parse-operator.ts';
import type { Expression, LetStatement, Operator, Pipeline, Query, Source } from './tree.ts';
import { typeNamed } from './typed-literals.ts';

const sources = ['union', 'print', 'range', 'datatable', 'materialize'];

/**
 * Reads a query: `let` statements, then one tabular expression. @throws {KqlFault} with what and where, for what is not
 * Kusto and for what is not in the stand-in's part of it
 */
export function parseQuery(text: string): Query {
  const cursor = cursorOf(text);
  const lets: LetStatement[] = [];
  while (cursor.sees('let')) {
    lets.push(letStatement(cursor));
    cursor.expect(';');
  }
  const body = pipeline(cursor);
  cursor.accept(';');
  const rest = cursor.peek();
  if (rest.kind !== 'end') throw syntaxFault(rest.at, `Unexpected ${described(rest)}.`);
  return { lets, body };
}

function letStatement(cursor: Cursor): LetStatement {
  const { at } = cursor.expect('let');
  const { name } = cursor.name('the name of a variable', 'variable');
  cursor.expect('=');
  if (cursor.sees('view') || (cursor.sees('(') && (cursor.peek(1).text === ')' || cursor.peek(2).text === ':')))
    throw syntaxFault(at, 'The stand-in does not know functions that a query defines.');
  const tabular = cursor.sees(...sources) || pipesAhead(cursor);
  return { name, value: tabular ? pipeline(cursor, true) : parseExpression(cursor, pipeline), at };
}

/** @param named whether it is what a `let` names: the only place where Kusto takes `materialize(…)` */
function pipeline(cursor: Cursor, named = false): Pipeline {
  return cursor.nested(() => {
    const { at } = cursor.peek();
    const from = source(cursor, named);
    const operators: Operator[] = [];
    while (cursor.accept('|')) operators.push(parseOperator(cursor, pipeline));
    return { source: from, operators, at };
  });
}

function source(cursor: Cursor, named: boolean): Source {
  const { at } = cursor.peek();
  if (cursor.accept('(')) {
    const of = pipeline(cursor, named);
    cursor.expect(')');
    return { kind: 'group', of, at };
  }
  if (!cursor.sees(...sources)) return { kind: 'table', name: cursor.name('a table', 'referred').name, at };
  const { text } = cursor.take();
  switch (text) {
    case 'union':
      return { kind: 'union', tables: parseUnion(cursor, pipeline), at };
    case 'print':
      return { kind: 'print', columns: parseAssignments(cursor, pipeline), at };
    case 'range':
      return range(cursor, at);
    case 'datatable':
      return datatable(cursor, at);
    default: {
      if (!named) throw syntaxFault(at, 'materialize(…) stands only in a let statement.');
      cursor.expect('(');
      const of = pipeline(cursor);
      cursor.expect(')');
      return { kind: 'materialize', of, at };
    }
  }
}

function range(cursor: Cursor, at: number): Source {
  const { name } = cursor.name('a column name', 'variable');
  cursor.expect('from');
  const from = parseExpression(cursor, pipeline);
  cursor.expect('to');
  const to = parseExpression(cursor, pipeline);
  cursor.expect('step');
  return { kind: 'range', name, from, to, step: parseExpression(cursor, pipeline), at };
}

function datatable(cursor: Cursor, at: number): Source {
  cursor.expect('(');
  const columns = listOf(cursor, () => {
    const { name } = cursor.name('a column name', 'given');
    cursor.expect(':');
    const word = cursor.take();
    const type = typeNamed(word.text);
    if (type === undefined) throw syntaxFault(word.at, `The stand-in does not know the type ${described(word)}.`);
    return { name, type };
  });
  cursor.expect(')');
  cursor.expect('[');
  const values = cursor.sees(']') ? [] : listOf(cursor, () => literal(cursor));
  cursor.expect(']');
  return { kind: 'datatable', columns, values, at };
}

function literal(cursor: Cursor): Expression {
  const value = parseExpression(cursor, pipeline);
  if (value.kind === 'literal' || (value.kind === 'minus' && value.of.kind === 'literal')) return value;
  throw syntaxFault(value.at, 'A datatable takes only literals.');
}
