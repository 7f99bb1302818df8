import { compact, nameIndex, type NameTarget } from './name-index.ts';

/** A name in a text. */
export interface NameMention {
  readonly at: number;
  readonly end: number;
  readonly target: NameTarget;
  readonly exact: boolean;
  /** Written as ordinary words: `device not found`. Such words may mean something else. */
  readonly inWords: boolean;
}

const identifier = /[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*/g;
const condition = /\b(?:amqp|com\.microsoft):[a-z0-9]+(?:[-_:.][a-z0-9]+)*/gi;

/** An AMQP condition without its prefix, where AMQP is spoken of. */
const bareCondition = /(?<![\w:-])[a-z]+(?:-[a-z]+)+(?![\w-])/g;

/** Different identifiers of one text that are compared with names letter by letter; bounds the work on long logs. */
const maxMisspelt = 60;
/** Words at the beginning of a text in which names written as words are looked for. */
const maxWords = 400;
const maxMisspeltWords = 60;

/**
 * Names of codes, exceptions, constants and AMQP conditions in a readable text, in order of appearance, each target
 * once. Names written as identifiers are found in any spelling style (`link-creation-conflict`, `LINK_CREATION_CONFLICT`)
 * and with typos; names written as words too.
 */
export function findNames(text: string): readonly NameMention[] {
  const found: NameMention[] = [];
  for (const { 0: name, index } of text.matchAll(condition)) {
    const target = nameIndex().condition(name.toLowerCase().replaceAll('_', '-'));
    if (target) found.push({ at: index, end: index + name.length, target, exact: true, inWords: false });
  }
  if (/\b(?:amqp|condition|qpid|rhea|uamqp)\b/i.test(text))
    for (const { 0: name, index } of text.matchAll(bareCondition)) {
      const target = nameIndex().condition(`amqp:${name}`) ?? nameIndex().condition(`amqp:link:${name}`);
      if (target && !found.some((other) => index < other.end && other.at < index + name.length))
        found.push({ at: index, end: index + name.length, target, exact: true, inWords: false });
    }
  found.push(...identifiers(text, found), ...writtenInWords(text));
  const byTarget = new Map<string, NameMention>();
  for (const mention of found) {
    if (mention.target.kind === 'none') continue;
    const known = byTarget.get(mention.target.name);
    if (!known) byTarget.set(mention.target.name, mention);
    else if (known.at > mention.at || (known.inWords && !mention.inWords))
      byTarget.set(mention.target.name, {
        ...mention,
        at: Math.min(known.at, mention.at),
        exact: known.exact || mention.exact,
        inWords: known.inWords && mention.inWords,
      });
  }
  return [...byTarget.values()].sort((a, b) => a.at - b.at);
}

function* identifiers(text: string, taken: readonly NameMention[]): Generator<NameMention> {
  const index = nameIndex();
  const seen = new Set<string>();
  let compared = 0;
  for (const { 0: word, index: at } of text.matchAll(identifier)) {
    if (word.length < 8 || seen.has(word)) continue;
    seen.add(word);
    if (taken.some((mention) => at < mention.end && mention.at < at + word.length)) continue;
    const constant = index.constant(word);
    if (constant) {
      yield { at, end: at + word.length, target: constant, exact: true, inWords: false };
      continue;
    }
    const short = compact(word);
    const exact = index.exact(short);
    if (exact) {
      yield { at, end: at + word.length, target: exact, exact: true, inWords: false };
      continue;
    }
    if (/\d{3}/.test(word) || short.length > 70 || ++compared > maxMisspelt) continue;
    const near = index.near(short);
    if (near) yield { at, end: at + word.length, target: near.target, exact: false, inWords: false };
  }
}

/** `device connection closed remotely`, `throtling exeption`: words that together spell a name. */
function writtenInWords(text: string): readonly NameMention[] {
  const index = nameIndex();
  const words = [...text.slice(0, maxWords * 8).matchAll(/[A-Za-z]+/g)]
    .slice(0, maxWords)
    .map(({ 0: word, index: at }) => ({
      at,
      end: at + word.length,
      lower: word.toLowerCase(),
      isName: isIdentifier(word),
    }));
  const kept: NameMention[] = [];
  const keep = (from: number, to: number, target: NameTarget, exact: boolean): void => {
    const at = words[from]?.at ?? 0;
    const end = words[to]?.end ?? at;
    if (!kept.some((other) => at < other.end && other.at < end)) kept.push({ at, end, target, exact, inWords: true });
  };
  const rows = words.map((first, from) => {
    if (first.isName) return 0;
    let to = from + 1;
    while (
      to < Math.min(from + 8, words.length) &&
      !words[to]?.isName &&
      isGap(text.slice(words[to - 1]?.end, words[to]?.at))
    )
      to++;
    return to - from;
  });
  rows.forEach((length, from) => {
    for (let count = length; count >= 2; count--) {
      const target = index.exact(
        words
          .slice(from, from + count)
          .map(({ lower }) => lower)
          .join(''),
      );
      if (target?.kind === 'code') keep(from, from + count - 1, target, true);
    }
  });
  rows.slice(0, maxMisspeltWords).forEach((length, from) => {
    if (length < 2) return;
    const target = index.spelt(words.slice(from, from + length).map(({ lower }) => lower));
    if (target) keep(from, from + target.count - 1, target.target, false);
  });
  return kept;
}

function isGap(between: string): boolean {
  return /^(?: {1,2}|[-_]| [-_] ?)$/.test(between);
}

/** `DeviceNotFound` in the middle of words is a name of its own. */
function isIdentifier(word: string): boolean {
  return word.length > 11 && /[a-z][A-Z]/.test(word);
}
