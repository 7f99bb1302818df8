import { compares } from './compares.ts';
import { findStatus } from '../catalog.ts';
import { senseOf } from './number-context.ts';
import type { Survey } from './survey.ts';
import vocabulary from './status-words.json' with { type: 'json' };

/** An HTTP status in a text. */
export interface StatusMention {
  readonly at: number;
  readonly end: number;
  readonly status: string;
  /** Said without its number: `bad gateway`. */
  readonly inWords: boolean;
}

const phrases: Readonly<Record<string, string>> = vocabulary.phrases;
const afterNumber = new Map(
  Object.entries(phrases).map(([status, words]) => [status, new RegExp(`^[\\s:()"',-]{0,4}(?:${words})`, 'i')]),
);
const beforeNumber = new Map(
  Object.entries(phrases).map(([status, words]) => [status, new RegExp(`(?:${words})[\\s:('"-]{1,4}$`, 'i')]),
);
const alone = new RegExp(
  `\\b(?:${vocabulary.alone
    .split(' ')
    .map((status) => `(?<s${status}>${phrases[status] ?? ''})`)
    .join('|')})\\b`,
  'gi',
);
const rejections = /\bunauthori[sz]ed (?:or|vs\.?|versus|and|ou|et) forbidden\b|\bnon autorise (?:ou|et) interdit\b/i;
const wordsBefore = new Set(vocabulary.before.split(' '));
const webWords = new Set(vocabulary.web.split(' '));
const wordsAfter = new Set(vocabulary.after.split(' '));

const number =
  /(?<![\w.,+])(?:(?:https?|error|erreur|err|status|code|e)[-_/ ]?)?([45]\d\d)(?:'?s|-?ish)?(?![\w%]|[.,:]\d|['/-]\d{1,2}(?!\d)|['-]\d{4}|\) ?\d{3}[ .-]?\d{4})/gi;
/** `HTTP Error 500.30`: a sub-status of IIS. */
const subStatus = /\bHTTP (?:Error )?([45]\d\d)\.\d{1,2}\b/i;
/** `the hub says forbidden`: words too common to be a status by themselves are one where something answers with them. */
const said = new RegExp(
  `\\b(?:${vocabulary.said}) ["'«“]?(?:${Object.entries(phrases)
    .map(([status, words]) => `(?<s${status}>${words})`)
    .join('|')})\\b`,
  'gi',
);
/** A whole class of statuses; the failures of servers are treated with their most common one. */
const serverErrors = /(?<![\w.-])5xx(?!\w)/i;
const spelt = /\b(?:error|erreur|http|status|code)s? (?:five hundred|cinq cents?)\b/i;

/** Places looked at closely in one text; a log repeats its statuses. */
const maxLooks = 300;
/** A text beyond this is a log: ordinary words in it say nothing. */
const maxProse = 20_000;

/**
 * The HTTP statuses that a readable text speaks of, in order of appearance, each once. A three-digit number is one only
 * where its surroundings say so: a port, a limit, a room or a number of devices is none.
 */
export function findStatuses(text: string, { digits }: Survey): readonly StatusMention[] {
  const found = new Map<string, StatusMention>();
  const add = (status: string, at: number, end: number, inWords: boolean): void => {
    const known = found.get(status);
    if (!findStatus(status) || (known && !(known.inWords && !inWords))) return;
    found.set(status, { at: Math.min(at, known?.at ?? at), end, status, inWords });
  };
  let ofWeb: boolean | undefined;
  const speaksOfWeb = (): boolean => (ofWeb ??= hasWordOfWeb(text.slice(0, maxProse)));
  const doubtful: StatusMention[] = [];
  let looks = 0;
  for (const match of digits[3].length > 0 ? text.matchAll(number) : []) {
    const [whole, status = ''] = match;
    if (found.has(status) || !afterNumber.has(status)) continue;
    if (++looks > maxLooks) break;
    const at = match.index;
    const end = at + whole.length;
    const verdict = judge(text, at, end, whole, status);
    if (verdict === 'status' || (verdict === 'perhaps' && speaksOfWeb())) add(status, at, end, false);
    else if (verdict === 'perhaps') doubtful.push({ at, end, status, inWords: false });
  }
  // Two numbers that may each be a status are two statuses: "when to answer 429 and when 503".
  if (found.size > 0 || (doubtful.length > 1 && compares(text)))
    for (const { status, at, end } of doubtful) add(status, at, end, false);
  if (text.length < maxProse) {
    for (const match of [...text.matchAll(alone), ...text.matchAll(said)]) {
      const status = Object.entries(match.groups ?? {})
        .find(([, words]) => Boolean(words))?.[0]
        .slice(1);
      if (status !== undefined) add(status, match.index, match.index + match[0].length, true);
    }
    const both = rejections.exec(text);
    if (both) for (const status of ['401', '403']) add(status, both.index, both.index + both[0].length, true);
    const sub = subStatus.exec(text);
    if (sub) add(sub[1] ?? '', sub.index, sub.index + sub[0].length, false);
    const hundred = spelt.exec(text) ?? serverErrors.exec(text);
    if (hundred) add('500', hundred.index, hundred.index + hundred[0].length, false);
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** Whether a word in lower case often stands after a status or a code, as in `503 always`. */
export function mayFollowStatus(word: string): boolean {
  return wordsAfter.has(word);
}

function hasWordOfWeb(text: string): boolean {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).some((word) => webWords.has(word));
}

function judge(text: string, at: number, end: number, whole: string, status: string): 'status' | 'perhaps' | 'no' {
  const after = text.slice(end, end + 60);
  const before = text.slice(Math.max(0, at - 32), at);
  if (afterNumber.get(status)?.test(after) || beforeNumber.get(status)?.test(before)) return 'status';
  // A status line, or an access log: `"GET / HTTP/1.1" 404 104`.
  if (/HTTP\/[\d.]+["'\\]{0,3} $/i.test(before)) return 'status';
  // Followed by another number it is a measurement: `500 30`, `404 x 812`.
  if (/^\s?(?:\d|x\s?\d)/.test(after) && !/^\s(?:\d+ ?ms|[45]\d\d(?![\d.,:]))/.test(after)) return 'no';
  const isPlural = /(?:'?s|-?ish)$/i.test(whole);
  const sense = senseOf(text, at, end);
  if (/^(?:https?|err|error|erreur|status|e[-_/ ]?\d)/i.test(whole)) return 'status';
  if (sense === 'other') return 'no';
  const next = /^[\s"')\]]{0,2}([A-Za-z]+)/.exec(after)?.[1]?.toLowerCase();
  const last = /([A-Za-z]+)['"(\s]{0,2}$/.exec(before)?.[1]?.toLowerCase();
  const opens = last === undefined ? /(?:^|[\n:(["'>=,?!]|->|=>)\s?["'(]?$/.test(before) : wordsBefore.has(last);
  const closes = next === undefined ? !/^\s?[-+*/]\s?\d/.test(after) : wordsAfter.has(next);
  // A counted thing ends in s, as in "500 pumps"; most other words may follow a status.
  const counts = next !== undefined && next.endsWith('s') && !closes;
  if (sense === 'code' || (sense === 'reply' && !counts) || isPlural || isAsking(text)) return 'status';
  return opens && closes ? 'status' : closes || (opens && !counts) ? 'perhaps' : 'no';
}

const asking = new Set(
  'http https error erreur errors erreurs code codes status statut what is s the a an un une le la c est quoi que veut dire mean means meaning does explain help vs versus or ou and et difference between entre iot hub iothub azure in on for our we my me dans sur metric metrics metrique metriques log logs cloudflare nginx apim envoy traefik haproxy grpc gateway proxy iis apache'.split(
    ' ',
  ),
);

/** Nothing but the number and words that ask what it is. */
function isAsking(text: string): boolean {
  return text.length <= 40 && (text.toLowerCase().match(/[a-z]+/g) ?? []).every((word) => asking.has(word));
}
