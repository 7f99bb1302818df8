import { editDistance } from './edit-distance.ts';

/** How many more spellings the names of one text may be compared with, letter by letter. */
export interface Comparisons {
  left: number;
}

/** A spelling near to a word. */
export interface Near {
  readonly spelling: string;
  readonly distance: number;
}

/**
 * Finds which of a list of spellings, of nine letters or more, a word may be a misspelling of: those nearest to it, in
 * the order of the list. Words and spellings are letters and digits in lower case.
 */
export function misspeltAmong(
  spellings: readonly string[],
): (word: string, comparisons: Comparisons) => readonly Near[] {
  const byTrigram = new Map<number, number[]>();
  spellings.forEach((spelling, i) => {
    eachTrigram(spelling, (trigram) => {
      const list = byTrigram.get(trigram);
      if (list) list.push(i);
      else byTrigram.set(trigram, [i]);
    });
  });
  const lengths = Uint16Array.from(spellings, ({ length }) => length);
  const shared = new Uint16Array(spellings.length);

  return (word, comparisons) => {
    const limit = allowedTypos(word.length);
    if (limit === 0) return [];
    shared.fill(0);
    eachTrigram(word, (trigram) => {
      const list = byTrigram.get(trigram);
      if (list) for (const i of list) shared[i] = (shared[i] ?? 0) + 1;
    });
    // One typo touches at most four trigrams.
    const least = Math.max(2, word.length - 2 - 4 * limit);
    let nearest: Near[] = [];
    let best = limit;
    for (let i = 0; i < spellings.length && comparisons.left > 0; i++) {
      if ((shared[i] ?? 0) < least || Math.abs((lengths[i] ?? 0) - word.length) > limit) continue;
      comparisons.left--;
      const spelling = spellings[i] ?? '';
      const distance = editDistance(word, spelling, best);
      if (distance > best) continue;
      if (distance < best) nearest = [];
      best = distance;
      nearest.push({ spelling, distance });
    }
    return nearest;
  };
}

function allowedTypos(length: number): number {
  return length < 9 ? 0 : length < 12 ? 1 : length < 18 ? 2 : length < 25 ? 3 : 4;
}

/** Three characters as one number: shorter to keep and quicker to look up than a piece of text. */
function eachTrigram(word: string, visit: (trigram: number) => void): void {
  let trigram = (word.charCodeAt(0) << 7) | word.charCodeAt(1);
  for (let i = 2; i < word.length; i++) {
    trigram = ((trigram << 7) | word.charCodeAt(i)) & 0x1fffff;
    visit(trigram);
  }
}
