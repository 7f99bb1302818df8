import { described, type Cursor } from './cursor.ts';
import { syntaxFault } from '../fault.ts';
import type { ParsePipeline } from './parse-expression.ts';
import type { JoinKey, JoinKind, Operator, Pipeline } from './tree.ts';

const joinKinds: Readonly<Record<string, JoinKind>> = {
  inner: 'inner',
  innerunique: 'innerunique',
  leftouter: 'leftouter',
  leftsemi: 'leftsemi',
  leftanti: 'leftanti',
  leftantisemi: 'leftanti',
  anti: 'leftanti',
};

/** `join kind=leftouter (T | …) on name, $left.a == $right.b`, after its word. */
export function parseJoin(cursor: Cursor, query: ParsePipeline, at: number): Operator {
  let flavor: JoinKind = 'innerunique';
  if (cursor.accept('kind')) {
    cursor.expect('=');
    const word = cursor.take();
    const known = Object.hasOwn(joinKinds, word.text) ? joinKinds[word.text] : undefined;
    if (!known) throw syntaxFault(word.at, `The stand-in does not know the kind of join ${described(word)}.`);
    flavor = known;
  }
  const right = parseTable(cursor, query);
  cursor.expect('on');
  const keys: JoinKey[] = [];
  do keys.push(joinKey(cursor));
  while (cursor.accept(',') || cursor.accept('and'));
  return { kind: 'join', flavor, right, keys, at };
}

function joinKey(cursor: Cursor): JoinKey {
  const { at } = cursor.peek();
  if (!cursor.accept('$left')) {
    const { name } = cursor.name('a column name', 'referred');
    return { left: name, right: name, at };
  }
  cursor.expect('.');
  const left = cursor.name('a column name', 'referred').name;
  cursor.expect('==');
  cursor.expect('$right');
  cursor.expect('.');
  return { left, right: cursor.name('a column name', 'referred').name, at };
}

/** A table's name, or a query in parentheses. */
export function parseTable(cursor: Cursor, query: ParsePipeline): Pipeline {
  const { at } = cursor.peek();
  if (!cursor.accept('(')) {
    const { name } = cursor.name('a table', 'referred');
    return { source: { kind: 'table', name, at }, operators: [], at };
  }
  const inner = cursor.nested(() => query(cursor));
  cursor.expect(')');
  return inner;
}
