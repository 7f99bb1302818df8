import type { Evaluation, Signal } from '../detection/evaluation.ts';
import type { TagFault } from '../detection/hub-tags.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { isCoreRule } from '../detection/rule.ts';
import { isOperation } from '../hubs/limits.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Silence } from '../incidents/silence.ts';
import type { Delivery } from '../notify/plan-delivery.ts';
import type { EpochMs } from '../time/time.ts';
import { clean } from './clean.ts';
import { bullets, card, facts, heading, runs, say, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language, Words } from './words/words.ts';

/** One channel's part in an incident: what was decided for it. */
export interface Route {
  readonly channelId: string;
  readonly decision: Delivery;
  /** The revision that its card shows. */
  readonly revision: number | undefined;
}

/** Everything that went into the decision about an incident: enough to take it again by hand. */
export function whyIncidentCard(
  incident: Incident,
  context: {
    readonly silence: Silence | undefined;
    readonly routes: readonly Route[];
    readonly language: Language;
    readonly now: EpochMs;
  },
): Card {
  const words = wordsOf(context.language);
  const { labels } = words;
  const { diagnosis } = incident;
  const title = `${words.subject(incident.subject)} · ${words.signal(incident.signal)} · ${incident.id}`;
  return card(
    [
      { type: 'RichTextBlock', inlines: runs(clean(title, 160), { weight: 'Bolder', size: 'Large' }) },
      say(clean(words.problem(incident, context.now), 400)),
      heading(labels.decision),
      judgement(incident.evaluation, words, context.now),
      heading(labels.candidates),
      ...(diagnosis.candidates.length === 0 ? [say(labels.causeNotEstablished)] : []),
      ...diagnosis.candidates.map((candidate): Element => ({
        type: 'RichTextBlock',
        spacing: 'Small',
        inlines: [
          ...runs(`${candidate.code ?? candidate.family}  `, { weight: 'Bolder' }),
          ...runs(
            clean(
              `${words.confidence[candidate.confidence]}: ${words.candidateReason(candidate)}. ${words.candidateCheck(candidate)}`,
              500,
            ),
          ),
        ],
      })),
      heading(labels.notifications),
      ...bullets([
        context.silence ? words.silencedUntil(context.silence.by.name, context.silence.until) : labels.noSilence,
        incident.foldedInto ? words.partOf(incident.foldedInto.id) : labels.notFolded,
        ...(context.routes.length === 0
          ? [labels.noRoute]
          : context.routes.map((route) =>
              clean(words.route(route.channelId, route.decision.action, route.decision.reason, route.revision), 300),
            )),
      ]),
      heading(labels.history),
      ...bullets(incident.events.slice(-10).map((event) => clean(words.event(event), 200))),
    ],
    [],
    title,
  );
}

/** Why nothing is firing for a hub, or what is: every rule's last judgement with its numbers. */
export function whyHubCard(
  record: HubRecord,
  context: {
    readonly incidents: readonly Incident[];
    readonly silences: readonly Silence[];
    /** Signals that are not watched on this hub. */
    readonly off: readonly Signal[];
    readonly tagFaults: readonly TagFault[];
    readonly language: Language;
    readonly now: EpochMs;
  },
): Card {
  const words = wordsOf(context.language);
  const { labels } = words;
  const age = record.readAt === undefined ? undefined : context.now - record.readAt;
  const all = Object.values(record.evaluations ?? {});
  // A dozen rules for other metrics say nothing on most days: a line is enough for those.
  const quiet = all.filter(({ rule, verdict }) => !isCoreRule(rule) && verdict !== 'breach');
  const evaluations = all
    .filter((evaluation) => !quiet.includes(evaluation))
    .toSorted((a, b) => Number(b.verdict === 'breach') - Number(a.verdict === 'breach'));
  return card(
    [
      { type: 'RichTextBlock', inlines: runs(clean(record.hub.name), { weight: 'Bolder', size: 'Large' }) },
      say(record.failure === undefined ? words.readAgo(age) : `${labels.unreadable}: ${clean(record.failure, 60)}`),
      ...(context.off.length === 0
        ? []
        : [say(clean(`${words.notWatched(context.off)} (${labels.offBy})`, 300), { color: 'Warning' })]),
      ...context.tagFaults.map((fault) => say(clean(words.tagNotFollowed(fault), 400), { color: 'Warning' })),
      ...(all.length === 0 ? [say(labels.neverJudged)] : []),
      ...evaluations.flatMap((evaluation): Element[] => [
        heading(clean(words.signal(evaluation.signal), 80)),
        judgement(evaluation, words, context.now),
      ]),
      ...(quiet.length === 0
        ? []
        : [heading(labels.otherRules), ...bullets(quiet.map((each) => briefly(each, words)))]),
      heading(labels.notifications),
      ...bullets([
        ...context.incidents.map((incident) =>
          clean(`${incident.id}: ${words.signal(incident.signal)}, ${words.status[incident.status]}`, 200),
        ),
        ...(context.incidents.length === 0 ? [labels.noIncidents] : []),
        ...(context.silences.length === 0
          ? [labels.noSilence]
          : context.silences.map((silence) => words.silencedUntil(clean(silence.by.name, 60), silence.until))),
      ]),
    ],
    [],
    record.hub.name,
  );
}

function briefly({ signal, verdict, reason, numbers }: Evaluation, words: Words): string {
  if (isOperation(signal) && numbers.limit !== undefined)
    return clean(
      `${words.signal(signal)}: ${verdict} (${reason}), ${words.rate(numbers)} (${words.percent(numbers.ratio ?? 0)})`,
      200,
    );
  const figures = [
    numbers.value === undefined ? [] : [`${words.labels.value} ${words.number(numbers.value)}`],
    numbers.expected === undefined ? [] : [`${words.labels.expected} ${words.number(numbers.expected)}`],
  ].flat();
  return clean([`${words.signal(signal)}: ${verdict} (${reason})`, ...figures].join(', '), 200);
}

function judgement(evaluation: Evaluation, words: Words, now: EpochMs): Element {
  const { labels } = words;
  const { numbers, settledAt } = evaluation;
  const line = (label: string, value: number | undefined, ratio = false): [string, string][] =>
    value === undefined ? [] : [[label, ratio ? words.percent(value) : words.number(value)]];
  return facts([
    [labels.verdict, `${evaluation.verdict} (${clean(evaluation.reason, 60)})`],
    [labels.rule, clean(`${evaluation.rule} · ${evaluation.ruleSource ?? labels.shippedRule}`, 200)],
    [labels.signal, clean(evaluation.metric, 90)],
    ...line(labels.value, numbers.value),
    ...line(labels.expected, numbers.expected),
    ...line(labels.lower, numbers.lower),
    ...line(labels.upper, numbers.upper),
    ...line(labels.limit, numbers.limit),
    ...line(labels.ratio, numbers.ratio, true),
    ...line(labels.fireLevel, numbers.fireLevel),
    ...line(labels.clearLevel, numbers.clearLevel),
    ...(numbers.breachingBins === undefined || numbers.windowBins === undefined
      ? []
      : [[labels.streak, `${words.number(numbers.breachingBins)} / ${words.number(numbers.windowBins)}`] as const]),
    ...line(labels.confidence, numbers.confidence, true),
    [labels.dataAge, settledAt === undefined ? labels.notANumber : words.duration(now - settledAt)],
  ]);
}
