import type { EpochMs, Span } from '../src/time/time.ts';

/**
 * The arithmetic of the Numenta Anomaly Benchmark, checked against the results that it publishes.
 *
 * A labelled window is worth at most 1, for an alarm at its first row, and fades along a sigmoid towards its last row; a
 * window without any alarm costs `missed`. Every alarm outside costs up to `falseAlarm`, less when a window has just
 * ended. The first 15 % of a file (at most 750 rows) count for nothing.
 * @see Lavin and Ahmad 2015, https://arxiv.org/abs/1510.03336
 */
export interface Profile {
  readonly missed: number;
  readonly falseAlarm: number;
}

export const profiles = {
  standard: { missed: 1, falseAlarm: 0.11 },
  reward_low_FP_rate: { missed: 1, falseAlarm: 0.22 },
  reward_low_FN_rate: { missed: 2, falseAlarm: 0.11 },
} as const satisfies Record<string, Profile>;

/** One file of the corpus with its anomaly scores: rows in file order; a window's span includes both its ends. */
export interface ScoredFile {
  readonly at: readonly EpochMs[];
  readonly scores: ArrayLike<number>;
  readonly windows: readonly Span[];
}

/** One row that counts: what an alarm there is worth, and the number of the window it stands in (-1: none). */
interface Row {
  readonly score: number;
  readonly worth: number;
  readonly window: number;
}

export interface Optimum {
  /** Rows with at least this score are alarms. */
  readonly threshold: number;
  /** Sum over all files before normalisation. */
  readonly raw: number;
}

const sigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** What an alarm on each row would be worth, for the rows after the probation. `firstWindow` numbers the windows. */
function rowsOf(file: ScoredFile, profile: Profile, firstWindow: number): Row[] {
  const probation = Math.min(Math.floor(0.15 * file.at.length), 750);
  const bounds = file.windows.map(({ from, to }) => ({ first: file.at.indexOf(from), last: file.at.indexOf(to) }));
  const rows: Row[] = [];
  for (let row = probation; row < file.at.length; row++) {
    const score = file.scores[row] ?? 0;
    const window = bounds.findIndex(({ first, last }) => row >= first && row <= last);
    const inside = bounds[window];
    const before = bounds.findLast(({ last }) => last < row);
    if (inside) {
      const width = inside.last - inside.first + 1;
      const worth = sigmoid(-(inside.last - row + 1) / width) / sigmoid(-1);
      rows.push({ score, worth, window: firstWindow + window });
    } else {
      const worth = before ? sigmoid((row - before.last) / (before.last - before.first)) : -1;
      rows.push({ score, worth: worth * profile.falseAlarm, window: -1 });
    }
  }
  return rows;
}

/** The sum over files at every threshold that changes it, highest threshold first, starting with no alarm at all. */
function sweep(files: readonly ScoredFile[], profile: Profile): Optimum[] {
  let windows = 0;
  const rows = files.flatMap((file) => {
    const found = rowsOf(file, profile, windows);
    windows += file.windows.length;
    return found;
  });
  const best = new Map<number, number>();
  for (const { window } of rows) if (window >= 0) best.set(window, -profile.missed);
  let raw = -profile.missed * best.size;
  const sums: Optimum[] = [];
  let threshold = 1.1;
  for (const { score, worth, window } of rows.sort((a, b) => b.score - a.score)) {
    if (score !== threshold) sums.push({ threshold, raw });
    threshold = score;
    const reached = best.get(window);
    if (reached === undefined) {
      raw += worth;
    } else if (worth > reached) {
      raw += worth - reached;
      best.set(window, worth);
    }
  }
  sums.push({ threshold, raw });
  return sums;
}

/** The threshold that serves the files best, chosen with the labels in hand, as the benchmark itself does. */
export function optimum(files: readonly ScoredFile[], profile: Profile): Optimum {
  return sweep(files, profile).reduce((best, sum) => (sum.raw > best.raw ? sum : best));
}

/** The sum over files at a given threshold. */
export function rawAt(threshold: number, files: readonly ScoredFile[], profile: Profile): number {
  return sweep(files, profile).findLast((sum) => sum.threshold >= threshold)?.raw ?? Number.NaN;
}

/** On a scale where a detector that never alarms has 0, and one that alarms once on each window's first row has 100. */
export function normalised(raw: number, windows: number, profile: Profile): number {
  const silent = -profile.missed * windows;
  return (100 * (raw - silent)) / (windows - silent);
}
