import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOf, understand } from '../../../src/catalog/understand/understand.ts';

/** A labelled question; see README.md in this folder. */
interface Question {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly expect: readonly string[];
  readonly all?: readonly string[];
}

export interface Score {
  readonly right: number;
  readonly of: number;
  readonly byKind: ReadonlyMap<string, { right: number; of: number }>;
  /** Ids of the questions that were answered wrong. */
  readonly wrong: readonly string[];
}

/** Scores a set of questions as its README says. */
export function score(set: `develop${'' | `-${number}`}` | 'measure' | 'measure-2'): Score {
  const byKind = new Map<string, { right: number; of: number }>();
  const wrong: string[] = [];
  const questions = readFileSync(join(import.meta.dirname, `${set}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  for (const line of questions) {
    const question = JSON.parse(line) as Question;
    const counts = byKind.get(question.kind) ?? { right: 0, of: 0 };
    byKind.set(question.kind, counts);
    counts.of++;
    if (isRight(question, codesOf(understand(question.text)))) counts.right++;
    else wrong.push(question.id);
  }
  return { right: questions.length - wrong.length, of: questions.length, byKind, wrong };
}

function isRight({ expect, all }: Question, codes: readonly string[]): boolean {
  const [first] = codes;
  if (expect.length === 0) return codes.length === 0;
  if (first === undefined || !expect.some((one) => isSame(one, first))) return false;
  let at = -1;
  for (const wanted of all ?? []) {
    at = codes.findIndex((code, i) => i > at && isSame(code, wanted));
    if (at < 0) return false;
  }
  return true;
}

/** 404102 and 404103 are one error. */
function isSame(a: string, b: string): boolean {
  return a === b || (/^40410[23]$/.test(a) && /^40410[23]$/.test(b));
}
