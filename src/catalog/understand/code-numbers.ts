import { familyOf, findEntry, findFamily } from '../catalog.ts';
import type { Entry } from '../schema.ts';
import { matchesAt, type CodeMention } from './code-mention.ts';
import { findCodesApart } from './codes-apart.ts';
import { isGlued, isInsideAddress } from './number-neighbours.ts';
import { senseOf, wordsOf, type NumberSense } from './number-context.ts';
import type { Survey } from './survey.ts';

/** How many numbers of one text are looked at closely. A log repeats its codes; this bounds the work, not the answer. */
const maxLooks = 400;
const placeholders =
  /(?<![A-Za-z0-9])([45]\d\d(?:\d(?=[ _.-]?(?:xx|XX|\*\*|nn|NN|##|\?\?)(?![xXnN*#?])))?)[ _.-]?(?:[xX]{2,3}|\*{2,3}|[nN]{2,3}|#{2,3}|\?{2,3})(?![A-Za-z0-9])/y;
const named =
  /(?<![\w.])([45]\d\d\d?)[ -](?:family|families|series|serie|range)\b|\b(?:family|famille|series|serie|gamme)(?: (?:of|des?|the|les?|la|code|codes|erreurs?|errors?))* ([45]\d\d\d?)(?![\w.])/gi;

/**
 * The codes and families that a readable text names in digits, in order of appearance, whatever they are dressed in:
 * `429 001`, `#404104`, `403-004`, `ERR_413001`, in JSON, a log line or an address. Telephone numbers, dates, GUIDs,
 * amounts, order numbers and the like are left out, also where they have the digits of a code.
 */
export function findCodeNumbers(text: string, survey: Survey): readonly CodeMention[] {
  const { digits } = survey;
  return [
    ...wholeCodes(text, digits[6]),
    ...findCodesApart(text, survey),
    ...familyNames(text, digits[3], digits[4]),
  ].sort((a, b) => a.at - b.at);
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

/** A family digit by digit: `5 0 0 x x x`. */
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
