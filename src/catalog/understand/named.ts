import { entries } from '../catalog.ts';
import { findSubject, keyOf } from '../subject.ts';
import type { CodeMention } from './code-mention.ts';
import { findCodeNumbers } from './code-numbers.ts';
import { meaningsOf, type Meaning } from './concepts.ts';
import { domainOf } from './domain.ts';
import type { Finding } from './finding.ts';
import { findMessages } from './messages.ts';
import { findMqttCodes } from './mqtt.ts';
import { compact } from './name-index.ts';
import { findNames, type NameMention } from './names.ts';
import sdk from './sdk-names.json' with { type: 'json' };
import type { StatusMention } from './statuses.ts';
import type { Survey } from './survey.ts';
import { fitting, type Likeness, type Told } from './symptoms.ts';

/** What is known of a text before names are weighed. */
export interface Context extends Told {
  /** The readable text. */
  readonly text: string;
  readonly survey: Survey;
  readonly statuses: readonly StatusMention[];
}

/**
 * What a text calls by its name: codes and families in digits, names of codes, exceptions, conditions and return codes.
 * Where none of them is there, a sentence that the service is known to say.
 */
export function findNamed(context: Context): {
  readonly findings: readonly Finding[];
  readonly numbers: readonly CodeMention[];
} {
  // An unknown number beside the name of another product is a code of that product.
  const numbers = findCodeNumbers(context.text, context.survey).filter(
    ({ kind }) => kind !== 'unknown' || !context.domain.foreign,
  );
  const names = meantNames(context);
  const findings = [...ofNumbers(numbers), ...ofNames(names, numbers, context)];
  if (numbers.length === 0) findings.push(...ofMqtt(context.text));
  if (findings.length === 0) findings.push(...ofMessages(context.text));
  return { findings: findings.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)), numbers };
}

/** Words beside which a name, written in words, belongs to something else: `python module not found`. */
const elsewhere = new Map(Object.entries(sdk.elsewhere).map(([name, words]) => [compact(name), words.split(' ')]));
/** What an error status adds to a description. */
export const refused: Meaning = { concepts: ['fail', 'refuse'], word: '', at: Number.MAX_SAFE_INTEGER };

function* ofNumbers(numbers: readonly CodeMention[]): Generator<Finding> {
  for (const number of numbers)
    yield number.kind === 'code'
      ? { subject: { kind: 'entry', entry: number.entry }, how: 'code', confidence: 'certain', at: number.at }
      : { subject: { kind: 'family', family: number.family }, how: 'family', confidence: 'certain', at: number.at };
}

/** Names written in words that are weighed one by one. A text with more of them is a list of errors: they are meant. */
const maxWeighed = 8;

function meantNames(context: Context): readonly NameMention[] {
  const names = findNames(context.text, context.survey);
  const head = names.some(({ inWords }) => inWords) ? context.text.slice(0, 1_500).toLowerCase() : '';
  const words = new Set(head.match(/[a-z]+/g) ?? []);
  let weighed = 0;
  return names.filter((name) => !name.inWords || ++weighed > maxWeighed || counts(name, context, words));
}

/**
 * Names written in ordinary words count where they cannot be meant otherwise: "server error" is HTTP 500, and "device
 * disabled" is a code only where somebody speaks of a hub or says nothing else.
 */
function counts({ target, at, end }: NameMention, context: Context, words: ReadonlySet<string>): boolean {
  const { statuses, domain, text } = context;
  const [code = ''] = target.keys;
  const status = statuses.find((mention) => code.startsWith(mention.status));
  // "Generic Bad Request" says more than "bad request".
  const saysMore =
    status?.inWords === true &&
    end >= status.end &&
    (at < status.at || (at === status.at && (domain.points >= 2 || text.trim().length < end - at + 24)));
  if (status && (!saysMore || statuses.length > 1)) return false;
  if (domain.foreign) return false;
  // "Quota exceeded" of a key vault is a quota of the vault.
  const around = `${text.slice(Math.max(0, at - 300), at)} ; ${text.slice(end, end + 300)}`;
  if (domainOf(meaningsOf(around)).nextDoor) return false;
  if (elsewhere.get(target.name)?.some((word) => words.has(word))) return false;
  const isTitle = /^(?:[A-Z][a-z]*[ _-]?)+$/.test(text.slice(at, end));
  return isTitle || words.size <= 7 || domain.points >= 1.5 || target.name.length >= 20;
}

function* ofNames(
  names: readonly NameMention[],
  numbers: readonly CodeMention[],
  context: Context,
): Generator<Finding> {
  const sure = new Set([
    ...numbers.flatMap((number) => (number.kind === 'code' ? [number.entry.code] : [])),
    ...names.flatMap(({ target }) => (target.kind === 'code' ? target.keys : [])),
  ]);
  const toldOf = tellerOf(context);
  for (const { target, at, exact } of names) {
    if (target.kind === 'code') {
      // 404102 and 404103 share a name; a number in the text decides.
      const key =
        target.keys.find(
          (candidate) =>
            sure.has(candidate) && numbers.some((number) => number.kind === 'code' && number.entry.code === candidate),
        ) ?? target.keys[0];
      const subject = findSubject(key ?? '');
      if (subject) yield { subject, how: 'name', confidence: exact ? 'certain' : 'likely', at };
      continue;
    }
    if (
      sure.size > 0 &&
      (target.keys.some((key) => sure.has(key)) || (target.keys.length > 1 && !isAnother(target, at, numbers, context)))
    )
      continue;
    const subject = findSubject(narrowed(target.name, target.keys, context, toldOf) ?? '');
    if (subject) yield { subject, how: 'exception', confidence: 'likely', at };
  }
}

/** `QuotaExceededException first, then 404104`: an exception is the wrapping of a code, unless it is told as another error. */
function isAnother(
  { name, keys }: NameMention['target'],
  at: number,
  numbers: readonly CodeMention[],
  { text }: Context,
): boolean {
  return numbers.every((number) => {
    if (number.kind !== 'code') return true;
    const [from, to] = at < number.at ? [at + name.length, number.at] : [number.end, at];
    const between = text.slice(from, to);
    const isSameFamily = keys.some((key) => key.slice(0, 3) === number.entry.code.slice(0, 3));
    return (
      !isSameFamily &&
      between.length < 80 &&
      /\b(?:then|afterwards|later|followed by|and after|puis|ensuite|apres)\b/i.test(between)
    );
  });
}

/** The codes in whose entries each exception is listed, by its letters in lower case. */
let listed: ReadonlyMap<string, readonly string[]> | undefined;

function codesThatList(name: string): readonly string[] {
  if (!listed) {
    const codes = new Map<string, string[]>();
    for (const { code, exceptions } of entries)
      for (const short of new Set(Object.values(exceptions).flatMap((names) => names?.map(compact) ?? [])))
        codes.set(short, [...(codes.get(short) ?? []), code]);
    listed = codes;
  }
  return listed.get(name) ?? [];
}

/** Of what is not found, an address that was written wrong is told by these words. */
const conditionWords: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  'amqp:not-found': { '404006': /\b(?:address|adresse|typos?|misspel\w+|faute de frappe|messaging entity)\b/i },
};

/** Where no status narrows an AMQP condition down, what is told must be as sure as this to choose among its codes. */
const toldByItself = 0.8;

/** An exception may stand for several codes: the status in the text and what is told around it choose among them. */
function narrowed(
  name: string,
  keys: readonly string[],
  context: Context,
  toldOf: (status: string) => Likeness | undefined,
): string | undefined {
  const [first] = keys;
  if (keys.length < 2) return first;
  const candidates = new Set([...keys, ...codesThatList(name)]);
  const status = context.statuses.find((mention) =>
    [...candidates].some((key) => key.startsWith(mention.status)),
  )?.status;
  if (status === undefined) {
    if (!name.startsWith('amqp:')) return first;
    const byWords = Object.entries(conditionWords[name] ?? {}).find(([, words]) =>
      words.test(context.text.slice(0, 1_500)),
    );
    if (byWords) return byWords[0];
    const [best] = fitting(context, (label) => label.length === 6 && candidates.has(label));
    return best && best.assurance >= toldByItself ? keyOf(best.subject) : first;
  }
  const told = toldOf(status);
  if (told && told.assurance >= 0.6) return keyOf(told.subject);
  const fits = (key: string): boolean => key.startsWith(status);
  return first !== undefined && fits(first) ? first : ([...candidates].find(fits) ?? first);
}

/** Statuses of one text that its words choose codes for. In a text with more, words tell of none in particular. */
const maxTold = 3;

/** The code of a status that a text tells, looked up once for each status. */
function tellerOf(context: Context): (status: string) => Likeness | undefined {
  const told = new Map<string, Likeness | undefined>();
  return (status) => {
    if (!told.has(status) && told.size < maxTold) {
      const { meanings, terms, domain } = context;
      const among = (label: string): boolean => label.length === 6 && label.startsWith(status);
      told.set(status, fitting({ meanings: [...meanings, refused], terms, domain }, among)[0]);
    }
    return told.get(status);
  };
}

function* ofMqtt(text: string): Generator<Finding> {
  for (const { key, at } of findMqttCodes(text)) {
    const subject = findSubject(key);
    if (subject) yield { subject, how: 'exception', confidence: 'likely', at };
  }
}

function* ofMessages(text: string): Generator<Finding> {
  for (const { keys, at } of findMessages(text)) {
    const subject = findSubject(keys[0] ?? '');
    if (subject) yield { subject, how: 'message', confidence: 'likely', at };
  }
}
