import { editDistance } from './edit-distance.ts';
import lexicon from './lexicon.json' with { type: 'json' };

/** A word or expression of a text: what it may mean. Words that are not in the lexicon mean themselves (`=vault`). */
export interface Meaning {
  readonly concepts: readonly string[];
  readonly word: string;
  /** Place in the row of words. */
  readonly at: number;
}

interface Pattern {
  /** As the lexicon has it, without its sign. */
  readonly written: string;
  readonly concept: string;
  /** Adds its concept and leaves the words to other patterns: "cannot" of "cannot find". */
  readonly passing: boolean;
  /** Its words, once somebody has asked: of six thousand patterns a question needs a few dozen. */
  words?: readonly string[];
}

const negations = new Set([
  'not',
  'never',
  'no',
  'without',
  'pas',
  'plus',
  'jamais',
  'sans',
  'ni',
  'nothing',
  'aucun',
  'aucune',
  'nicht',
  'kein',
  'non',
]);
const stopWords = new Set(lexicon.stop.split(' '));
/** Words that mean nothing here, or another product, but are spelt right. */
const ordinary = new Set(`${lexicon.ordinary} ${lexicon.foreign}`.split(' '));
/** Contracted negations as they are typed on phones. */
const contracted = /^(can|do|does|did|is|are|was|were|wo|would|could|should|has|have|had)nt$/;
const numberWords: ReadonlyMap<string, string> = new Map([
  ['ten', '10'],
  ['dix', '10'],
  ['twenty', '20'],
  ['vingt', '20'],
  ['thirty', '30'],
  ['trente', '30'],
  ['forty', '40'],
  ['quarante', '40'],
  ['fifty', '50'],
  ['cinquante', '50'],
  ['sixty', '60'],
  ['soixante', '60'],
  ['hundred', '100'],
  ['cent', '100'],
  ['three', '3'],
  ['trois', '3'],
  ['four', '4'],
  ['quatre', '4'],
  ['five', '5'],
  ['cinq', '5'],
]);
const units: readonly (readonly [token: string, words: RegExp])[] = [
  [
    '#persecond',
    /^(?:msgs?|messages?|events?|requests?|telemetr\w*|mesures?|envois|connections?|connexions?) ?(?:\/|per |par |a )(?:s|sec|second|seconde)\b|^(?:\/|per |par )(?:s|sec|second|seconde)\b/,
  ],
  ['#permin', /^(?:msgs?|messages?|events?|requests?|mesures?)? ?(?:\/|per |par |a )(?:m|min|minute)\b/],
  ['#size', /^(?:k|kb|ko|kib|kbytes?|kilobytes?|kilo-?octets?|mb|mo|mib|megabytes?|bytes?|octets?)\b/],
  ['#seconds', /^(?:s|secs?|seconds?|secondes?|ms)\b/],
  ['#minutes', /^(?:min|mins|minutes?|mn)\b/],
  ['#clock', /^(?:am|pm|:\d\d|o'?clock|h\d\d|uhr)\b/],
  ['#hours', /^(?:h|hr|hrs|hours?|heures?)\b/],
  ['#days', /^(?:d|days?|jours?|j)\b/],
  ['#weeks', /^(?:w|weeks?|semaines?|sem)\b/],
  ['#months', /^(?:months?|mois)\b/],
  ['#years', /^(?:years?|ans?|annees?)\b/],
  ['#percent', /^(?:%|percent|pourcent|pour cent)/],
];
const things =
  /^(?:k|000)? ?(?:iot )?(?:devices?|appareils|capteurs|sensors|boards?|gateways|passerelles|automates|machines|units|thermostats|trackers|meters|compteurs|objets)\b/;

/** Longest text, in words, whose misspelt words are looked up. */
const maxCorrected = 40;

/** What the words of a readable text mean, in order. With `forgiving`, misspelt words count as what they resemble. */
export function meaningsOf(text: string, forgiving = false): readonly Meaning[] {
  const { byWord, byStem, longestStem } = patterns();
  const words = wordsIn(text);
  const meanings: Meaning[] = [];
  let corrected = 0;
  let at = 0;
  // Words up to here belong to an expression and need no meaning of their own.
  let covered = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    let length = 0;
    let concepts: string[] = [];
    const consider = (list: readonly Pattern[] | undefined): void => {
      for (const pattern of list ?? []) {
        const end = matchEnd(pattern, words, at);
        if (end === 0) continue;
        if (pattern.passing) {
          meanings.push({ concepts: [pattern.concept], word, at });
          covered = Math.max(covered, at + end);
          continue;
        }
        if (end < length) continue;
        if (end > length) concepts = [];
        length = end;
        if (!concepts.includes(pattern.concept)) concepts.push(pattern.concept);
      }
    };
    consider(byWord.get(word));
    for (let k = 2; k <= Math.min(word.length, longestStem); k++) consider(byStem.get(word.slice(0, k)));
    if (negations.has(word)) consider(byWord.get('~not'));
    if (length > 0) meanings.push({ concepts, word, at });
    else if (at >= covered && !stopWords.has(word) && !negations.has(word) && word.length > 1 && !/^\d/.test(word)) {
      const resembled =
        forgiving && word.length > 4 && !ordinary.has(word) && ++corrected <= maxCorrected
          ? resembling(word)
          : undefined;
      meanings.push({ concepts: resembled ?? [`=${word.replace(/(?<=..)(?:es|s|x)$/, '')}`], word, at });
    }
    at += Math.max(1, length);
  }
  return [...meanings, ...together(meanings)];
}

/** How many words of the text, from `at`, a pattern covers; stop words in between are stepped over. 0: no match. */
function matchEnd(pattern: Pattern, words: readonly string[], at: number): number {
  const wanted = (pattern.words ??= pattern.written.split(' '));
  let here = at;
  for (let i = 0; i < wanted.length; i++) {
    const wantedHere = wanted[i] ?? '';
    let steps = 0;
    while (here < words.length && !matches(wantedHere, words[here] ?? '')) {
      if (i === 0 || ++steps > 3 || !(stopWords.has(words[here] ?? '') || /^\d/.test(words[here] ?? ''))) return 0;
      here++;
    }
    if (here >= words.length) return 0;
    here++;
  }
  return here - at;
}

function matches(pattern: string, word: string): boolean {
  if (pattern === '~not') return negations.has(word);
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : pattern === word;
}

/** Meanings that two words have only together: a connection that is lost. */
function* together(meanings: readonly Meaning[]): Generator<Meaning> {
  const firsts = placesIn(meanings, firstOf);
  const rests = placesIn(meanings, restOf);
  for (const [rule, concept] of nearConcepts.entries())
    for (const at of firsts.get(rule) ?? [])
      if (rests.get(rule)?.some((other) => Math.abs(other - at) <= 6)) yield { concepts: [concept], word: '', at };
}

/** Of each rule, where in a text its words and concepts stand, in order; `rules` are those of a word or concept. */
function placesIn(
  meanings: readonly Meaning[],
  rules: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (const { concepts, word, at } of meanings)
    for (const rule of new Set([word, ...concepts].flatMap((said) => rules.get(said) ?? []))) {
      const known = places.get(rule);
      if (known) known.push(at);
      else places.set(rule, [at]);
    }
  return places;
}

const nearConcepts = lexicon.near.map(([concept = '']) => concept);
const firstOf = rulesOf(lexicon.near.map(([, first = '']) => first));
const restOf = rulesOf(lexicon.near.map(([, , rest = '']) => rest));

function rulesOf(lists: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const rules = new Map<string, number[]>();
  for (const [rule, list] of lists.entries())
    for (const said of new Set(list.split('|'))) {
      const known = rules.get(said);
      if (known) known.push(rule);
      else rules.set(said, [rule]);
    }
  return rules;
}

/** Lower-case words; numbers with a unit become one (`65 min` is `#minutes`), negations are spelt out. */
function wordsIn(text: string): string[] {
  const words: string[] = [];
  const lower = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  for (const { 0: word, index } of lower.matchAll(/[a-z][a-z0-9]*(?:'[a-z]+)?|\$body|\d+(?:[.,]\d+)?/g)) {
    const number = /^\d/.test(word) ? word : (numberWords.get(word) ?? '');
    if (number !== '') {
      const rest = lower
        .slice(index + word.length, index + word.length + 24)
        .replace(/^\+/, '')
        .trimStart();
      if (Number(number) >= 100 && /^s\b/.test(rest)) {
        words.push('thousands');
        continue;
      }
      const unit = units.find(([, pattern]) => pattern.test(rest));
      if (unit) words.push(unit[0] === '#minutes' ? minutes(Number(number)) : unit[0]);
      else if (Number(number) >= 100 && things.test(rest)) words.push('#kdevices');
      else words.push(number);
      continue;
    }
    const [head = '', tail] = word.split("'");
    if (tail === 't' && head.endsWith('n'))
      words.push(...(head === 'can' ? ['can', 'not'] : [head.slice(0, -1), 'not']));
    else if (tail !== undefined)
      words.push(
        ...(head.length <= 2 || head === 'lorsqu' || head === 'aujourd' || head === 'jusqu' || head === 'quelqu'
          ? [head, tail]
          : [head]),
      );
    else if (word === 'cannot') words.push('can', 'not');
    else if (contracted.test(word)) words.push(word.slice(0, -2), 'not');
    else words.push(word);
  }
  // "65 minutes" has left its unit behind as a word of its own.
  return words.filter((word, i) => !(i > 0 && words[i - 1]?.startsWith('#') && isUnitWord(words[i - 1] ?? '', word)));
}

/** Ten minutes are a short while, sixty are an hour. */
function minutes(count: number): string {
  return count <= 25 ? '#fewminutes' : count >= 55 && count <= 65 ? '#hours' : '#minutes';
}

function isUnitWord(token: string, word: string): boolean {
  if (token === '#kdevices' || token === '#persecond' || token === '#permin') return false;
  return units.some(
    ([name, pattern]) =>
      (name === token || (name === '#minutes' && /^#(?:few|hour)/.test(token))) && pattern.test(word),
  );
}

/** The concepts of the one word of the lexicon that a word is a misspelling of. */
function resembling(word: string): string[] | undefined {
  spellings ??= spellingsBySound();
  const limit = word.length >= 9 ? 2 : 1;
  let best: readonly string[] | undefined;
  let distance = limit + 1;
  for (const { spelling, stem, concepts } of spellings.get(word[0] ?? '') ?? []) {
    // The beginning of a short stem resembles too much: "delivered" is no "derive".
    if (spelling.length < 5 || (stem && spelling.length < 7 && word.length > spelling.length + 2)) continue;
    const part = stem ? word.slice(0, spelling.length) : word;
    const away = editDistance(part, spelling, Math.min(limit, distance - 1, spelling.length >= 9 ? 2 : 1));
    if (away < distance) {
      distance = away;
      best = concepts;
    }
  }
  return best && distance <= limit ? [...best] : undefined;
}

interface Patterns {
  readonly byWord: ReadonlyMap<string, readonly Pattern[]>;
  readonly byStem: ReadonlyMap<string, readonly Pattern[]>;
  readonly longestStem: number;
}

/** A single word of the lexicon, or the beginning of one. */
interface Spelling {
  readonly spelling: string;
  readonly stem: boolean;
  readonly concepts: readonly string[];
}

let built: Patterns | undefined;
let spellings: ReadonlyMap<string, readonly Spelling[]> | undefined;

function patterns(): Patterns {
  built ??= build();
  return built;
}

function build(): Patterns {
  const byWord = new Map<string, Pattern[]>();
  const byStem = new Map<string, Pattern[]>();
  const keeping = new Set(lexicon.keeping.split(' '));
  let longestStem = 0;
  for (const [concept, list] of Object.entries(lexicon.concepts))
    for (const line of list.split(', ')) {
      const signed = line.startsWith('^');
      const written = signed ? line.slice(1) : line;
      const space = written.indexOf(' ');
      const first = space < 0 ? written : written.slice(0, space);
      const stem = first.endsWith('*');
      const key = stem ? first.slice(0, -1) : first;
      if (stem && key.length > longestStem) longestStem = key.length;
      const pattern: Pattern = { written, concept, passing: signed || (space >= 0 && !keeping.has(concept)) };
      const index = stem ? byStem : byWord;
      const known = index.get(key);
      if (known) known.push(pattern);
      else index.set(key, [pattern]);
    }
  return { byWord, byStem, longestStem };
}

/** The single words of the lexicon that have more than a few letters, by their first letter. */
function spellingsBySound(): ReadonlyMap<string, readonly Spelling[]> {
  const single = new Map<string, Set<string>>();
  for (const [concept, list] of Object.entries(lexicon.concepts))
    for (const line of list.split(', ')) {
      const written = line.startsWith('^') ? line.slice(1) : line;
      if (written.length <= 4 || written.includes(' ')) continue;
      const known = single.get(written);
      if (known) known.add(concept);
      else single.set(written, new Set([concept]));
    }
  const bySound = new Map<string, Spelling[]>();
  for (const [word, concepts] of single) {
    const stem = word.endsWith('*');
    const spelling = stem ? word.slice(0, -1) : word;
    const list = bySound.get(spelling[0] ?? '') ?? [];
    list.push({ spelling, stem, concepts: [...concepts] });
    bySound.set(spelling[0] ?? '', list);
  }
  return bySound;
}
