import { togetherOf } from '../combinations.ts';
import { findEntry, findStatus } from '../catalog.ts';
import { keyOf, labelOf } from '../subject.ts';
import { ofStatuses, ofStatusFamilies } from './by-status.ts';
import { meaningsOf, type Meaning } from './concepts.ts';
import { ofDescription } from './described.ts';
import { domainOf, type Domain } from './domain.ts';
import { distinct, nothingUnderstood, without, type Finding, type Understanding } from './finding.ts';
import { flowsOf, type CodePlace } from './flows.ts';
import { findNamed, type Context } from './named.ts';
import { readable } from './readable.ts';
import { findStatuses, type StatusMention } from './statuses.ts';
import { surveyOf } from './survey.ts';
import { termsOf } from './terms.ts';

/** Longest description, in characters, that is read as plain words. */
const maxDescription = 1_500;

/** Its letters are no words. */
const guid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** `nothing to do with the hub`: said of something else, which is asked about. */
const notTheHub =
  /(?:\b(?:nothing to do with|(?:not|un)[ -]?related to|no link with|(?:it'?s|is|was) not|aucun (?:rapport|lien) avec|sans (?:rapport|lien) avec|rien [aà] voir avec|est pas)) (?:(?:the|our|an|azure|le|notre|mon|l') ?)*(?:iot ?)?hub\b/gi;

/** Finds out what a text asks about: from a bare code to a pasted log or a symptom told in plain English or French. */
export function understand(raw: string): Understanding {
  const text = readable(raw);
  if (!/[A-Za-z0-9]/.test(text)) return nothingUnderstood;
  const context = contextOf(text);
  const { findings, numbers } = findNamed(context);
  if (findings.length > 0) {
    const answers = distinct(findings);
    return {
      answers,
      others: without(answers, answers.length === 1 ? relatives(answers[0]) : []),
      unknown: numbers.flatMap((number) =>
        number.kind === 'unknown' ? [{ code: number.code, family: number.family }] : [],
      ),
      together: answers.length < 2 ? [] : togetherOf(flowsOf(text, placesOf(context, findings))),
    };
  }
  const answers = ofStatuses(context);
  if (answers.length > 0)
    return { answers, others: without(answers, ofStatusFamilies(context.statuses)), unknown: [], together: [] };
  return ofDescription(context);
}

/** Places of codes that tell what devices went through; where more stand in 100 kB, it is a list of codes and no log. */
const maxPlaces = 4_000;

/** Everywhere a finding's code stands. A finding tells the first place; in a log the same code comes again as digits. */
function placesOf({ text, survey }: Context, findings: readonly Finding[]): readonly CodePlace[] {
  const first = new Map(
    findings.flatMap(({ subject, at }) => (at === undefined ? [] : [[at, keyOf(subject)] as const])),
  );
  const keys = new Set(findings.map(({ subject }) => keyOf(subject)));
  const places = Array.from(first, ([at, code]): CodePlace => ({ at, code }));
  for (const at of survey.digits[6]) {
    if (places.length >= maxPlaces) break;
    const code = text.slice(at, at + 6);
    if (keys.has(code) && !first.has(at)) places.push({ at, code });
  }
  return places;
}

/** What is known of a text; its words are looked at only if somebody asks. */
function contextOf(text: string): Context {
  const description = text.slice(0, maxDescription).replace(guid, ' ').replace(notTheHub, ' ');
  const survey = surveyOf(text);
  let meanings: readonly Meaning[] | undefined;
  let terms: ReadonlySet<string> | undefined;
  let domain: Domain | undefined;
  let statuses: readonly StatusMention[] | undefined;
  return {
    text,
    survey,
    get meanings() {
      return (meanings ??= meaningsOf(description, true));
    },
    get terms() {
      return (terms ??= termsOf(description));
    },
    get domain() {
      return (domain ??= domainOf(this.meanings));
    },
    get statuses() {
      return (statuses ??= findStatuses(text, survey));
    },
  };
}

/** The codes that people mix a code up with. */
function relatives(finding: Finding | undefined): readonly Finding[] {
  if (finding?.subject.kind !== 'entry') return [];
  return finding.subject.entry.related.slice(0, 3).flatMap((code): Finding[] => {
    const entry = findEntry(code);
    return entry
      ? [{ subject: { kind: 'entry', entry }, how: finding.how, confidence: 'possible', at: undefined }]
      : [];
  });
}

/** The codes, families and statuses that an understanding comes down to, best first. */
export function codesOf({ answers, others }: Understanding): readonly string[] {
  const labels: string[] = [];
  const add = (label: string | undefined): void => {
    if (label !== undefined && !labels.includes(label)) labels.push(label);
  };
  for (const { subject, how } of answers) {
    // A page that compares goes by both that it compares: statuses, where there are any.
    if (subject.kind === 'topic' && subject.topic.id.includes('-vs-')) {
      const statuses = subject.topic.about.filter(findStatus);
      for (const label of statuses.length > 0 ? statuses : subject.topic.about.slice(0, 2)) add(label);
    } else if (how !== 'question') add(labelOf(subject));
  }
  if (answers[0]?.how === 'symptom')
    for (const { subject, confidence } of others.slice(0, 2)) if (confidence === 'likely') add(labelOf(subject));
  return labels;
}
