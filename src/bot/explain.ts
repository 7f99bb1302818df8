import type { Together } from '../catalog/combinations.ts';
import type { Family } from '../catalog/schema.ts';
import { findSubject, type Subject } from '../catalog/subject.ts';
import type { Confidence } from '../catalog/understand/finding.ts';
import { understand } from '../catalog/understand/understand.ts';
import { namedLanguage, type AnswerLanguage } from './named-language.ts';

/** A number that looks like a code but is none, and the family that its prefix belongs to. */
export interface UnknownCode {
  readonly code: string;
  readonly family: Family;
}

/** What the catalogue has for a question. */
export type Explanation = {
  /** The language that the question asks for, if it names one. */
  readonly language: AnswerLanguage | undefined;
} & (
  | {
      readonly kind: 'one';
      readonly subject: Subject;
      readonly confidence: Confidence;
      /** The subject is the family of a code that is not known. */
      readonly unknown: UnknownCode | undefined;
      /** What else may be meant, at most three. */
      readonly others: readonly Subject[];
    }
  | {
      readonly kind: 'several';
      /** In order of appearance. */
      readonly subjects: readonly Subject[];
      /** What some of them mean together. */
      readonly together: readonly Together[];
      readonly unknown: readonly UnknownCode[];
    }
  | { readonly kind: 'unknown' }
);

const maxOthers = 3;

/** Finds what a text asks about. Buttons ask by the key of a subject: a code, a family or a topic's id. */
export function explain(text: string): Explanation {
  const { language, rest } = namedLanguage(text);
  const exact = findSubject(rest.trim());
  if (exact) return { language, kind: 'one', subject: exact, confidence: 'certain', unknown: undefined, others: [] };
  const { answers, others, unknown, together } = understand(rest);
  const [first, second] = answers;
  if (!first) return { language, kind: 'unknown' };
  if (second) return { language, kind: 'several', subjects: answers.map(({ subject }) => subject), together, unknown };
  return {
    language,
    kind: 'one',
    subject: first.subject,
    confidence: first.confidence,
    unknown: unknown[0],
    // What is asked by name has its neighbours on its own card.
    others: first.confidence === 'certain' ? [] : others.slice(0, maxOthers).map(({ subject }) => subject),
  };
}
