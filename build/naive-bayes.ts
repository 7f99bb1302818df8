import type { WordModel } from '../src/catalog/understand/likeness.ts';

/** A description as its concepts, and the class that it belongs to. */
export interface Example {
  readonly concepts: readonly string[];
  readonly key: string;
  /** How much it counts. */
  readonly weight: number;
}

/** Count that a concept is taken to have with a class before anything has been seen. */
const smoothing = 0.3;

/**
 * Complement naive Bayes with lengths evened out: every example weighs the same, however long it is, and a concept
 * counts the more the rarer it is.
 * @see Rennie et al., Tackling the Poor Assumptions of Naive Bayes Text Classifiers (ICML 2003)
 */
export function learnWords(examples: readonly Example[]): WordModel {
  const examplesWith = new Map<string, number>();
  for (const { concepts } of examples) for (const concept of new Set(concepts)) add(examplesWith, concept, 1);
  const rarityOf = (concept: string): number =>
    Math.log((examples.length + 1) / ((examplesWith.get(concept) ?? 0) + 1));

  const classes = [...new Set(examples.map(({ key }) => key))].sort();
  const numberOf = new Map(classes.map((key, i) => [key, i]));
  const counts = new Map<string, Map<number, number>>();
  const ofClass = new Map<number, number>();
  const ofConcept = new Map<string, number>();
  let total = 0;
  for (const { concepts, key, weight } of examples) {
    const distinct = [...new Set(concepts)];
    const length = Math.sqrt(distinct.reduce((sum, concept) => sum + rarityOf(concept) ** 2, 0)) || 1;
    const number = numberOf.get(key) ?? 0;
    for (const concept of distinct) {
      const share = (weight * rarityOf(concept)) / length;
      const row = counts.get(concept) ?? new Map<number, number>();
      counts.set(concept, row);
      add(row, number, share);
      add(ofClass, number, share);
      add(ofConcept, concept, share);
      total += share;
    }
  }
  const unseen = smoothing * counts.size;
  const bias = classes.map((_, number) => {
    const own = ofClass.get(number) ?? 0;
    return Math.log((total - own + unseen) / (own + unseen));
  });
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([concept, row]): [string, number[]] => {
      const rarity = rarityOf(concept);
      const all = ofConcept.get(concept) ?? 0;
      const pairs = [...row]
        .sort(([a], [b]) => a - b)
        .flatMap(([number, own]) => {
          const speaks =
            rarity * (Math.log((own + smoothing) / smoothing) - Math.log((all - own + smoothing) / (all + smoothing)));
          return Math.round(speaks * 10) === 0 ? [] : [number, Math.round(speaks * 10)];
        });
      return [concept, [Math.round(rarity * 100), ...pairs]];
    });
  return { classes, bias: bias.map((value) => Math.round(value * 100)), concepts: Object.fromEntries(rows) };
}

function add<K>(counts: Map<K, number>, key: K, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
