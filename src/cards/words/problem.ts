import type { Evaluation } from '../../detection/evaluation.ts';

/** What a sentence about a breach is made of; a symptom's figures fit too. */
export type Told = Pick<Evaluation, 'signal' | 'numbers' | 'metric' | 'reason' | 'code'>;

/** `method-failures` → `Method failures`: rules that a user has named have no words of their own. */
export function fromRuleName(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`.replaceAll('-', ' ');
}

/** Share of the send rate from which attempts are told of. */
export const worthTelling = 0.8;

/** Signed whole percents, by which `value` differs from `expected`. */
export function differencePercent(value: number, expected: number): number {
  return Math.round((value / Math.max(1, expected) - 1) * 100);
}
