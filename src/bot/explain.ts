import { familyOf, findEntry, findFamily } from '../catalog/catalog.ts';
import type { Entry, Family } from '../catalog/schema.ts';

/** What the catalogue has for a question. */
export type Explanation =
  | { readonly kind: 'entry'; readonly subject: Entry }
  | { readonly kind: 'family'; readonly subject: Family; readonly unknownCode?: string }
  | { readonly kind: 'unknown' };

/** Finds the error that a text names. */
export function explain(text: string): Explanation {
  const code = /(?<!\d)[45]\d{2}(?:\d{3}|xxx)(?!\d)/i.exec(text)?.[0].toLowerCase();
  if (code === undefined) return { kind: 'unknown' };
  const entry = findEntry(code);
  if (entry) return { kind: 'entry', subject: entry };
  const family = findFamily(code) ?? familyOf(code);
  if (!family) return { kind: 'unknown' };
  return { kind: 'family', subject: family, ...(code.endsWith('x') ? {} : { unknownCode: code }) };
}
