import known from './messages.json' with { type: 'json' };

/** A sentence of the service or of an SDK in a text, with the keys of the subjects that it means, best first. */
export interface MessageMention {
  readonly at: number;
  readonly keys: readonly string[];
}

interface Sentence {
  readonly keys: readonly string[];
  readonly words: string;
  /** Its longest word: a text without it need not be searched for the rest. */
  readonly sign: string;
  pattern?: RegExp;
}

let sentences: readonly Sentence[] | undefined;

/** Sentences that IoT Hub, its SDKs and tools are known to say, in order of appearance. */
export function findMessages(text: string): readonly MessageMention[] {
  sentences ??= Object.entries(known.messages).flatMap(([keys, list]) =>
    list.map((words): Sentence => ({ keys: keys.split(' '), words, sign: longestOf(words.match(/[a-z0-9]+/g) ?? []) })),
  );
  const head = text.slice(0, 20_000);
  const lower = head.toLowerCase();
  const found: MessageMention[] = [];
  for (const sentence of sentences) {
    if (!lower.includes(sentence.sign)) continue;
    sentence.pattern ??= patternOf(sentence.words);
    const match = sentence.pattern.exec(head);
    const { keys } = sentence;
    if (match && !found.some((other) => other.keys[0] === keys[0])) found.push({ at: match.index, keys });
  }
  return found.sort((a, b) => a.at - b.at);
}

function longestOf(words: readonly string[]): string {
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function patternOf(sentence: string): RegExp {
  const words = sentence
    .split(' ')
    .map((word) => (word === '*' ? String.raw`[^\n]{0,80}?` : `${word.replaceAll("'", "'?")}[^a-z0-9]{1,4}`));
  // The last word ends at any other character.
  return new RegExp(String.raw`(?<![a-z0-9])${words.join('').replace(/\[\^a-z0-9\]\{1,4\}$/, '')}(?![a-z0-9])`, 'i');
}
