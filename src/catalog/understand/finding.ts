import type { Together } from '../combinations.ts';
import type { Family } from '../schema.ts';
import { keyOf, type Subject } from '../subject.ts';

/** How a subject was recognised. */
export type How = 'code' | 'family' | 'name' | 'exception' | 'message' | 'status' | 'symptom' | 'question';

/**
 * - `certain`: the text names it;
 * - `likely`: the text names something that mostly means it, or describes it well;
 * - `possible`: the description resembles it.
 */
export type Confidence = 'certain' | 'likely' | 'possible';

export interface Finding {
  readonly subject: Subject;
  readonly how: How;
  readonly confidence: Confidence;
  /** Where in the readable text it was named; descriptions have no place. */
  readonly at: number | undefined;
}

/** What a text asks about. */
export interface Understanding {
  /** What it is about. Several only if the text names several, in order of appearance. */
  readonly answers: readonly Finding[];
  /** What else may be meant, best first. */
  readonly others: readonly Finding[];
  /** Numbers that look like a code but are in no list, with the family that their prefix belongs to. */
  readonly unknown: readonly { readonly code: string; readonly family: Family }[];
  /** What the codes of the text mean together. */
  readonly together: readonly Together[];
}

export const nothingUnderstood: Understanding = { answers: [], others: [], unknown: [], together: [] };

/** Each subject once, where it stands first. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ subject }) => {
    const key = keyOf(subject);
    return !seen.has(key) && seen.add(key);
  });
}

/** Each subject once that is no answer already. */
export function without(answers: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  const given = new Set(answers.map(({ subject }) => keyOf(subject)));
  return distinct(findings.filter(({ subject }) => !given.has(keyOf(subject))));
}
