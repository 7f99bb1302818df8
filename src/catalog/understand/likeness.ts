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
