import type { Words } from '../cards/words/words.ts';
import type { Explanation } from './explain.ts';

/** The line above an answer: that a code is not known, or that the answer is a guess. */
export function leadOf(found: Exclude<Explanation, { kind: 'unknown' }>, words: Words): string | undefined {
  const unknown = found.kind === 'several' ? found.unknown[0] : found.unknown;
  if (unknown) return words.familyOnly(unknown.code, unknown.family.family);
  return found.kind === 'one' && found.confidence === 'possible' ? words.answer.perhaps : undefined;
}
