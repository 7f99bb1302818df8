import {
  featuresOf,
  hashOf,
  scales,
  thin,
  type Description,
  type WrittenSymptomWords,
} from '../src/catalog/understand/symptom-words.ts';

/** A description, and the classes that are right for it. */
export interface LabelledExample extends Description {
  /** The class that it was told for. */
  readonly key: string;
  /** Classes that would be right as well. */
  readonly also: readonly string[];
  /** How much it counts. */
  readonly weight: number;
}

/** A feature counts if this many examples have it; two concepts together, if this many have both. */
const common = 3;
const commonPair = 8;
/** What pairs and wordings count against concepts. */
const shares = { pair: 0.8, wording: 0.8 };
const rounds = 30;
const shrink = 1e-4;
/** Share of the features that an example goes without in each round: no single word may carry a class. */
const dropped = 0.5;
/** How far rare classes count more: 0 not at all, 1 as much as frequent ones. */
const balance = 0.3;
/** Weights that are kept: the weightiest. */
const kept = 350_000;

interface Case {
  readonly features: Uint32Array;
  readonly sizes: Float64Array;
  readonly right: readonly number[];
  readonly weight: number;
}

/**
 * Multinomial logistic regression over concepts, pairs of concepts and terms, by stochastic gradient descent in a fixed
 * order. Any of the right classes will do.
 */
export function learnLabels(examples: readonly LabelledExample[]): WrittenSymptomWords {
  const classes = [...new Set(examples.flatMap(({ key, also }) => [key, ...also]))].sort();
  const numberOf = new Map(classes.map((key, i) => [key, i]));
  const rarities = raritiesOf(examples);
  const features = [...rarities.keys()];
  const featureNumber = new Map(features.map((feature, i) => [feature, i]));
  const cases = examples.map((example): Case => {
    const seen = featuresOf(example).flatMap((feature) => featureNumber.get(feature) ?? []);
    return {
      features: Uint32Array.from(seen),
      sizes: Float64Array.from(seen, (number) => rarities.get(features[number] ?? '') ?? 0),
      right: [...new Set([example.key, ...example.also].flatMap((label) => numberOf.get(label) ?? []))],
      weight: example.weight,
    };
  });
  const weights = new Float64Array(features.length * classes.length);
  const bias = new Float64Array(classes.length);
  descend(cases, weights, bias);
  return written(classes, bias, rarities, weights);
}

/** Every common feature with its rarity. */
function raritiesOf(examples: readonly LabelledExample[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const example of examples)
    for (const feature of featuresOf(example)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const rarities = new Map<string, number>();
  for (const [feature, count] of counts) {
    const isPair = feature.includes('&');
    if (count < (isPair ? commonPair : common)) continue;
    const share = isPair ? shares.pair : /^[-.+]/.test(feature) ? shares.wording : 1;
    rarities.set(feature, Math.log((examples.length + 1) / (count + 1)) * share);
  }
  return rarities;
}

function descend(cases: readonly Case[], weights: Float64Array, bias: Float64Array): void {
  const classes = bias.length;
  const importance = importances(cases, classes);
  const random = randomBits();
  const error = new Float64Array(classes);
  for (let round = 0; round < rounds; round++) {
    const speed = 2 / (1 + round * 0.15);
    for (let i = 0; i < cases.length; i++) {
      const whole = cases[(i * 7_919 + round * 31) % cases.length];
      if (!whole) continue;
      const { features, sizes, right, weight } = thinned(whole, random);
      predict(features, sizes, weights, bias, error);
      const share = right.reduce((sum, number) => sum + (error[number] ?? 0), 0);
      for (const number of right) error[number] = (error[number] ?? 0) * (1 - 1 / share);
      const step = 0.5 * weight * (importance[right[0] ?? 0] ?? 1);
      for (let f = 0; f < features.length; f++) {
        const at = (features[f] ?? 0) * classes;
        const size = (sizes[f] ?? 0) * speed;
        for (let k = 0; k < classes; k++) {
          const value = weights[at + k] ?? 0;
          weights[at + k] = value - size * (step * (error[k] ?? 0) + shrink * value);
        }
      }
      for (let k = 0; k < classes; k++) bias[k] = (bias[k] ?? 0) - 0.1 * speed * step * (error[k] ?? 0);
    }
  }
}

/** How much an example of each class counts. */
function importances(cases: readonly Case[], classes: number): readonly number[] {
  const total = new Array<number>(classes).fill(0);
  for (const { right, weight } of cases) total[right[0] ?? 0] = (total[right[0] ?? 0] ?? 0) + weight;
  const mean = total.reduce((sum, value) => sum + value, 0) / classes;
  return total.map((value) => (value === 0 ? 1 : Math.min(3, (mean / value) ** balance)));
}

/** A case without some of its features, of about length 1. */
function thinned({ features, sizes, right, weight }: Case, random: () => number): Case {
  const keep = features.map(() => (random() >= dropped ? 1 : 0));
  const chosen = sizes.filter((_, i) => keep[i] === 1);
  const length = Math.hypot(thin, ...chosen);
  return {
    features: features.filter((_, i) => keep[i] === 1),
    sizes: chosen.map((size) => size / length),
    right,
    weight,
  };
}

/** The same row of numbers, 0 to 1, every time. */
function randomBits(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Shares of the classes, into `shares`. */
function predict(
  features: Uint32Array,
  sizes: Float64Array,
  weights: Float64Array,
  bias: Float64Array,
  shares: Float64Array,
): void {
  const classes = bias.length;
  shares.set(bias);
  for (let f = 0; f < features.length; f++) {
    const at = (features[f] ?? 0) * classes;
    const size = sizes[f] ?? 0;
    for (let k = 0; k < classes; k++) shares[k] = (shares[k] ?? 0) + size * (weights[at + k] ?? 0);
  }
  const most = shares.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += shares[k] = Math.exp((shares[k] ?? 0) - most);
  for (let k = 0; k < classes; k++) shares[k] = (shares[k] ?? 0) / sum;
}

/** The weightiest weights, in few bits. */
function written(
  classes: readonly string[],
  bias: Float64Array,
  rarities: ReadonlyMap<string, number>,
  weights: Float64Array,
): WrittenSymptomWords {
  const weighty = [...rarities.values()].flatMap((rarity, f) =>
    Array.from(weights.subarray(f * classes.length, (f + 1) * classes.length), (value) => Math.abs(value) * rarity),
  );
  const least = Float64Array.from(weighty).sort().at(-kept) ?? 0;
  const rows = [...rarities]
    .map(([feature, rarity], f) => ({
      hash: hashOf(feature),
      rarity: Math.min(255, Math.round(rarity * scales.rarity)),
      cells: classes.flatMap((_, k) => {
        const value = weights[f * classes.length + k] ?? 0;
        const weight = Math.max(-127, Math.min(127, Math.round(value * scales.weight)));
        return Math.abs(value) * rarity >= least && weight !== 0 ? [{ number: k, weight }] : [];
      }),
    }))
    .sort((a, b) => a.hash - b.hash);
  if (new Set(rows.map(({ hash }) => hash)).size < rows.length) throw new Error('two features share a hash');
  const hashes = new DataView(new ArrayBuffer(4 * rows.length));
  rows.forEach(({ hash }, i) => {
    hashes.setUint32(4 * i, hash, true);
  });
  const cells = rows.flatMap((row) => row.cells);
  return {
    classes,
    bias: Array.from(bias, (value) => Math.round(value * scales.bias) + 0),
    features: base64(new Uint8Array(hashes.buffer)),
    rarities: base64(rows.map(({ rarity }) => rarity)),
    counts: base64(rows.map((row) => row.cells.length)),
    numbers: base64(cells.map(({ number }) => number)),
    weights: base64(cells.map(({ weight }) => weight & 255)),
  };
}

function base64(bytes: Iterable<number>): string {
  return Buffer.from(Uint8Array.from(bytes)).toString('base64');
}
