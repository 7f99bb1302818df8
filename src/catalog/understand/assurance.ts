import type { Meaning } from './concepts.ts';
import type { Domain } from './domain.ts';
import type { WordModel } from './likeness.ts';

/** What tells how far a guess can be relied on, in the order of the model's weights. */
export function signsOf(guess: {
  readonly meanings: readonly Meaning[];
  readonly domain: Domain;
  readonly words: WordModel;
  readonly evidence: number;
  readonly matched: number;
  /** Weight of the situation that was recognised, 0 if none. */
  readonly situation: number;
}): readonly number[] {
  const { meanings, domain, words } = guess;
  const said = meanings.filter(({ word }) => word !== '');
  const strange = said.filter(({ concepts }) => concepts.every((concept) => !Object.hasOwn(words.concepts, concept)));
  return [
    1,
    Math.min(domain.points, 5),
    domain.trouble ? 1 : 0,
    domain.foreign ? 1 : 0,
    Math.min(guess.situation, 12) / 4,
    Math.log(1 + Math.max(0, guess.evidence)),
    Math.min(guess.matched, 8) / 8,
    Math.min(said.length, 10) / 10,
    strange.length / Math.max(1, said.length),
  ];
}

/** How likely a guess is right, 0 to 1. */
export function assurance(signs: readonly number[], weights: readonly number[]): number {
  const sum = signs.reduce((total, sign, i) => total + sign * (weights[i] ?? 0), 0);
  return 1 / (1 + Math.exp(-sum));
}
