import known from './messages.json' with { type: 'json' };

/** A sentence of the service or of an SDK in a text, with the keys of the subjects that it means, best first. */
export interface MessageMention {
  readonly at: number;
  readonly keys: readonly string[];
}

interface Sentence {
  readonly keys: readonly string[];
  readonly words: string;
  /** Its longest word: only around it the rest is looked for. */
  readonly sign: string;
  /** Characters that the whole may take. */
  readonly length: number;
  pattern?: RegExp;
}

/** Characters that a star may stand for. */
const gap = 80;
/** Characters of a text that are searched. */
const maxSearched = 20_000;
/** Places in one text that are looked at for one sentence, and for all. A log repeats what it says. */
const maxPlaces = { ofOne: 200, ofAll: 1_000 };

let sentences: readonly Sentence[] | undefined;

/** Sentences that IoT Hub, its SDKs and tools are known to say, in order of appearance. */
export function findMessages(text: string): readonly MessageMention[] {
  sentences ??= Object.entries(known.messages).flatMap(([keys, list]) =>
    list.map((words) => sentenceOf(keys.split(' '), words)),
  );
  const head = text.slice(0, maxSearched);
  const lower = head.toLowerCase();
  const groups = groupsOf(lower);
  const found: MessageMention[] = [];
  let left = maxPlaces.ofAll;
  for (const sentence of sentences) {
    const { keys, sign, length } = sentence;
    if (!mayHave(groups, sign)) continue;
    let places = Math.min(left, maxPlaces.ofOne);
    for (let at = lower.indexOf(sign); at >= 0 && places > 0; at = lower.indexOf(sign, at + sign.length)) {
      places--;
      left--;
      const pattern = (sentence.pattern ??= patternOf(sentence.words));
      pattern.lastIndex = Math.max(0, at - length);
      const match = pattern.exec(head.slice(0, at + length));
      if (!match) continue;
      if (!found.some((other) => other.keys[0] === keys[0])) found.push({ at: match.index, keys });
      break;
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

function sentenceOf(keys: readonly string[], words: string): Sentence {
  const sign = longestOf(words.match(/[a-z0-9]+/g) ?? []);
  const length = words.split(' ').reduce((sum, word) => sum + (word === '*' ? gap : word.length + 5), 0);
  return { keys, words, sign, length };
}

/** A table of which groups of four characters a text has; of several groups that share a place, any will do. */
function groupsOf(text: string): Uint8Array {
  const groups = new Uint8Array(0x4000);
  let group = 0;
  for (let i = 0; i < text.length; i++) {
    group = nextGroup(group, text.charCodeAt(i));
    if (i >= 3) groups[placeOf(group)] = 1;
  }
  return groups;
}

/** Whether a text with these groups may have a word: where it says no, the text need not be searched for the word. */
function mayHave(groups: Uint8Array, word: string): boolean {
  let group = 0;
  for (let i = 0; i < word.length; i++) {
    group = nextGroup(group, word.charCodeAt(i));
    if (i >= 3 && groups[placeOf(group)] === 0) return false;
  }
  return true;
}

function nextGroup(group: number, char: number): number {
  return (group << 8) | (char & 0xff);
}

function placeOf(group: number): number {
  return Math.imul(group, 0x9e3779b1) >>> 18;
}

function longestOf(words: readonly string[]): string {
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function patternOf(sentence: string): RegExp {
  const words = sentence
    .split(' ')
    .map((word) =>
      word === '*' ? String.raw`[^\n]{0,${String(gap)}}?` : `${word.replaceAll("'", "'?")}[^a-z0-9]{1,4}`,
    );
  // The last word ends at any other character.
  return new RegExp(String.raw`(?<![a-z0-9])${words.join('').replace(/\[\^a-z0-9\]\{1,4\}$/, '')}(?![a-z0-9])`, 'gi');
}
