import type { Alert } from '../../../src/backtest/alert.ts';
import type { Label } from '../../../src/backtest/labels.ts';
import { startReplay } from '../../../src/backtest/replay.ts';
import { score, type Score } from '../../../src/backtest/score.ts';
import { emptyRulesFile, rulesFor } from '../../../src/detection/resolve-rules.ts';
import { generate, type Generated } from './generate.ts';

/** What the shipped rules make of generated hubs. */
export interface Measured {
  readonly score: Score;
  readonly hubWeeks: number;
  /** Notifications that began within declared maintenance. */
  readonly inMaintenance: number;
}

/** Judges one generated hub by the shipped rules. */
export function judge({ hub, points }: Pick<Generated, 'hub' | 'points'>): readonly Alert[] {
  const alerts: Alert[] = [];
  const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} });
  const replay = startReplay([hub], () => rules.filter(({ detector }) => detector !== 'metric'), {
    onAlert: (alert) => alerts.push(alert),
  });
  for (const point of points) replay.take(point);
  replay.finish();
  return alerts;
}

/** Judges the hubs of the seeds first … last and counts; `onHub` sees each of them. */
export function measure(
  first: number,
  last: number,
  grainMs: number,
  weeks: number,
  onHub?: (generated: Generated, alerts: readonly Alert[]) => void,
): Measured {
  const alerts: Alert[] = [];
  const labels: Label[] = [];
  let inMaintenance = 0;
  for (let seed = first; seed <= last; seed += 1) {
    const generated = generate(seed, grainMs, weeks);
    const own = judge(generated);
    alerts.push(...own);
    labels.push(...generated.labels);
    inMaintenance += own.filter(
      ({ at, transition }) =>
        transition === 'firing' && generated.hub.maintenance.some(({ from, to }) => at >= from && at < to),
    ).length;
    onHub?.(generated, own);
  }
  return { score: score(alerts, labels), hubWeeks: (last - first + 1) * weeks, inMaintenance };
}

/** Share of incidents that were found, share of notifications that were right, false ones per hub and week. */
export function figuresOf({ score: { found, incidents, right, falseAlerts }, hubWeeks }: Measured): {
  readonly recall: number;
  readonly precision: number;
  readonly falsePerHubWeek: number;
} {
  return {
    recall: found / incidents,
    precision: right / (right + falseAlerts.length),
    falsePerHubWeek: falseAlerts.length / hubWeeks,
  };
}
