import { familyOf, findEntry, findFamily } from '../catalog/catalog.ts';
import type { Entry, Family } from '../catalog/schema.ts';
import type { Candidate } from '../diagnosis/diagnosis.ts';
import { severityOf, type Incident, type Subject } from '../incidents/incident.ts';
import type { Silence } from '../incidents/silence.ts';
import type { Message } from '../notify/messenger.ts';
import type { EpochMs } from '../time/time.ts';
import { button } from './card-action.ts';
import { capacity } from './capacity.ts';
import { chart } from './chart.ts';
import { clean } from './clean.ts';
import { evidence, queryLink } from './evidence.ts';
import { members, membersButton } from './members.ts';
import {
  card,
  column,
  facts,
  folded,
  heading,
  numbered,
  runs,
  say,
  type Action,
  type Card,
  type Element,
} from './elements.ts';
import { portalLink } from './links.ts';
import { wordsOf } from './words/languages.ts';
import type { Language, Words } from './words/words.ts';

export interface IncidentCardContext {
  readonly language: Language;
  readonly silence: Silence | undefined;
  readonly now: EpochMs;
}

/** Steps beyond these are behind Explain. */
const stepsShown = 4;

/** The one card of an incident, as its state is now: what, since when, why, and what to do next. */
export function incidentCard(incident: Incident, { language, silence, now }: IncidentCardContext): Card {
  const words = wordsOf(language);
  const best = incident.diagnosis.candidates[0];
  const known = best && knowledge(best);
  return card(
    [
      header(incident, words),
      ...(incident.status === 'resolved'
        ? [...standing(incident, silence, words), problem(incident, words, now)]
        : [problem(incident, words, now), ...standing(incident, silence, words)]),
      ...symptoms(incident, words),
      ...(incident.subject.kind === 'hub' ? chart(incident.evaluation, words) : []),
      ...members(incident, words),
      ...cause(incident, best, known, words),
      ...evidence(incident, words),
      ...(incident.status === 'resolved' ? [] : steps(best, known, words)),
      ...capacity(incident, words),
      folded('details', [details(incident, words, now)]),
    ],
    actions(incident, best, known, words),
    clean(words.summary(incident, now), 300),
  );
}

/** The same as a message: with the words for a phone's lock screen. */
export function incidentMessage(incident: Incident, context: IncidentCardContext): Message {
  const words = wordsOf(context.language);
  return {
    card: incidentCard(incident, context) as unknown as Record<string, unknown>,
    summary: clean(words.summary(incident, context.now), 300),
    important: incident.status === 'firing' && severityOf(incident) === 'critical',
  };
}

/** For a channel whose Teams refused the full card as too large: the essential, in a few hundred bytes. */
export function reducedIncidentMessage(incident: Incident, context: IncidentCardContext): Message {
  const words = wordsOf(context.language);
  const best = incident.diagnosis.candidates[0];
  return {
    card: card(
      [
        header(incident, words),
        say(clean(words.problem(incident, context.now), 400)),
        ...standing(incident, context.silence, words),
      ],
      actions(incident, best, best && knowledge(best), words).filter(({ type }) => type !== 'Action.ToggleVisibility'),
      clean(words.summary(incident, context.now), 300),
    ) as unknown as Record<string, unknown>,
    summary: clean(words.summary(incident, context.now), 300),
  };
}

function problem(incident: Incident, words: Words, now: EpochMs): Element {
  const over = incident.status === 'resolved';
  return say(clean(words.problem(incident, now), 400), over ? {} : { weight: 'Bolder' }, {
    spacing: over ? 'Small' : 'Medium',
  });
}

function header(incident: Incident, words: Words): Element {
  const severity = severityOf(incident);
  const style = isUnwatched(incident)
    ? 'accent'
    : incident.status === 'resolved'
      ? 'good'
      : severity === 'information'
        ? 'accent'
        : severity === 'warning'
          ? 'warning'
          : 'attention';
  const status = isUnwatched(incident) ? words.labels.notWatched : words.status[incident.status];
  const state = incident.status === 'resolved' ? status : words.severity[severity];
  return {
    type: 'Container',
    style,
    bleed: true,
    items: [
      {
        type: 'ColumnSet',
        columns: [
          column('stretch', [
            {
              type: 'RichTextBlock',
              inlines: runs(clean(words.subject(incident.subject)), { weight: 'Bolder', size: 'Large' }),
            },
            say(`${state} · ${clean(words.signal(incident.signal), 60)}`, {}, { spacing: 'None' }),
          ]),
          column('auto', [
            say(status, { weight: 'Bolder' }, { horizontalAlignment: 'Right' }),
            say(
              incident.id,
              { fontType: 'Monospace', size: 'Small' },
              { horizontalAlignment: 'Right', spacing: 'None' },
            ),
          ]),
        ],
      },
    ],
  };
}

/** It has ended because nobody looks any more: no card calls that good. */
function isUnwatched(incident: Incident): boolean {
  return incident.status === 'resolved' && incident.endReason !== undefined;
}

/** Who has it, who snoozed it, how it ended. */
function standing(incident: Incident, silence: Silence | undefined, words: Words): Element[] {
  const lines: string[] = [];
  if (incident.status === 'resolved') lines.push(words.ending(incident));
  if (incident.status === 'acknowledged')
    lines.push(words.acknowledgedBy(incident.acknowledgedBy.name, incident.acknowledgedAt));
  if (incident.foldedInto && incident.status !== 'resolved') lines.push(words.partOf(incident.foldedInto.id));
  if (silence && incident.status !== 'resolved') lines.push(words.silencedUntil(silence.by.name, silence.until));
  return lines.map((line) =>
    say(
      clean(line, 200),
      { color: incident.status === 'resolved' && !isUnwatched(incident) ? 'Good' : 'Accent', weight: 'Bolder' },
      { spacing: 'Small' },
    ),
  );
}

/** What else is wrong with the same hub because of it. */
function symptoms({ symptoms: all = [] }: Incident, words: Words): Element[] {
  return all.map((symptom) =>
    say(clean(words.symptom(symptom), 300), symptom.endedAt === undefined ? {} : { isSubtle: true }, {
      spacing: 'Small',
    }),
  );
}

type Knowledge = { readonly entry?: Entry; readonly family: Family | undefined };

function knowledge({ code, family }: Candidate): Knowledge {
  const entry = code === undefined ? undefined : findEntry(code);
  return { ...(entry ? { entry } : {}), family: code === undefined ? findFamily(family) : familyOf(code) };
}

/** What the error means is not true yet of what may come to it. */
function isAhead({ reason }: Candidate): boolean {
  return ['near-send-limit', 'near-operation-rate', 'near-connection-rate', 'quota-near', 'quota-soon'].includes(
    reason,
  );
}

function cause(incident: Incident, best: Candidate | undefined, known: Knowledge | undefined, words: Words): Element[] {
  const { labels, language } = words;
  if (!best || !known) return [];
  const others = incident.diagnosis.candidates.slice(1, 4);
  const established = best.confidence !== 'possible';
  const text = known.entry ?? known.family;
  const meaning = text?.meaning[language];
  return [
    heading(established ? labels.likelyCause : labels.causeNotEstablished),
    {
      type: 'RichTextBlock',
      spacing: 'Small',
      inlines: [
        ...runs(title(best, known), { weight: 'Bolder' }),
        ...runs(` · ${words.confidence[best.confidence]}: ${words.candidateReason(best)}.`),
      ],
    },
    ...(meaning && established && !isAhead(best) ? [say(clean(meaning, 400), {}, { spacing: 'Small' })] : []),
    ...(others.length === 0
      ? []
      : established
        ? [
            say(
              `${labels.alsoPossible}: ${others.map((other) => title(other, knowledge(other))).join(', ')}`,
              { isSubtle: true },
              { spacing: 'Small' },
            ),
          ]
        : others.map((other) => ({
            type: 'RichTextBlock' as const,
            spacing: 'Small' as const,
            inlines: [
              ...runs(title(other, knowledge(other)), { weight: 'Bolder' }),
              ...runs(` · ${words.candidateReason(other)}.`),
            ],
          }))),
  ];
}

function title({ code, family }: Candidate, { entry }: Knowledge): string {
  return entry ? `${entry.code} ${entry.name}` : (code ?? family);
}

function steps(best: Candidate | undefined, known: Knowledge | undefined, words: Words): Element[] {
  const own = best && words.candidateSteps(best);
  const told = own ?? (known?.entry ?? known?.family)?.steps.map((step) => step[words.language]);
  return told ? [heading(words.labels.nextSteps), ...numbered(told.slice(0, stepsShown))] : [];
}

function details(incident: Incident, words: Words, now: EpochMs): Element {
  const { labels } = words;
  const { numbers, settledAt } = incident.evaluation;
  const figure = (value: number | undefined): string => (value === undefined ? labels.notANumber : words.number(value));
  return facts([
    ...about(incident.subject, words),
    [labels.signal, clean(incident.evaluation.metric, 90)],
    [labels.value, figure(numbers.value)],
    ...(numbers.expected === undefined ? [] : [[labels.expected, figure(numbers.expected)] as const]),
    ...(numbers.limit === undefined ? [] : [[labels.limit, figure(numbers.limit)] as const]),
    [labels.began, words.dateTime(incident.beganAt)],
    [labels.asOf, words.dateTime(settledAt ?? now)],
    [labels.incident, incident.id],
  ]);
}

function about(subject: Subject, words: Words): readonly (readonly [string, string])[] {
  const { labels } = words;
  if (subject.kind === 'hubs') return [[labels.hub, clean(words.subject(subject))]];
  const { name, region, sku, units } = subject.hub;
  return [
    [labels.hub, clean(name)],
    [labels.region, clean(region, 40)],
    [labels.tier, `${clean(sku, 10)} × ${String(units)}`],
  ];
}

function actions(
  incident: Incident,
  best: Candidate | undefined,
  known: Knowledge | undefined,
  words: Words,
): Action[] {
  const { labels } = words;
  const code = best?.code ?? best?.family;
  const source = (known?.entry ?? known?.family)?.source;
  return [
    ...(incident.status === 'firing'
      ? [button(labels.acknowledge, { verb: 'acknowledge', incident: incident.id }, { style: 'positive' })]
      : []),
    ...(incident.status === 'resolved' ? [] : [button(labels.silence, { verb: 'silence', incident: incident.id })]),
    ...(code === undefined ? [] : [button(labels.explain, { verb: 'explain', code, lang: words.language })]),
    { type: 'Action.OpenUrl', title: labels.portal, url: portalLink(incident.subject) },
    ...membersButton(incident, words),
    { type: 'Action.ToggleVisibility', title: labels.details, targetElements: ['details'], mode: 'secondary' },
    button(labels.why, { verb: 'why', incident: incident.id }, { mode: 'secondary' }),
    ...queryLink(incident, words),
    ...(source === undefined
      ? []
      : [{ type: 'Action.OpenUrl' as const, title: labels.documentation, url: source, mode: 'secondary' as const }]),
  ];
}
