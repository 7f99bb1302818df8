import type { Meaning } from './concepts.ts';
import lexicon from './lexicon.json' with { type: 'json' };

const points: Readonly<Record<string, number>> = lexicon.domain;
const trouble = new Set(lexicon.trouble.split(' '));
const foreign = new Set(lexicon.foreign.split(' '));

/** Neighbours of IoT Hub with troubles of their own; alone, without anything of a hub, it is those that are told. */
const neighbours = new Set(['event-hub', 'service-bus', 'storage', 'blob', 'key-vault']);
/** Points beside those of the neighbours from which on a text is about what they are to a hub. */
const besideNeighbours = 0.5;

/** From here on a text is about IoT Hub, whatever else it names. */
const aboutHub = 3.5;

/** What a text is about, as far as its words tell. */
export interface Domain {
  /** How much it speaks of IoT Hub: 2 is a device that is called one, 3 the hub itself. */
  readonly points: number;
  /** Whether it is about something else that has troubles of its own, such as a database or a printer. */
  readonly foreign: boolean;
  /** Whether it is about a neighbour such as Service Bus or a key vault, and nothing of a hub comes with it. */
  readonly nextDoor: boolean;
  /** Whether it tells of anything going wrong. */
  readonly trouble: boolean;
}

export function domainOf(meanings: readonly Meaning[]): Domain {
  const concepts = new Set(meanings.flatMap((meaning) => meaning.concepts));
  let sum = 0;
  let beside = 0;
  for (const concept of concepts)
    if (Object.hasOwn(points, concept)) {
      sum += points[concept] ?? 0;
      if (!neighbours.has(concept)) beside += points[concept] ?? 0;
    }
  return {
    points: sum,
    foreign:
      concepts.has('python') ||
      (sum < aboutHub && (concepts.has('other-product') || meanings.some(({ word }) => foreign.has(word)))),
    nextDoor:
      beside < besideNeighbours &&
      meanings.some(
        ({ word, concepts: of }) => !/^cont(?:ai|e)ne/.test(word) && of.some((concept) => neighbours.has(concept)),
      ),
    trouble: [...concepts].some((concept) => trouble.has(concept)),
  };
}
