import { findSubject } from '../subject.ts';
import { compares } from './compares.ts';
import type { Meaning } from './concepts.ts';
import { nothingUnderstood, without, type Finding, type Understanding } from './finding.ts';
import type { Context } from './named.ts';
import { conceptsOf, fitting, topicsFor, type Likeness } from './symptoms.ts';

/** Text that gives orders to a language model: its codes are explained, its stories are not listened to. */
const orders =
  /\b(?:ignore|disregard|forget) (?:all |any |the |your |every )*(?:previous|prior|above|earlier|system)|\byou are (?:now|a helpful)|\b(?:system|developer) prompt\b|\bact as\b|\bpretend (?:to|you|that)\b|\bjailbreak/i;

/** That something of a hub or a device fails says nothing by itself. */
const bland = new Set(['hub', 'device', 'iot-thing', 'azure', 'fail']);

/** `error 812345`: asked about is a number that is no code of IoT Hub. */
const strangeCode = /(?:err|error|erreur|code)\b[^\w\n]{0,3}\d{4,9}\b/i;
/** With so few words beside it, nothing else is told. */
const fewWords = 9;

/** Clouds and brokers that devices connect to instead. */
const rivals =
  /\b(?:aws iot|iot core|greengrass|google (?:cloud )?iot|hivemq|emqx|vernemq|mosquitto|thingsboard|losant|watson iot|iot central|chirpstack|the things (?:network|stack)|ttn)\b/i;

/** `Azure Service Bus: …`: a heading that says whose trouble is told. */
const headings =
  /^\W*(?:azure )?(?:service bus|event hubs?|event grid|cosmos ?db|storage|blob storage|key vault|functions?|app service|sql|redis|signalr|api management|apim|aks|data explorer|stream analytics|logic apps?|databricks|kafka|rabbitmq)(?: \w+)? ?[:–-] /i;

/** Words with which a question begins. Where nothing goes wrong, it is answered by a topic or not at all. */
const asks =
  /^\W*(?:is|are|do|does|can|could|should|how|what|whats|which|where|who|when|why|combien|quel|quelle|quels|quelles|comment|ou|peut|peux|est-ce|faut|pourquoi|qui)\b/i;
/** From here on a guess is offered; below, "I do not know" is the better answer. Who speaks of a hub is owed more. */
const enough = { ofHub: 0.3, knownOfHub: 0.25, knownOfAnything: 0.3, ofAnything: 0.5 };
const quiteSure = 0.75;
/** From here on it is offered although another product is named. */
const despiteOthers = 0.65;

/** What a text describes that names nothing. */
export function ofDescription(context: Context): Understanding {
  const { meanings, domain, text } = context;
  if (orders.test(text.slice(0, 1_500))) return nothingUnderstood;
  if (meanings.every(({ concepts }) => concepts.every((concept) => concept.startsWith('=') || bland.has(concept))))
    return nothingUnderstood;
  if (strangeCode.test(text) && meanings.length <= fewWords) return nothingUnderstood;
  const said = conceptsOf(meanings);
  if (!said.has('hub') && ((!said.has('azure') && rivals.test(text)) || headings.test(text))) return nothingUnderstood;
  const comparison = comparisonIn(context);
  if (comparison) return comparison;
  if (!domain.trouble && (asks.test(text) || meanings.some(({ concepts }) => concepts.includes('help-howto'))))
    return ofQuestion(context);
  const fits = fitting(context);
  const [best] = fits;
  if (!domain.trouble && best?.recognised !== true && isCalm(meanings, best?.assurance ?? 0)) return nothingUnderstood;
  const ofHub = best?.recognised === true ? enough.knownOfHub : enough.ofHub;
  if ((domain.foreign || domain.nextDoor) && (best?.assurance ?? 0) < despiteOthers) return nothingUnderstood;
  const least = domain.points >= 2 ? ofHub : best?.recognised === true ? enough.knownOfAnything : enough.ofAnything;
  // Where two answers share what speaks for them, the question is ambiguous, not unknown.
  if (!best || best.assurance + (fits[1]?.assurance ?? 0) < least) return nothingUnderstood;
  const finding = ({ subject, assurance }: Likeness): Finding => ({
    subject,
    how: 'symptom',
    confidence: assurance >= quiteSure ? 'likely' : 'possible',
    at: undefined,
  });
  const answers = [finding(best)];
  const also = best.also.map((subject): Finding => ({ subject, how: 'symptom', confidence: 'likely', at: undefined }));
  const close = fits
    .slice(1)
    .filter(({ assurance, score }) => assurance >= least && score >= best.score - 2.5)
    .map((fit): Finding => ({ ...finding(fit), confidence: 'possible' }));
  return { answers, others: without(answers, [...also, ...close]).slice(0, 3), unknown: [], together: [] };
}

/** Two limits that people mix up have a page that sets them side by side. */
function comparisonIn({ meanings, text }: Context): Understanding | undefined {
  const said = conceptsOf(meanings);
  if (!said.has('quota') || !said.has('throttle') || !compares(text)) return undefined;
  const subject = findSubject('quota-vs-throttling');
  return (
    subject && { ...nothingUnderstood, answers: [{ subject, how: 'question', confidence: 'likely', at: undefined }] }
  );
}

const praise = new Set(
  'fine good great perfect perfectly ok okay nice bien super parfait parfaitement nickel'.split(' '),
);

/** Next to no words, or devices that are said to be online or fine, and no guess that is sure: nothing is wrong. */
function isCalm(meanings: readonly Meaning[], assurance: number): boolean {
  const said = new Set(meanings.map(({ word }) => word).filter((word) => word !== ''));
  const isPraised = meanings.some(({ word, concepts }) => concepts.includes('online') || praise.has(word));
  return said.size < 3 || (isPraised && assurance < quiteSure);
}

/** A question where nothing has gone wrong: a topic may answer it, but it is about no code. */
function ofQuestion({ meanings, domain }: Context): Understanding {
  const [best] = topicsFor(meanings, (id) => !id.startsWith('http-'));
  if (!best || domain.foreign || domain.points < 1 || best.matched < 3 || best.evidence < 30) return nothingUnderstood;
  return {
    answers: [{ subject: best.subject, how: 'question', confidence: 'possible', at: undefined }],
    others: [],
    unknown: [],
    together: [],
  };
}
