import type { Cursor } from './cursor.ts';

/** Whether a `|` comes before the brackets that are open now close, or before a comma or semicolon among them. */
export function pipesAhead(cursor: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const { kind, text } = cursor.peek(ahead);
    if (kind === 'end') return false;
    if (kind !== 'symbol') continue;
    if ('([{'.includes(text)) depth++;
    else if (')]}'.includes(text)) depth--;
    else if (text === '|' && (depth === 0 || onlyParentheses(cursor, depth))) return true;
    else if ((text === ';' || text === ',') && depth === 0) return false;
    if (depth < 0) return false;
  }
}

/** `((T | …` : nothing but parentheses before the query. */
function onlyParentheses(cursor: Cursor, depth: number): boolean {
  for (let ahead = 0; ahead < depth; ahead++) if (cursor.peek(ahead).text !== '(') return false;
  return true;
}

export function listOf<T>(cursor: Cursor, item: () => T): T[] {
  const items = [item()];
  while (cursor.accept(',')) items.push(item());
  return items;
}
