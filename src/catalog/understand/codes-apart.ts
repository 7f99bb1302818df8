import { findEntry, findFamily } from '../catalog.ts';
import { matchesAt, type CodeMention } from './code-mention.ts';
import { isGlued, isInsideAddress } from './number-neighbours.ts';
import { senseOf } from './number-context.ts';
import { mayFollowStatus } from './statuses.ts';
import type { Survey } from './survey.ts';

/** Places of one text that are looked at closely: no log writes its codes so. */
const maxSplitLooks = 200;

const threeAndThree = /(?<!\d)([45]\d\d)( ?[-._',·/] ?| {1,2})(\d{3})(?!\d)/y;
const digitByDigit = /(?<!\d[ .-]?)[45](?:([ .-])\d)(?:\1\d){4}(?![ .-]?\d)/y;
/** Torn apart: `400 0 29`, `404 10 4`. */
const torn = /(?<!\d[ .-]?)([45]\d\d)([ -])(\d)\2?(\d)\2?(\d)(?![ .-]?\d)/y;
/** The codes that a readable text writes in pieces: `429 001`, `403-004`, `400 0 29`, `4 0 3 0 0 2`. */
export function findCodesApart(text: string, { digits }: Survey): readonly CodeMention[] {
  return [...splitCodes(text, digits[3]), ...tornCodes(text, digits[3]), ...speltCodes(text, digits[1])];
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

/** Single digits may be anything; where no others stand near, six of them that make a code are meant as one. */
function standAlone(text: string, at: number, end: number): boolean {
  if (/\b(?:numbers|numeros|lottery|loto|tirage|dice|votes|scores)\W{0,3}$/i.test(text.slice(Math.max(0, at - 16), at)))
    return false;
  return !/\d/.test(text.slice(Math.max(0, at - 12), at)) && !/\d/.test(text.slice(end, end + 12));
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
