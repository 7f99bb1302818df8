import type { Entry, Family } from '../schema.ts';

/** A number in a text that is a code of the catalogue, a family, or a code that the catalogue lacks. */
export type CodeMention = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'code'; readonly entry: Entry }
  | { readonly kind: 'family'; readonly family: Family }
  /** Six digits whose prefix is a real family, but no code that is known. */
  | { readonly kind: 'unknown'; readonly code: string; readonly family: Family }
);

/** The matches of a sticky pattern that begin at one of `places`, none of which overlaps the one before it. */
export function* matchesAt(pattern: RegExp, text: string, places: readonly number[]): Generator<RegExpExecArray> {
  let from = 0;
  for (const at of places) {
    if (at < from) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    from = at + match[0].length;
    yield match;
  }
}
