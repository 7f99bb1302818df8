import type { Meaning } from './concepts.ts';
import lexicon from './lexicon.json' with { type: 'json' };

const points: Readonly<Record<string, number>> = lexicon.domain;
const trouble = new Set(lexicon.trouble.split(' '));
const foreign = new Set(lexicon.foreign.split(' '));

/** From here on a text is about IoT Hub, whatever else it names. */
const aboutHub = 3.5;

/** What a text is about, as far as its words tell. */
export interface Domain {
  /** How much it speaks of IoT Hub: 2 is a device that is called one, 3 the hub itself. */
  readonly points: number;
  /** Whether it is about something else that has troubles of its own, such as a database or a printer. */
  readonly foreign: boolean;
  /** Whether it tells of anything going wrong. */
  readonly trouble: boolean;
}

export function domainOf(meanings: readonly Meaning[]): Domain {
  const concepts = new Set(meanings.flatMap((meaning) => meaning.concepts));
  let sum = 0;
  for (const concept of concepts) if (Object.hasOwn(points, concept)) sum += points[concept] ?? 0;
  return {
    points: sum,
    foreign: sum < aboutHub && meanings.some(({ word }) => foreign.has(word)),
    trouble: [...concepts].some((concept) => trouble.has(concept)),
  };
}
