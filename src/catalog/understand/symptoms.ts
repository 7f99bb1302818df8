import { findSubject, labelOf, type Subject } from '../subject.ts';
import { assurance, signsOf } from './assurance.ts';
import type { Meaning } from './concepts.ts';
import type { Domain } from './domain.ts';
import { likelihoods } from './likeness.ts';
import { situationsIn, type SituationHit } from './situations.ts';
import model from './symptom-model.json' with { type: 'json' };
import { fitsOf, readSymptomWords, type Description, type Fit, type SymptomWords } from './symptom-words.ts';

/** A subject that fits a description. */
export interface Likeness {
  readonly subject: Subject;
  readonly score: number;
  /** How likely it is right, 0 to 1. */
  readonly assurance: number;
  /** Whether a known situation was told, not just words that go with it. */
  readonly recognised: boolean;
  /** Other subjects that the same situation may mean, best first. */
  readonly also: readonly Subject[];
}

/** A code, family or status, with all that speaks for it. */
export interface Guess extends Fit {
  /** How much of all that fits is this guess, 0 to 1, and the best three together. */
  readonly share: number;
  readonly shareOfThree: number;
  /** How much of it is that nothing of IoT Hub is meant. */
  readonly shareOfNone: number;
  readonly situation: SituationHit | undefined;
  /** The topic that tells the situation which this label is part of. */
  readonly topic: Subject | undefined;
}

/** What a point of a recognised situation counts against a point of what was learned. */
const situationShare = 0.05;
/** Share of the weight of the weightiest situation from which on another one may tell the label. */
const clearly = 0.75;
/** Points by which the first label of a topic may fit less than the label that the topic is to tell. */
const nearly = 1;

/** A text, by what its words mean and say. */
export interface Told {
  readonly meanings: readonly Meaning[];
  readonly terms: ReadonlySet<string>;
  readonly domain: Domain;
}

let learned: SymptomWords | undefined;

export function conceptsOf(meanings: readonly Meaning[]): ReadonlySet<string> {
  return new Set(meanings.flatMap(({ concepts }) => concepts));
}

/**
 * The labels that fit the concepts of a description, best first: what was learned and recognised situations together.
 * `among` narrows the labels down.
 */
export function guesses(
  description: Description,
  words: SymptomWords,
  among: (label: string) => boolean = () => true,
): readonly Guess[] {
  const hits = new Map<string, SituationHit>();
  const topics = new Map<string, Subject>();
  const weightiest = new Map<string, number>();
  for (const hit of situationsIn(description.concepts, words)) {
    const [first] = hit.subjects;
    const label = first && labelOf(first);
    if (label !== undefined && !hits.has(label)) hits.set(label, hit);
    // A topic tells a label unless another situation that the label is part of is told much more clearly.
    for (const other of hit.subjects.flatMap((subject) => labelOf(subject) ?? [])) {
      const most = weightiest.get(other) ?? hit.weight;
      weightiest.set(other, most);
      if (first?.kind === 'topic' && !topics.has(other) && hit.weight >= clearly * most) topics.set(other, first);
    }
  }
  const fits = fitsOf(description, words)
    .filter(({ key }) => key === '' || among(key))
    .map((fit) => {
      const situation = hits.get(fit.key);
      return { ...fit, situation, score: fit.score + situationShare * (situation?.weight ?? 0) };
    })
    .sort((a, b) => b.score - a.score);
  const scores = new Map(fits.map(({ key, score }) => [key, score]));
  // A topic goes by its first label: it may stand for another one only where that one is told nearly as well.
  const topicOf = ({ key, score }: Fit): Subject | undefined => {
    const topic = topics.get(key);
    const told = topic && scores.get(labelOf(topic) ?? '');
    return told === undefined || told < score - nearly ? undefined : topic;
  };
  const most = fits[0]?.score ?? 0;
  const all = fits.reduce((sum, { score }) => sum + Math.exp(score - most), 0);
  const labels = fits
    .filter(({ key }) => key !== '')
    .map((fit) => ({ ...fit, topic: topicOf(fit), share: Math.exp(fit.score - most) / all }));
  const shareOfThree = labels.slice(0, 3).reduce((sum, { share }) => sum + share, 0);
  const none = fits.find(({ key }) => key === '');
  const shareOfNone = none ? Math.exp(none.score - most) / all : 0;
  return labels.map((label): Guess => ({ ...label, shareOfThree, shareOfNone }));
}

/** Subjects that fit a description of something that goes wrong, best first; `among` narrows the labels down. */
export function fitting(
  { meanings, terms, domain }: Told,
  among: (label: string) => boolean = () => true,
): readonly Likeness[] {
  const words = (learned ??= readSymptomWords(model.codes));
  return guesses({ concepts: conceptsOf(meanings), terms }, words, among)
    .slice(0, 6)
    .flatMap((guess): Likeness[] => {
      const [told = findSubject(guess.key), ...also] = guess.situation?.subjects ?? [];
      const subject = guess.topic ?? told;
      if (!subject) return [];
      if (guess.topic && told && told !== guess.topic) also.unshift(told);
      const signs = signsOf({
        ...guess,
        meanings,
        terms,
        domain,
        words,
        situation: guess.situation?.weight ?? 0,
      });
      return [
        {
          subject,
          score: guess.score,
          assurance: assurance(signs, model.assurance),
          recognised: guess.situation !== undefined,
          also,
        },
      ];
    });
}

/** Topics that a question is about, best first; `among` narrows them down by their id. */
export function topicsFor(
  meanings: readonly Meaning[],
  among: (id: string) => boolean,
): readonly { readonly subject: Subject; readonly evidence: number; readonly matched: number }[] {
  return likelihoods(conceptsOf(meanings), model.topics)
    .filter(({ key }) => among(key))
    .slice(0, 4)
    .flatMap(({ key, evidence, matched }) => {
      const subject = findSubject(key);
      return subject ? [{ subject, evidence, matched }] : [];
    });
}
