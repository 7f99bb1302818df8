/** Word statistics of pages (complement naive Bayes): how much each concept speaks for each class. Made by `build/`. */
export interface WordModel {
  readonly classes: readonly string[];
  /** Of each class: what a concept that was never seen with it costs, times 100. */
  readonly bias: readonly number[];
  /** Of each concept: its rarity times 100, then pairs of class number and what it speaks for that class, times 10. */
  readonly concepts: Readonly<Record<string, readonly number[]>>;
}

/** How well a description fits one class. */
export interface Likelihood {
  readonly key: string;
  readonly score: number;
  /** What of the score comes from concepts that were seen with this class, and how many those are. */
  readonly evidence: number;
  readonly matched: number;
}

/** The classes of a model for the concepts of a description, most likely first. */
export function likelihoods(concepts: ReadonlySet<string>, model: WordModel): readonly Likelihood[] {
  const { classes, bias } = model;
  const evidence = new Float64Array(classes.length);
  const matched = new Uint8Array(classes.length);
  let rarities = 0;
  for (const concept of concepts) {
    const row = Object.hasOwn(model.concepts, concept) ? model.concepts[concept] : undefined;
    if (!row) continue;
    rarities += (row[0] ?? 0) / 100;
    for (let i = 1; i + 1 < row.length; i += 2) {
      const number = row[i] ?? 0;
      evidence[number] = (evidence[number] ?? 0) + (row[i + 1] ?? 0) / 10;
      matched[number] = (matched[number] ?? 0) + 1;
    }
  }
  return classes
    .map((key, number) => ({
      key,
      score: (evidence[number] ?? 0) + (rarities * (bias[number] ?? 0)) / 100,
      evidence: evidence[number] ?? 0,
      matched: matched[number] ?? 0,
    }))
    .sort((a, b) => b.score - a.score);
}

/**
 * Weights of described errors (logistic regression): how much a concept, or two of them together, speaks for each label.
 * Made by `build/learn-symptoms.ts`.
 */
export interface SymptomWords {
  /** Labels; the empty one stands for what is no error of IoT Hub. */
  readonly classes: readonly string[];
  /** Of each class, times 100. */
  readonly bias: readonly number[];
  /** Of each feature: its rarity times 100, then pairs of class number and weight times 10. */
  readonly features: Readonly<Record<string, readonly number[]>>;
}

/** How well a description fits one label. */
export interface Fit {
  readonly key: string;
  readonly score: number;
  /** How many concepts of the description were seen with it. */
  readonly matched: number;
}

/** Concepts beyond these, of a long text, are looked at one by one only. */
const maxPaired = 40;

/** The concepts of a description, and each two of them together. */
export function featuresOf(concepts: ReadonlySet<string>): readonly string[] {
  const sorted = [...concepts].sort();
  const features = [...sorted];
  const paired = Math.min(sorted.length, maxPaired);
  for (let i = 0; i < paired; i++)
    for (let j = i + 1; j < paired; j++) features.push(`${sorted[i] ?? ''}&${sorted[j] ?? ''}`);
  return features;
}

/** The labels with their scores for the concepts of a description, the empty one too. */
export function fitsOf(concepts: ReadonlySet<string>, { classes, bias, features }: SymptomWords): readonly Fit[] {
  const rows = featuresOf(concepts).flatMap((feature) => {
    const row = Object.hasOwn(features, feature) ? features[feature] : undefined;
    return row ? [{ row, single: !feature.includes('&') }] : [];
  });
  const length = Math.hypot(...rows.map(({ row }) => row[0] ?? 0)) || 1;
  const scores = bias.map((value) => value / 100);
  const matched = new Uint8Array(classes.length);
  for (const { row, single } of rows) {
    const size = (row[0] ?? 0) / length / 10;
    for (let i = 1; i + 1 < row.length; i += 2) {
      const number = row[i] ?? 0;
      scores[number] = (scores[number] ?? 0) + size * (row[i + 1] ?? 0);
      if (single) matched[number] = (matched[number] ?? 0) + 1;
    }
  }
  return classes.map((key, number) => ({ key, score: scores[number] ?? 0, matched: matched[number] ?? 0 }));
}

/** How rare a concept is: 0 for one that is in every description, about 8 for one that is in a single one. */
export function rarity(concept: string, { features }: SymptomWords): number {
  return ((Object.hasOwn(features, concept) ? features[concept]?.[0] : undefined) ?? 500) / 100;
}
