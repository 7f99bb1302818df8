import { familyOf, findEntry, findFamily } from '../catalog.ts';
import type { Entry, Family } from '../schema.ts';
import { isGlued, isInsideAddress } from './number-neighbours.ts';
import { senseOf, wordsOf, type NumberSense } from './number-context.ts';
import { mayFollowStatus } from './statuses.ts';
import type { Survey } from './survey.ts';

/** A number in a text that is a code of the catalogue, a family, or a code that the catalogue lacks. */
export type CodeMention = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'code'; readonly entry: Entry }
  | { readonly kind: 'family'; readonly family: Family }
  /** Six digits whose prefix is a real family, but no code that is known. */
  | { readonly kind: 'unknown'; readonly code: string; readonly family: Family }
);

/** How many numbers of one text are looked at closely. A log repeats its codes; this bounds the work, not the answer. */
const maxLooks = 400;
/** The same for numbers in parts, and digit by digit: no log writes its codes so. */
const maxSplitLooks = 200;

const threeAndThree = /(?<!\d)([45]\d\d)( ?[-._',·/] ?| {1,2})(\d{3})(?!\d)/y;
const digitByDigit = /(?<!\d[ .-]?)[45](?:([ .-])\d)(?:\1\d){4}(?![ .-]?\d)/y;
/** Torn apart: `400 0 29`, `404 10 4`. */
const torn = /(?<!\d[ .-]?)([45]\d\d)([ -])(\d)\2?(\d)\2?(\d)(?![ .-]?\d)/y;
const placeholders =
  /(?<![A-Za-z0-9])([45]\d\d(?:\d(?=[ _.-]?(?:xx|XX|\*\*|nn|NN|##|\?\?)(?![xXnN*#?])))?)[ _.-]?(?:[xX]{2,3}|\*{2,3}|[nN]{2,3}|#{2,3}|\?{2,3})(?![A-Za-z0-9])/y;
const named =
  /(?<![\w.])([45]\d\d\d?)[ -](?:family|families|series|serie|range)\b|\b(?:family|famille|series|serie|gamme)(?: (?:of|des?|the|les?|la|code|codes|erreurs?|errors?))* ([45]\d\d\d?)(?![\w.])/gi;

/**
 * The codes and families that a readable text names in digits, in order of appearance, whatever they are dressed in:
 * `429 001`, `#404104`, `403-004`, `ERR_413001`, in JSON, a log line or an address. Telephone numbers, dates, GUIDs,
 * amounts, order numbers and the like are left out, also where they have the digits of a code.
 */
export function findCodeNumbers(text: string, { digits }: Survey): readonly CodeMention[] {
  return [
    ...wholeCodes(text, digits[6]),
    ...splitCodes(text, digits[3]),
    ...tornCodes(text, digits[3]),
    ...speltCodes(text, digits[1]),
    ...familyNames(text, digits[3], digits[4]),
  ].sort((a, b) => a.at - b.at);
}

/** The matches of a sticky pattern that begin at one of `places`, none of which overlaps the one before it. */
function* matchesAt(pattern: RegExp, text: string, places: readonly number[]): Generator<RegExpExecArray> {
  let from = 0;
  for (const at of places) {
    if (at < from) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    from = at + match[0].length;
    yield match;
  }
}

function* wholeCodes(text: string, places: readonly number[]): Generator<CodeMention> {
  const found = new Set<string>();
  const looked = new Set<string>();
  const known = new Map<number, NumberSense>();
  // Where many stand side by side, each is looked at as a neighbour of several others.
  const senseAt = (at: number): NumberSense => {
    const sense = known.get(at) ?? senseOf(text, at, at + 6);
    known.set(at, sense);
    return sense;
  };
  let looks = 0;
  for (const [i, at] of places.entries()) {
    const code = text.slice(at, at + 6);
    if (found.has(code)) continue;
    const entry = findEntry(code);
    const family = entry ? undefined : familyOf(`${code.slice(0, 3)}xxx`);
    if (!entry && !family) continue;
    const end = at + code.length;
    // In the end only what has not been looked at yet: a code that stands there but once is found.
    if (++looks > maxLooks && (!entry || looked.has(code))) continue;
    looked.add(code);
    if (!entry || !standsBesideItsName(text, end, entry)) {
      if (isGlued(text, at, end, entry?.name) || isInsideAddress(text, at, end)) continue;
      const sense = senseAt(at);
      if (
        sense === 'other'
          ? !entry || !isListed(text, places, i, senseAt)
          : !entry && sense === 'open' && !isAsked(text, at)
      )
        continue;
    }
    found.add(code);
    if (entry) yield { kind: 'code', entry, at, end };
    else if (family) yield { kind: 'unknown', code, family, at, end };
  }
}

function* splitCodes(text: string, places: readonly number[]): Generator<CodeMention> {
  let looks = 0;
  for (const match of matchesAt(threeAndThree, text, places)) {
    const [whole, first = '', separator = '', second = ''] = match;
    const at = match.index;
    const end = at + whole.length;
    const code = first + second;
    const entry = findEntry(code);
    const family = entry ? undefined : findFamily(`${first}xxx`);
    if (!entry && !family) continue;
    if (++looks > maxSplitLooks) return;
    if (continuesInDigits(text, at, end)) continue;
    // An access log writes status and bytes side by side: `"GET / HTTP/1.1" 404 104`.
    if (/(?:HTTP\/[\d.]+"?|") $/.test(text.slice(Math.max(0, at - 12), at))) continue;
    if (isGlued(text, at, end, entry?.name) || isInsideAddress(text, at, end)) continue;
    const sense = senseOf(text, at, end);
    if (sense === 'other' || (sense === 'open' && separator === ' ' && countsThings(text, end))) continue;
    if (entry) {
      if (sense !== 'code' && isStatus(second) && namesTwoStatuses(text, at, end, separator)) continue;
      yield { kind: 'code', entry, at, end };
    } else if (family && sense === 'code' && !isStatus(second)) yield { kind: 'unknown', code, family, at, end };
  }
}

/** Three digits, and three more that were torn apart: `400 0 29`. */
function* tornCodes(text: string, places: readonly number[]): Generator<CodeMention> {
  let looks = 0;
  for (const { 0: written, index: at } of matchesAt(torn, text, places)) {
    if (++looks > maxSplitLooks) return;
    const end = at + written.length;
    const entry = written.length > 7 ? findEntry(written.replaceAll(/\D/g, '')) : undefined;
    if (entry && standAlone(text, at, end) && senseOf(text, at, end) !== 'other')
      yield { kind: 'code', entry, at, end };
  }
}

/** Digit by digit, as somebody dictates it: `4 0 3 0 0 2`. */
function* speltCodes(text: string, places: readonly number[]): Generator<CodeMention> {
  let looks = 0;
  for (const { 0: spelt, index: at } of matchesAt(digitByDigit, text, places)) {
    if (++looks > maxSplitLooks) return;
    const entry = findEntry(spelt.replaceAll(/\D/g, ''));
    const end = at + spelt.length;
    const sense = senseOf(text, at, end);
    if (entry && (sense === 'code' || sense === 'reply' || (sense === 'open' && standAlone(text, at, end))))
      yield { kind: 'code', entry, at, end };
  }
}

/** The same of a family: `5 0 0 x x x`. */
const familyByDigit = /(?<![\w.-])([45])([ .-])(\d)\2(\d)\2[xX]\2[xX]\2[xX](?![\w-])/g;

function* familyNames(text: string, threes: readonly number[], fours: readonly number[]): Generator<CodeMention> {
  for (const { 0: spelt, 1: a = '', 3: b = '', 4: c = '', index: at } of text.matchAll(familyByDigit)) {
    const family = findFamily(`${a}${b}${c}xxx`);
    if (family) yield { kind: 'family', family, at, end: at + spelt.length };
  }
  if (threes.length === 0 && fours.length === 0) return;
  const lists = [matchesAt(placeholders, text, threes), matchesAt(placeholders, text, fours), text.matchAll(named)];
  for (const matches of lists) {
    let looks = 0;
    for (const match of matches) {
      const prefix = match[1] ?? match[2] ?? '';
      const family =
        findFamily(prefix.length === 4 ? `${prefix}xx` : `${prefix}xxx`) ?? findFamily(`${prefix.slice(0, 3)}xxx`);
      if (!family) continue;
      if (++looks > maxLooks) break;
      yield { kind: 'family', family, at: match.index, end: match.index + match[0].length };
    }
  }
}

/** Single digits may be anything; where no others stand near, six of them that make a code are meant as one. */
function standAlone(text: string, at: number, end: number): boolean {
  if (/\b(?:numbers|numeros|lottery|loto|tirage|dice|votes|scores)\W{0,3}$/i.test(text.slice(Math.max(0, at - 16), at)))
    return false;
  return !/\d/.test(text.slice(Math.max(0, at - 12), at)) && !/\d/.test(text.slice(end, end + 12));
}

/** `404104 x 2210, 500001 x 340`: beside another code, which nothing speaks against, it is one whatever word stands before. */
function isListed(text: string, places: readonly number[], i: number, senseAt: (at: number) => NumberSense): boolean {
  const at = places[i] ?? 0;
  const near: number[] = [];
  for (let k = i - 1; (places[k] ?? -Infinity) >= at - 60; k--) near.unshift(places[k] ?? 0);
  for (let k = i + 1; (places[k] ?? Infinity) <= at + 60; k++) near.push(places[k] ?? 0);
  return near.some((other) => {
    if (!findEntry(text.slice(other, other + 6))) return false;
    const between = other < at ? text.slice(other + 6, at) : text.slice(at + 6, other);
    return /^[^\n]{1,40}$/.test(between) && !/[.!?]\s/.test(between) && senseAt(other) !== 'other';
  });
}

/** `404104 DeviceConnectionClosedRemotely`: no doubt is left. */
function standsBesideItsName(text: string, end: number, { name }: Entry): boolean {
  const next = text.slice(end, end + name.length + 12).replace(/^[^A-Za-z]{0,6}/, '');
  return next.slice(0, name.length).toLowerCase() === name.toLowerCase();
}

/** Whether three digits and three digits are part of a longer row of digit groups: a telephone number, a date, an amount. */
function continuesInDigits(text: string, at: number, end: number): boolean {
  const before = text.slice(Math.max(0, at - 12), at);
  return (
    /\d[.,'/:_+-]$|\+\d{0,3} ?$/.test(before) ||
    // A number in brackets is no area code if they close behind it.
    (before.endsWith('(') && text[end] !== ')') ||
    // A time or the name of a thing may stand before it: `07:51:20 403 002`, `press-22 403 002`.
    /(?:^|[\s(])\+?\d{1,5} $/.test(before) ||
    /^[ .,'/:_-]?\d/.test(text.slice(end, end + 3))
  );
}

const statuses = new Set([
  '400',
  '401',
  '403',
  '404',
  '405',
  '408',
  '409',
  '412',
  '413',
  '415',
  '429',
  '499',
  '500',
  '501',
  '502',
  '503',
  '504',
]);

function isStatus(digits: string): boolean {
  return statuses.has(digits);
}

/** `500 001 thermostats`: an amount. */
function countsThings(text: string, end: number): boolean {
  const next = /^ ([A-Za-z]{4,}s)\b/.exec(text.slice(end, end + 40))?.[1]?.toLowerCase();
  return next !== undefined && !mayFollowStatus(next);
}

/** `500 502` may be the code 500502 or two statuses that somebody compares or lists. */
function namesTwoStatuses(text: string, at: number, end: number, separator: string): boolean {
  if (!/^[ /-]/.test(separator)) return false;
  if (separator.trim() === '/') return true;
  return (
    /\b(?:vs|versus|or|and|between|difference|ou|et|entre|compare|statuses|errors|erreurs)\W{0,3}$/i.test(
      text.slice(Math.max(0, at - 20), at),
    ) || /^\W{0,3}(?:vs|versus|or|and|ou|et|errors|erreurs|statuses)\b/i.test(text.slice(end, end + 16))
  );
}

/** Whether a question asks what a number is, or is nothing but the number. */
function isAsked(text: string, at: number): boolean {
  const near = text.slice(Math.max(0, at - 200), at + 200);
  if (/\b(?:iot|iothub|azure|hub|mqtt|amqp|sdk|error|erreur|code|errors|erreurs|codes)\b/i.test(near)) return true;
  const words = wordsOf(near);
  return (
    words.length <= 2 ||
    (words.length <= 10 &&
      /\b(?:what|whats|mean|means|meaning|explain|explique|quoi|koi|signifie|veut|help|aide|unknown|inconnu)\b/i.test(
        near,
      ))
  );
}
