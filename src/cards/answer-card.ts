import type { Entry, Family, Topic } from '../catalog/schema.ts';
import { findSubject, keyOf, type Subject } from '../catalog/subject.ts';
import type { EpochMs } from '../time/time.ts';
import { answerDetails, headline, queryTexts, topicSections } from './answer-details.ts';
import { button } from './card-action.ts';
import { clean } from './clean.ts';
import { card, facts, folded, heading, numbered, runs, say, type Action, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language, Words } from './words/words.ts';

/** A hub on which an error's family is firing, or was in the last 24 hours. */
export interface Happening {
  readonly hub: string;
  readonly region: string;
  readonly firing: boolean;
  /** When it began if it is firing, when it ended otherwise. */
  readonly at: EpochMs;
  /** Incidents of the family in the last 24 hours. */
  readonly incidents: number;
  /** Errors that were counted for them; `undefined` where nothing was. */
  readonly errors: number | undefined;
}

export interface AnswerContext {
  readonly language: Language;
  /** A line above the answer, such as "I do not know 429777". */
  readonly lead?: string | undefined;
  /** What else may be meant; the first three become buttons. */
  readonly others?: readonly Subject[];
  /** Where it is happening; left out where nobody asked. */
  readonly happenings?: readonly Happening[];
  /** Without buttons that send anything: for a card that somebody puts into a message of their own. */
  readonly readOnly?: boolean;
}

const maxButtons = 3;
const maxHubs = 5;

/** An error, a family, a status or a topic explained: short first, the rest behind Details. */
export function answerCard(subject: Subject, context: AnswerContext): Card {
  const words = wordsOf(context.language);
  const queries =
    subject.kind === 'topic' ? [] : queryTexts(subject.kind === 'entry' ? subject.entry : subject.family, words);
  const details = detailsOf(subject, words);
  const title = titleOf(subject, context.language);
  return card(
    [
      ...(context.lead === undefined ? [] : [say(context.lead)]),
      { type: 'RichTextBlock', inlines: runs(title, { weight: 'Bolder', size: 'Large' }) },
      ...essence(subject, words),
      ...happeningSection(context.happenings, words),
      ...otherButtons(context, words),
      ...(details.length === 0 ? [] : [folded('more', details)]),
      ...(queries.length === 0 ? [] : [folded('queries', queries)]),
    ],
    [
      ...(details.length === 0 ? [] : [toggle(words.labels.details, 'more')]),
      ...(queries.length === 0 ? [] : [toggle(words.answer.queries, 'queries')]),
      ...documentation(subject, words),
      ...(context.readOnly ? [] : relatedButtons(subject, context.language)),
    ],
    `${title}. ${meaningOf(subject)[context.language]}`,
  );
}

/** What a subject is called on cards and in lists: `429001 ThrottlingException`, `429xxx · Throttling`, a topic's title. */
export function titleOf(subject: Subject, language: Language): string {
  switch (subject.kind) {
    case 'entry':
      return `${subject.entry.code} ${subject.entry.name}`;
    case 'family':
      return `${subject.family.family} · ${subject.family.name[language]}`;
    case 'topic':
      return subject.topic.title[language];
  }
}

/** A subject in one or two sentences. */
export function meaningOf(subject: Subject): Entry['meaning'] {
  switch (subject.kind) {
    case 'entry':
      return subject.entry.meaning;
    case 'family':
      return subject.family.meaning;
    case 'topic':
      return subject.topic.summary;
  }
}

/** A button that asks for a subject. */
export function subjectButton(subject: Subject, language: Language, more: Parameters<typeof button>[2] = {}): Action {
  return button(shortened(titleOf(subject, language)), { verb: 'explain', code: keyOf(subject), lang: language }, more);
}

function essence(subject: Subject, words: Words): Element[] {
  const { language, labels } = words;
  const meaning = say(meaningOf(subject)[language], {}, { spacing: 'Small' });
  if (subject.kind === 'topic') {
    const [first] = subject.topic.sections;
    return [
      meaning,
      ...(first
        ? [
            headline(first.title[language]),
            ...first.items.map((item) => say(`• ${item[language]}`, {}, { spacing: 'Small' })),
          ]
        : []),
      ...about(subject.topic, words),
    ];
  }
  const known = subject.kind === 'entry' ? subject.entry : subject.family;
  return [
    meaning,
    heading(labels.nextSteps),
    ...numbered(known.steps.map((step) => step[language])),
    facts([
      [labels.retry, retryText(known, words)],
      [labels.whoActs, known.actors.map((actor) => labels.actors[actor]).join(', ')],
    ]),
  ];
}

function about({ about: keys }: Topic, words: Words): Element[] {
  return keys.length === 0 ? [] : [facts([[words.answer.about, keys.join(', ')]])];
}

function detailsOf(subject: Subject, words: Words): Element[] {
  return subject.kind === 'topic'
    ? topicSections(subject.topic, words)
    : answerDetails(subject.kind === 'entry' ? subject.entry : subject.family, words);
}

export function retryText({ retry }: Entry | Family, words: Words): string {
  const advice = words.labels.retryAdvice[retry.advice];
  return retry.note ? `${advice} ${retry.note[words.language]}` : advice;
}

/** Where it happens, or `nowhere` in words; `undefined`: nobody asked. */
export function happeningSection(
  happenings: readonly Happening[] | undefined,
  words: Words,
  nowhere = words.answer.notHappening,
): Element[] {
  if (!happenings) return [];
  if (happenings.length === 0) return [say(nowhere, { isSubtle: true }, { spacing: 'Medium' })];
  const hidden = happenings.length - maxHubs;
  return [
    heading(words.answer.happening),
    ...happenings.slice(0, maxHubs).map((one): Element => ({
      type: 'RichTextBlock',
      spacing: 'Small',
      inlines: [
        ...runs(clean(one.hub, 60), { weight: 'Bolder' }),
        ...runs(`  ${clean(one.region, 30)}  `, { isSubtle: true }),
        ...runs(words.answer.happeningLine(one), { color: one.firing ? 'Attention' : 'Default' }),
      ],
    })),
    ...(hidden > 0 ? [say(words.answer.and(hidden), { isSubtle: true }, { spacing: 'Small' })] : []),
  ];
}

function otherButtons({ others = [], language, readOnly }: AnswerContext, words: Words): Element[] {
  if (others.length === 0 || readOnly) return [];
  return [
    heading(words.answer.alsoMeant),
    { type: 'ActionSet', actions: others.slice(0, maxButtons).map((other) => subjectButton(other, language)) },
  ];
}

function relatedButtons(subject: Subject, language: Language): Action[] {
  const keys =
    subject.kind === 'entry'
      ? subject.entry.related
      : subject.kind === 'topic'
        ? subject.topic.about.filter((key) => key.length > 3)
        : [];
  return keys
    .slice(0, maxButtons)
    .map(findSubject)
    .filter((other) => other !== undefined)
    .map((other) => subjectButton(other, language, { mode: 'secondary' }));
}

function documentation(subject: Subject, words: Words): Action[] {
  const url =
    subject.kind === 'entry'
      ? subject.entry.source
      : subject.kind === 'family'
        ? subject.family.source
        : subject.topic.source;
  return url === undefined ? [] : [{ type: 'Action.OpenUrl', title: words.labels.documentation, url }];
}

function toggle(title: string, target: string): Action {
  return { type: 'Action.ToggleVisibility', title, targetElements: [target] };
}

/** Titles of buttons are cut by the clients somewhere near this. */
function shortened(title: string): string {
  return title.length > 46 ? `${title.slice(0, 45)}…` : title;
}
