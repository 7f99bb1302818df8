/**
 * What the generic scorer reaches on the Numenta Anomaly Benchmark, as Markdown: `node bench/nab.ts CHECKOUT`, where
 * CHECKOUT is a clone of https://github.com/numenta/NAB. Nothing of it is kept here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alarmScore, emptyState, step } from '../src/detection/generic/scorer.ts';
import { publishedScores, readCorpus, type CorpusFile } from './nab-corpus.ts';
import { normalised, optimum, profiles, rawAt, type Profile, type ScoredFile } from './nab-profile.ts';
import { seeded } from './synthetic-metrics.ts';

type ScoredCorpusFile = ScoredFile & { readonly name: string };

const published = ['ARTime', 'numenta', 'contextOSE', 'earthgeckoSkyline', 'knncad', 'windowedGaussian', 'null'];

function scored(file: CorpusFile): ScoredCorpusFile {
  let state = emptyState;
  const scores = file.at.map((at, index) => {
    const result = step(state, at, file.values[index] ?? null);
    state = result.state;
    return result.score;
  });
  return { ...file, scores };
}

const windowsOf = (files: readonly ScoredFile[]): number => files.reduce((sum, { windows }) => sum + windows.length, 0);

/** The score when the threshold of every part is chosen on the files outside it. */
function heldOut(
  files: readonly ScoredCorpusFile[],
  partOf: (file: ScoredCorpusFile, index: number) => number | string,
): number {
  const profile = profiles.standard;
  const parts = Map.groupBy(files, (file) => partOf(file, files.indexOf(file)));
  const raw = [...parts.values()].map((part) => {
    const { threshold } = optimum(
      files.filter((file) => !part.includes(file)),
      profile,
    );
    return rawAt(threshold, part, profile);
  });
  return normalised(
    raw.reduce((sum, part) => sum + part, 0),
    windowsOf(files),
    profile,
  );
}

const category = ({ name }: { readonly name: string }): string => name.split('/')[0] ?? name;
const round = (score: number): string => score.toFixed(2);

const [checkout] = process.argv.slice(2);
if (checkout === undefined) throw new Error('usage: node bench/nab.ts CHECKOUT');
const corpus = readCorpus(checkout);
const final = JSON.parse(readFileSync(join(checkout, 'results/final_results.json'), 'utf8')) as Record<
  string,
  Record<string, number>
>;

console.log('## The arithmetic, on the results that the benchmark publishes\n');
console.log('| detector, standard profile | published | computed here |\n| --- | --- | --- |');
for (const detector of published) {
  const files = corpus.map((file) => ({ ...file, scores: publishedScores(checkout, detector, file.name) }));
  const { raw } = optimum(files, profiles.standard);
  const computed = normalised(raw, windowsOf(files), profiles.standard);
  console.log(`| ${detector} | ${round(final[detector]?.['standard'] ?? Number.NaN)} | ${round(computed)} |`);
}

const began = performance.now();
const files = corpus.map(scored);
const seconds = (performance.now() - began) / 1000;
const points = corpus.reduce((sum, { at }) => sum + at.length, 0);

console.log(
  '\n## The scorer\n\n| profile | threshold as the benchmark chooses it | threshold 0.5 |\n| --- | --- | --- |',
);
for (const [name, profile] of Object.entries<Profile>(profiles)) {
  const { raw, threshold } = optimum(files, profile);
  const fixed = normalised(rawAt(alarmScore, files, profile), windowsOf(files), profile);
  console.log(
    `| ${name} | ${round(normalised(raw, windowsOf(files), profile))} (at ${threshold.toFixed(3)}) | ${round(fixed)} |`,
  );
}

const repeats = 10;
const folds = Array.from({ length: repeats }, (_, repeat) => {
  const random = seeded(repeat);
  const fold = files.map(() => Math.floor(random.uniform() * 5));
  return heldOut(files, (_file, index) => fold[index] ?? 0);
});
const mean = folds.reduce((sum, score) => sum + score, 0) / repeats;
console.log('\n| standard profile, threshold chosen on other files | score |\n| --- | --- |');
console.log(
  `| five random folds, mean of ${repeats} draws | ${round(mean)} (${round(Math.min(...folds))} – ${round(Math.max(...folds))}) |`,
);
console.log(`| every category held out | ${round(heldOut(files, category))} |`);

console.log('\n| category, standard profile, threshold 0.5 | windows | score |\n| --- | --- | --- |');
for (const [name, part] of Map.groupBy(files, category)) {
  const windows = windowsOf(part);
  const raw = rawAt(alarmScore, part, profiles.standard);
  const score = windows === 0 ? `${raw.toFixed(2)} raw` : round(normalised(raw, windows, profiles.standard));
  console.log(`| ${name} | ${windows} | ${score} |`);
}
console.log(
  `\n${points} points in ${seconds.toFixed(1)} s: ${Math.round(points / seconds)} points per second, one core.`,
);
