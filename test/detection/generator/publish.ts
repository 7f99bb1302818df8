import { MINUTE, type EpochMs } from '../../../src/time/time.ts';
import type { RecordedPoint } from '../../../src/backtest/recording.ts';
import { between, chance, type Random } from './random.ts';
import type { DataFault, Story } from './story.ts';

export type Fold = 'mean' | 'sum' | 'last';

/** What a reader gets to see of one metric and when: bins of the story's grain, late, partial, revised, missing or stuck. */
export function publish(
  story: Story,
  hub: string,
  metric: string,
  byMinute: Float64Array,
  fold: Fold,
  random: Random,
): RecordedPoint[] {
  const { span, grainMs, faults, singleFaults, dataDelayMs, silentZeros } = story;
  const perBin = grainMs / MINUTE;
  const lines: RecordedPoint[] = [];
  let stuckAt: number | undefined;
  for (let bin = 0; (bin + 1) * perBin <= byMinute.length; bin += 1) {
    const at = span.from + bin * grainMs;
    let value = folded(byMinute, bin * perBin, perBin, fold);
    const ongoing = faults.filter((fault) => at >= fault.from && at < fault.to);
    const has = (kind: DataFault['kind']): DataFault | undefined => ongoing.find((fault) => fault.kind === kind);
    const readableAt = at + grainMs + dataDelayMs * between(random, 0.8, 1.3);
    if (has('missing') || chance(random, singleFaults.missing)) {
      if (chance(random, 0.5)) lines.push({ hub, metric, at, value: null, readableAt });
      continue;
    }
    if (fold === 'mean') {
      if (has('stuck')) value = stuckAt ??= value;
      else stuckAt = undefined;
    }
    if (fold === 'sum' && value === 0 && silentZeros) {
      if (chance(random, 0.2)) lines.push({ hub, metric, at, value: null, readableAt });
      continue;
    }
    const late =
      has('late') ?? (chance(random, singleFaults.late) ? { delayMs: between(random, 2, 20) * MINUTE } : undefined);
    if (late) {
      if (chance(random, 0.5)) lines.push({ hub, metric, at, value: null, readableAt });
      lines.push({ hub, metric, at, value, readableAt: readableAt + late.delayMs * between(random, 0.6, 1) });
      continue;
    }
    const zero = has('zero-first');
    const partial =
      has('partial-first') ??
      (chance(random, singleFaults.partial) ? { delayMs: 2 * MINUTE, share: between(random, 0.3, 0.95) } : undefined);
    if (zero ?? partial) {
      const first = zero ? 0 : Math.floor(value * (partial?.share ?? 1));
      lines.push({ hub, metric, at, value: first, readableAt });
      lines.push({ hub, metric, at, value, readableAt: readableAt + ((zero ?? partial)?.delayMs ?? 0) });
      continue;
    }
    lines.push({ hub, metric, at, value, readableAt });
  }
  return lines;
}

function folded(byMinute: Float64Array, from: number, length: number, fold: Fold): number {
  if (fold === 'last') return byMinute[from + length - 1] ?? 0;
  let sum = 0;
  for (let i = from; i < from + length; i += 1) sum += byMinute[i] ?? 0;
  return fold === 'sum' ? sum : Math.round((sum / length) * 100) / 100;
}

/** The daily count as Azure shows it: stepping back for a minute now and then, and yesterday's total after midnight. */
export function jittered(used: Float64Array, span: { readonly from: EpochMs }, random: Random): Float64Array {
  const shown = used.slice();
  for (let i = 1; i < used.length; i += 1) {
    const before = used[i - 1] ?? 0;
    const now = used[i] ?? 0;
    const midnight = (span.from + i * MINUTE) % (24 * 60 * MINUTE) === 0;
    if (midnight) {
      const echo = Math.floor(between(random, 0, 4));
      for (let j = 0; j < echo && i + j < used.length; j += 1) shown[i + j] = before;
    } else if (now > before && chance(random, 0.03) && (shown[i] ?? 0) === now)
      shown[i] = before - Math.min(before, (now - before) * 0.5);
  }
  return shown;
}
