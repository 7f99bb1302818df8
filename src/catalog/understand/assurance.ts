import type { Meaning } from './concepts.ts';
import type { Domain } from './domain.ts';
import { isKnown, type SymptomWords } from './symptom-words.ts';

/** What tells how far a guess can be relied on, in the order of the model's weights. */
export function signsOf(guess: {
  readonly meanings: readonly Meaning[];
  readonly domain: Domain;
  readonly terms: ReadonlySet<string>;
  readonly words: SymptomWords;
  /** How much of all that fits is this guess, 0 to 1, and it together with the next two. */
  readonly share: number;
  readonly shareOfThree: number;
  /** How much of it is that nothing of IoT Hub is meant. */
  readonly shareOfNone: number;
  readonly matched: number;
  /** Weight of the situation that was recognised, 0 if none. */
  readonly situation: number;
}): readonly number[] {
  const { meanings, terms, domain, words } = guess;
  const said = meanings.filter(({ word }) => word !== '');
  const strange = said.filter(({ concepts }) => concepts.every((concept) => !isKnown(concept, words)));
  const stems = [...terms].filter((term) => term.startsWith('-'));
  return [
    1,
    Math.min(domain.points, 5),
    domain.trouble ? 1 : 0,
    domain.foreign ? 1 : 0,
    Math.min(guess.situation, 12) / 4,
    Math.log((guess.share + 1e-6) / (1 - guess.share + 1e-6)),
    Math.max(-4, Math.min(4, Math.log((guess.share + 1e-6) / (guess.shareOfNone + 1e-6)))) / 2,
    guess.shareOfThree,
    Math.min(guess.matched, 8) / 8,
    Math.min(said.length, 10) / 10,
    strange.length / Math.max(1, said.length),
    stems.filter((stem) => !isKnown(stem, words)).length / Math.max(1, stems.length),
  ];
}

/** How likely a guess is right, 0 to 1. */
export function assurance(signs: readonly number[], weights: readonly number[]): number {
  const sum = signs.reduce((total, sign, i) => total + sign * (weights[i] ?? 0), 0);
  return 1 / (1 + Math.exp(-sum));
}
