import known from './messages.json' with { type: 'json' };

/** A sentence of the service or of an SDK in a text, with the keys of the subjects that it means, best first. */
export interface MessageMention {
  readonly at: number;
  readonly keys: readonly string[];
}

let patterns: readonly (readonly [pattern: RegExp, keys: readonly string[]])[] | undefined;

/** Sentences that IoT Hub, its SDKs and tools are known to say, in order of appearance. */
export function findMessages(text: string): readonly MessageMention[] {
  patterns ??= Object.entries(known.messages).flatMap(([keys, sentences]) =>
    sentences.map((sentence) => [patternOf(sentence), keys.split(' ')] as const),
  );
  const head = text.slice(0, 20_000);
  const found: MessageMention[] = [];
  for (const [pattern, keys] of patterns) {
    const match = pattern.exec(head);
    if (match && !found.some((other) => other.keys[0] === keys[0])) found.push({ at: match.index, keys });
  }
  return found.sort((a, b) => a.at - b.at);
}

function patternOf(sentence: string): RegExp {
  const words = sentence
    .split(' ')
    .map((word) => (word === '*' ? String.raw`[^\n]{0,80}?` : `${word.replaceAll("'", "'?")}[^a-z0-9]{1,4}`));
  // The last word ends at any other character.
  return new RegExp(String.raw`(?<![a-z0-9])${words.join('').replace(/\[\^a-z0-9\]\{1,4\}$/, '')}(?![a-z0-9])`, 'i');
}
