import glossary from './glossary.json' with { type: 'json' };
import lexicon from './lexicon.json' with { type: 'json' };

/** Words of a description whose terms are looked at. */
const maxWords = 250;

const stopWords = new Set(lexicon.stop.split(' '));

/** Endings of English and French that change nothing. */
const ending = /(?:ements?|ments?|ations?|ingly|ings?|ions?|ees?|ers?|ed|es|s|e|x|nt)$/;
/** Letters of a word that look at each other: what is left of a word that is misspelt, bent or compound. */
const run = 4;

/**
 * What the words of a readable text say, closer to the wording than its concepts: the sense of a word in the glossary
 * (`~refuse`) or else its stem (`-throttl`), its letters in runs of four (`.thro`), and two stems side by side, little words
 * included, for they tell "per second" from "a second job" (`+per_second`).
 */
export function termsOf(text: string): ReadonlySet<string> {
  const terms = new Set<string>();
  const words =
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  words.length = Math.min(words.length, maxWords);
  const stems = words.map(stemOf);
  stems.forEach((stem, i) => {
    if (i > 0) terms.add(`+${stems[i - 1] ?? ''}_${stem}`);
  });
  for (const word of new Set(words)) {
    for (const sense of sensesOf(word)) terms.add(`~${sense}`);
    if (stopWords.has(word)) continue;
    terms.add(`-${stemOf(word)}`);
    const bordered = `^${word.slice(0, 40)}$`;
    for (let i = 0; i + run <= bordered.length; i++) terms.add(`.${bordered.slice(i, i + run)}`);
  }
  return terms;
}

function stemOf(word: string): string {
  return word.replace(ending, (found) => (word.length - found.length >= 4 ? '' : found));
}

interface Senses {
  readonly ofWord: ReadonlyMap<string, readonly string[]>;
  readonly ofBeginning: ReadonlyMap<string, readonly string[]>;
}

let built: Senses | undefined;

function sensesOf(word: string): readonly string[] {
  built ??= build();
  const whole = built.ofWord.get(word);
  if (whole) return whole;
  for (let length = Math.min(word.length, 20); length >= 3; length--) {
    const senses = built.ofBeginning.get(word.slice(0, length));
    if (senses) return senses;
  }
  return [];
}

function build(): Senses {
  const ofWord = new Map<string, string[]>();
  const ofBeginning = new Map<string, string[]>();
  for (const [sense, words] of Object.entries(glossary.words))
    for (const written of words.split(' ')) {
      const index = written.endsWith('*') ? ofBeginning : ofWord;
      const word = written.replace('*', '');
      const senses = index.get(word);
      if (senses) senses.push(sense);
      else index.set(word, [sense]);
    }
  return { ofWord, ofBeginning };
}
