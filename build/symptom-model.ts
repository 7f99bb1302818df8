import { entries, topics } from '../src/catalog/catalog.ts';
import { findSubject, labelOf } from '../src/catalog/subject.ts';
import { signsOf } from '../src/catalog/understand/assurance.ts';
import { meaningsOf, type Meaning } from '../src/catalog/understand/concepts.ts';
import { domainOf } from '../src/catalog/understand/domain.ts';
import type { WordModel } from '../src/catalog/understand/likeness.ts';
import { readable } from '../src/catalog/understand/readable.ts';
import { situations } from '../src/catalog/understand/situations.ts';
import { conceptsOf, guesses } from '../src/catalog/understand/symptoms.ts';
import {
  readSymptomWords,
  type Description,
  type WrittenSymptomWords,
} from '../src/catalog/understand/symptom-words.ts';
import told from '../src/catalog/understand/tellings.json' with { type: 'json' };
import { termsOf } from '../src/catalog/understand/terms.ts';
import { learnWords, type Example } from './naive-bayes.ts';
import { learnLabels, type LabelledExample } from './softmax.ts';

/** What `symptom-model.json` holds. */
export interface SymptomModel {
  readonly codes: WrittenSymptomWords;
  readonly topics: WordModel;
  /** Weights of the signs by which a guess is relied on. */
  readonly assurance: readonly number[];
}

interface Telling {
  readonly meanings: readonly Meaning[];
  readonly terms: ReadonlySet<string>;
  /** Labels that are right for it; none for what is no error of IoT Hub. */
  readonly labels: readonly string[];
}

const folds = 3;

/** Learns from everything there is. The same input gives the same model. */
export function learnSymptoms(): SymptomModel {
  const tellings = readTellings();
  const background = [...ofCatalog(), ...ofSituations()];
  const codes = learnLabels([...background, ...tellings.map(example)]);
  return { codes, topics: learnWords(ofTopics()), assurance: learnAssurance(background, tellings) };
}

function readTellings(): readonly Telling[] {
  return Object.entries(told.tellings).flatMap(([keys, sentences]) =>
    sentences.map((sentence) => ({
      meanings: meaningsOf(readable(sentence), true),
      terms: termsOf(readable(sentence)),
      labels: keys === '' ? [] : keys.split(' ').map(labelOfKey),
    })),
  );
}

function example({ meanings, terms, labels: [key = '', ...also] }: Telling): LabelledExample {
  return { concepts: conceptsOf(meanings), terms, key, also, weight: 2 };
}

function descriptionOf(text: string): Description {
  return { concepts: conceptsOf(meaningsOf(readable(text))), terms: termsOf(readable(text)) };
}

function ofCatalog(): readonly LabelledExample[] {
  const learn = (text: string, key: string, weight: number): LabelledExample => ({
    ...descriptionOf(text),
    key,
    also: [],
    weight,
  });
  return [
    ...entries.flatMap(({ code, name, symptoms, meaning, causes }) => [
      learn(name.replace(/([a-z])([A-Z])/g, '$1 $2'), code, 1),
      ...[...symptoms.en, ...symptoms.fr].map((symptom) => learn(symptom, code, 1)),
      learn(meaning.en, code, 1),
      learn(meaning.fr, code, 1),
      ...causes.flatMap(({ en, fr }) => [learn(en, code, 0.5), learn(fr, code, 0.5)]),
    ]),
    ...topics
      .filter(({ id }) => !id.startsWith('http-'))
      .flatMap(({ about: [label], symptoms }) =>
        label === undefined ? [] : [...symptoms.en, ...symptoms.fr].map((symptom) => learn(symptom, label, 0.6)),
      ),
  ];
}

/** A situation is learned with the first words of each of its alternatives. */
function ofSituations(): readonly LabelledExample[] {
  return situations().map(({ keys, needs, helps }) => ({
    concepts: new Set([...needs, ...helps].flatMap((words) => words.slice(0, 3))),
    terms: new Set(),
    key: labelOfKey(keys[0] ?? ''),
    also: [],
    weight: 1,
  }));
}

function ofTopics(): readonly Example[] {
  return topics.flatMap(({ id, title, symptoms }) =>
    [title.en, title.fr, ...symptoms.en, ...symptoms.fr].map((text) => ({
      concepts: [...conceptsOf(meaningsOf(readable(text)))],
      key: id,
      weight: 1,
    })),
  );
}

function labelOfKey(key: string): string {
  const subject = findSubject(key);
  return (subject && labelOf(subject)) ?? key;
}

/**
 * Every telling is guessed by a model that has not seen it; how far the signs of a guess speak for its being right is
 * then found by logistic regression.
 */
function learnAssurance(background: readonly LabelledExample[], tellings: readonly Telling[]): readonly number[] {
  const seen: { readonly signs: readonly number[]; readonly right: boolean }[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const words = readSymptomWords(
      learnLabels([...background, ...tellings.filter((_, i) => i % folds !== fold).map(example)]),
    );
    for (const { meanings, terms, labels } of tellings.filter((_, i) => i % folds === fold)) {
      const [best] = guesses({ concepts: conceptsOf(meanings), terms }, words);
      if (!best) continue;
      const situation = best.situation?.weight ?? 0;
      const signs = signsOf({ ...best, meanings, terms, domain: domainOf(meanings), words, situation });
      seen.push({ signs, right: labels.includes(best.key) });
    }
  }
  const weights = (seen[0]?.signs ?? []).map(() => 0);
  // A wrong answer is worse than none.
  const wrongCounts = 2;
  for (let round = 0; round < 3_000; round++) {
    const slope = weights.map((weight) => 1e-4 * weight);
    for (const { signs, right } of seen) {
      const said = 1 / (1 + Math.exp(-signs.reduce((sum, sign, i) => sum + sign * (weights[i] ?? 0), 0)));
      const error = (said - (right ? 1 : 0)) * (right ? 1 : wrongCounts);
      signs.forEach((sign, i) => (slope[i] = (slope[i] ?? 0) + (error * sign) / seen.length));
    }
    slope.forEach((value, i) => (weights[i] = (weights[i] ?? 0) - 0.2 * value));
  }
  return weights.map((weight) => Math.round(weight * 100) / 100 + 0);
}
