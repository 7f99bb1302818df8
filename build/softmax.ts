import { featuresOf, type SymptomWords } from '../src/catalog/understand/likeness.ts';

/** A description as its concepts, and the classes that are right for it. */
export interface LabelledExample {
  readonly concepts: readonly string[];
  /** The class that it was told for. */
  readonly key: string;
  /** Classes that would be right as well. */
  readonly also: readonly string[];
  /** How much it counts. */
  readonly weight: number;
}

/** Two concepts count as a feature of their own if this many examples have both. */
const commonPair = 3;
const pairShare = 0.8;
const rounds = 15;
const shrink = 1e-4;

interface Row {
  readonly rarity: number;
  readonly classes: number[];
  readonly weights: number[];
}

/**
 * Multinomial logistic regression over concepts and pairs of concepts, by stochastic gradient descent in a fixed order.
 * A feature has a weight only for the classes that it was seen with, and any of the right classes will do.
 */
export function learnLabels(examples: readonly LabelledExample[]): SymptomWords {
  const classes = [...new Set(examples.map(({ key }) => key))].sort();
  const numberOf = new Map(classes.map((key, i) => [key, i]));
  const rows = rowsOf(examples, numberOf);
  const bias = classes.map(() => 0);
  const cases = examples.map(({ concepts, key, also, weight }) => {
    const seen = featuresOf(new Set(concepts)).flatMap((feature) => rows.get(feature) ?? []);
    const length = Math.hypot(...seen.map(({ rarity }) => rarity)) || 1;
    const right = new Set([key, ...also].flatMap((label) => numberOf.get(label) ?? []));
    return { seen, length, right, weight };
  });
  const error = bias.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const speed = 2 / (1 + round * 0.15);
    for (let i = 0; i < cases.length; i++) {
      const one = cases[(i * 7_919 + round * 31) % cases.length];
      if (!one) continue;
      predict(one.seen, one.length, bias, error);
      const share = [...one.right].reduce((sum, number) => sum + (error[number] ?? 0), 0);
      for (const number of one.right) error[number] = (error[number] ?? 0) * (1 - 1 / share);
      for (const { rarity, classes: numbers, weights } of one.seen) {
        const size = rarity / one.length;
        for (let k = 0; k < numbers.length; k++) {
          const slope = 0.5 * one.weight * (error[numbers[k] ?? 0] ?? 0) + shrink * (weights[k] ?? 0);
          weights[k] = (weights[k] ?? 0) - speed * size * slope;
        }
      }
      for (let k = 0; k < bias.length; k++) bias[k] = (bias[k] ?? 0) - 0.05 * speed * one.weight * (error[k] ?? 0);
    }
  }
  return {
    classes,
    bias: bias.map((value) => Math.round(value * 100) + 0),
    features: Object.fromEntries(
      [...rows]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([feature, { rarity, classes: numbers, weights }]) => [
          feature,
          [
            Math.round(rarity * 100),
            ...numbers.flatMap((number, k) => [number, Math.round((weights[k] ?? 0) * 10) + 0]),
          ],
        ]),
    ),
  };
}

/** Every feature with the classes it was seen with, unlearned. */
function rowsOf(examples: readonly LabelledExample[], numberOf: ReadonlyMap<string, number>): ReadonlyMap<string, Row> {
  const seenWith = new Map<string, { count: number; classes: Set<number> }>();
  for (const { concepts, key } of examples)
    for (const feature of featuresOf(new Set(concepts))) {
      const row = seenWith.get(feature) ?? { count: 0, classes: new Set() };
      seenWith.set(feature, row);
      row.count++;
      row.classes.add(numberOf.get(key) ?? 0);
    }
  const rows = new Map<string, Row>();
  for (const [feature, { count, classes }] of seenWith) {
    const isPair = feature.includes('&');
    if (isPair && count < commonPair) continue;
    rows.set(feature, {
      rarity: Math.log((examples.length + 1) / (count + 1)) * (isPair ? pairShare : 1),
      classes: [...classes].sort((a, b) => a - b),
      weights: [...classes].map(() => 0),
    });
  }
  return rows;
}

/** Shares of the classes, into `shares`. */
function predict(seen: readonly Row[], length: number, bias: readonly number[], shares: number[]): void {
  for (let i = 0; i < bias.length; i++) shares[i] = bias[i] ?? 0;
  for (const { rarity, classes, weights } of seen)
    for (let k = 0; k < classes.length; k++) {
      const number = classes[k] ?? 0;
      shares[number] = (shares[number] ?? 0) + ((weights[k] ?? 0) * rarity) / length;
    }
  const most = shares.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += shares[i] = Math.exp((shares[i] ?? 0) - most);
  for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] ?? 0) / sum;
}
