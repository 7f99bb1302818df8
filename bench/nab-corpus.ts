import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs, Span } from '../src/time/time.ts';

/** One file of a checkout of https://github.com/numenta/NAB, rows in file order. */
export interface CorpusFile {
  /** `realTweets/Twitter_volume_FB.csv`. */
  readonly name: string;
  readonly at: readonly EpochMs[];
  readonly values: readonly number[];
  readonly windows: readonly Span[];
}

const instant = (text: string): EpochMs => Date.parse(`${text.trim().replace(' ', 'T')}Z`);

function column(path: string, name: string): string[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const index = header.split(',').indexOf(name);
  return lines.map((line) => line.split(',')[index] ?? '');
}

/** Every labelled file. @throws {Error} if `checkout` does not hold the corpus */
export function readCorpus(checkout: string): CorpusFile[] {
  const labels = JSON.parse(readFileSync(join(checkout, 'labels/combined_windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  return Object.entries(labels).map(([name, windows]) => ({
    name,
    at: column(join(checkout, 'data', name), 'timestamp').map(instant),
    values: column(join(checkout, 'data', name), 'value').map(Number),
    windows: windows.map(([from, to]) => ({ from: instant(from), to: instant(to) })),
  }));
}

/** The anomaly scores that the benchmark publishes for one of its detectors. */
export function publishedScores(checkout: string, detector: string, name: string): number[] {
  const file = name.replace('/', `/${detector}_`);
  return column(join(checkout, 'results', detector, file), 'anomaly_score').map(Number);
}
