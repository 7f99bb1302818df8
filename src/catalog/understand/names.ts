import type { Comparisons } from './misspelt.ts';
import { compact, nameIndex, type NameTarget } from './name-index.ts';
import { overlapping, type Span } from './spans.ts';
import type { Survey } from './survey.ts';

/** A name in a text. */
export interface NameMention extends Span {
  readonly target: NameTarget;
  readonly exact: boolean;
  /** Written as ordinary words: `device not found`. Such words may mean something else. */
  readonly inWords: boolean;
}

const condition = /\b(?:amqp|com\.microsoft):[a-z0-9]+(?:[-_:.][a-z0-9]+)*/gi;

/** Different identifiers of one text that are compared with names letter by letter; bounds the work on long logs. */
const maxMisspelt = 60;
/** Comparisons letter by letter that these may take together: no labelled question takes more than fifteen. */
export const maxComparisons = 1_000;
/** Different identifiers of one text that begin like a name and are looked up: several times as many as names are known. */
const maxLooks = 2_000;
/** Different conditions of one text that are looked up: ten times as many as there are. */
const maxConditions = 500;
/** Words at the beginning of a text in which names written as words are looked for. */
const maxWords = 400;
const maxMisspeltWords = 60;

/**
 * Names of codes, exceptions, constants and AMQP conditions in a readable text, in order of appearance, each target
 * once. Names written as identifiers are found in any spelling style (`link-creation-conflict`, `LINK_CREATION_CONFLICT`)
 * wherever they stand; those with typos, and names written as words, in a bounded part of the text.
 */
export function findNames(
  text: string,
  survey: Survey,
  comparisons: Comparisons = { left: maxComparisons },
): readonly NameMention[] {
  const conditions = findConditions(text);
  const found = [
    ...conditions.mentions,
    ...identifiers(text, survey, overlapping(conditions.spans), comparisons),
    ...writtenInWords(text),
  ];
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

/** Conditions of AMQP, each where it stands first, and everywhere that one stands. */
function findConditions(text: string): { readonly mentions: readonly NameMention[]; readonly spans: readonly Span[] } {
  const index = nameIndex();
  const mentions = new Map<string, NameMention>();
  const looked = new Map<string, NameTarget | undefined>();
  const spans: Span[] = [];
  const add = (name: string, at: number, target: NameTarget): void => {
    const span = { at, end: at + name.length };
    spans.push(span);
    if (at < (mentions.get(target.name)?.at ?? Infinity))
      mentions.set(target.name, { ...span, target, exact: true, inWords: false });
  };
  for (const { 0: name, index: at } of text.matchAll(condition)) {
    if (!looked.has(name) && looked.size < maxConditions)
      looked.set(name, index.condition(name.toLowerCase().replaceAll('_', '-')));
    const target = looked.get(name);
    if (target) add(name, at, target);
  }
  if (!/\b(?:amqp|condition|qpid|rhea|uamqp)\b/i.test(text)) return { mentions: [...mentions.values()], spans };
  const isTaken = overlapping([...spans]);
  for (const { 0: name, index: at } of text.matchAll(index.bareCondition)) {
    const target = index.condition(`amqp:${name}`) ?? index.condition(`amqp:link:${name}`);
    if (target && !isTaken({ at, end: at + name.length })) add(name, at, target);
  }
  return { mentions: [...mentions.values()], spans: spans.sort((a, b) => a.at - b.at) };
}

function* identifiers(
  text: string,
  survey: Survey,
  isTaken: (span: Span) => boolean,
  comparisons: Comparisons,
): Generator<NameMention> {
  const index = nameIndex();
  const seen = new Set<string>();
  let compared = 0;
  for (const span of survey.identifiers) {
    const mayBeName = index.mayBegin(text, span.at);
    if (!mayBeName && compared >= maxMisspelt) continue;
    const word = text.slice(span.at, span.end);
    if (seen.has(word)) continue;
    if (seen.size === maxLooks) return;
    seen.add(word);
    if (isTaken(span)) continue;
    const short = compact(word);
    const target = mayBeName ? (index.constant(word) ?? index.exact(short)) : undefined;
    if (target) {
      yield { ...span, target, exact: true, inWords: false };
      continue;
    }
    if (compared >= maxMisspelt || /\d{3}/.test(word) || short.length > 70) continue;
    compared++;
    const near = index.near(short, comparisons) ?? withNextWord(text, span, short, comparisons);
    if (near) yield { ...span, target: near, exact: false, inWords: false };
  }
}

/** `IotHubFailling over`: a name that was broken in two. */
function withNextWord(text: string, span: Span, short: string, comparisons: Comparisons): NameTarget | undefined {
  if (!isIdentifier(text.slice(span.at, span.end))) return undefined;
  const next = /^ ([a-z]{2,12})\b/.exec(text.slice(span.end, span.end + 14))?.[1];
  return next === undefined ? undefined : nameIndex().near(short + next, comparisons);
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
    if (length < 2) return;
    let row = '';
    const lengths = words.slice(from, from + length).map(({ lower }) => (row += lower).length);
    for (let count = length; count >= 2; count--) {
      const target = index.exact(row.slice(0, lengths[count - 1]));
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
