/**
 * Weights of described errors (logistic regression): how much a concept, two of them together or a term speaks for or
 * against each label. Made by `build/learn-symptoms.ts`; binary parts are written in base64.
 */
export interface WrittenSymptomWords {
  /** Labels; the empty one stands for what is no error of IoT Hub. At most 256. */
  readonly classes: readonly string[];
  /** Of each class, times 100. */
  readonly bias: readonly number[];
  /** Hashes of the features, ascending, 32 bits each, little-endian. The features themselves are not kept. */
  readonly features: string;
  /** Of each feature: its rarity times 25, one byte. */
  readonly rarities: string;
  /** Of each feature: how many classes it has a weight for, one byte. */
  readonly counts: string;
  /** Of each feature: those classes, one byte each, and in the other string their weights times 10, signed. */
  readonly numbers: string;
  readonly weights: string;
}

/** The same, ready for use. */
export interface SymptomWords {
  readonly classes: readonly string[];
  readonly bias: readonly number[];
  readonly features: Uint32Array;
  readonly rarities: Uint8Array;
  /** Where the weights of each feature begin; one more than there are features. */
  readonly starts: Uint32Array;
  readonly numbers: Uint8Array;
  readonly weights: Int8Array;
}

export const scales = { bias: 100, rarity: 25, weight: 10 } as const;

export function readSymptomWords(written: WrittenSymptomWords): SymptomWords {
  // Every machine that Node.js and Azure Functions run on is little-endian, too.
  const features = new Uint32Array(bytesOf(written.features).buffer);
  const starts = new Uint32Array(features.length + 1);
  const counts = bytesOf(written.counts);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = (starts[i] ?? 0) + (counts[i] ?? 0);
  return {
    classes: written.classes,
    bias: written.bias,
    features,
    rarities: bytesOf(written.rarities),
    starts,
    numbers: bytesOf(written.numbers),
    weights: new Int8Array(bytesOf(written.weights)),
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** FNV-1a. Of the features that there are, no two share a hash: `build/` checks it. */
export function hashOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i++) hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The number of a feature, -1 if it was never learned. */
function find(feature: string, { features }: SymptomWords): number {
  const hash = hashOf(feature);
  let low = 0;
  let high = features.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const there = features[middle] ?? 0;
    if (there === hash) return middle;
    if (there < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** A text as the symptom words see it. */
export interface Description {
  readonly concepts: ReadonlySet<string>;
  readonly terms: ReadonlySet<string>;
}

/** How well a description fits one label. */
export interface Fit {
  readonly key: string;
  readonly score: number;
  /** How many concepts of the description speak for it. */
  readonly matched: number;
}

/** A description that has less to say than this, in rarities, speaks less for anything. */
export const thin = 12;
/** Concepts beyond these, of a long text, are looked at one by one only. */
const maxPaired = 40;

/** The concepts of a description, its terms, and each two of its concepts together. */
export function featuresOf({ concepts, terms }: Description): readonly string[] {
  const sorted = [...concepts].sort();
  const features = [...sorted, ...terms];
  const paired = Math.min(sorted.length, maxPaired);
  for (let i = 0; i < paired; i++)
    for (let j = i + 1; j < paired; j++) features.push(`${sorted[i] ?? ''}&${sorted[j] ?? ''}`);
  return features;
}

/** The labels with their scores for a description, the empty one too. */
export function fitsOf(description: Description, words: SymptomWords): readonly Fit[] {
  const { classes, bias, rarities, starts, numbers, weights } = words;
  const known = featuresOf(description)
    .map((feature, i) => ({ number: find(feature, words), isConcept: i < description.concepts.size }))
    .filter(({ number }) => number >= 0);
  const length = Math.hypot(thin * scales.rarity, ...known.map(({ number }) => rarities[number] ?? 0));
  const scores = bias.map((value) => value / scales.bias);
  const matched = new Uint8Array(classes.length);
  for (const { number, isConcept } of known) {
    const size = (rarities[number] ?? 0) / length / scales.weight;
    const end = starts[number + 1] ?? 0;
    for (let i = starts[number] ?? 0; i < end; i++) {
      const of = numbers[i] ?? 0;
      const weight = weights[i] ?? 0;
      scores[of] = (scores[of] ?? 0) + size * weight;
      if (isConcept && weight > 0) matched[of] = (matched[of] ?? 0) + 1;
    }
  }
  return classes.map((key, number) => ({ key, score: scores[number] ?? 0, matched: matched[number] ?? 0 }));
}

export function isKnown(concept: string, words: SymptomWords): boolean {
  return find(concept, words) >= 0;
}

/** How rare a concept is: 0 for one that is in every description, about 8 for one that is in a single one. */
export function rarity(concept: string, words: SymptomWords): number {
  const number = find(concept, words);
  return number < 0 ? 5 : (words.rarities[number] ?? 0) / scales.rarity;
}
