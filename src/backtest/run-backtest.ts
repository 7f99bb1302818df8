import { maintenanceOf, rulesFor } from '../detection/resolve-rules.ts';
import type { RulesFile } from '../detection/rules.ts';
import type { Span } from '../time/time.ts';
import type { Alert } from './alert.ts';
import { addPointToChart, addToChart, finishChart, newHubChart, type HubChart } from './hub-chart.ts';
import { labelsOf, type RecordedHub } from './recording.ts';
import { startReplay } from './replay.ts';
import type { BacktestSource } from './source.ts';

export interface BacktestRun {
  /** Notifications from `reportFrom` on; the end of one that began before is not among them. */
  readonly alerts: readonly Alert[];
  /** By hub that had points: what is reported of it. */
  readonly spans: ReadonlyMap<string, Span>;
  /** By hub, if they were asked for. */
  readonly charts: ReadonlyMap<string, HubChart>;
  /** Numbers of lines that were no points. */
  readonly damaged: readonly number[];
}

/** Replays a source under the rules of one file. */
export async function runBacktest(source: BacktestSource, file: RulesFile, withCharts: boolean): Promise<BacktestRun> {
  const { reportFrom } = source;
  const hubs = source.hubs.map((hub) => withMaintenance(hub, file));
  const alerts: Alert[] = [];
  const damaged: number[] = [];
  const spans = new Map<string, Span>();
  const charts = new Map(withCharts ? hubs.map(({ hub }): [string, HubChart] => [hub, newHubChart()]) : []);
  const replay = startReplay(hubs, (hub) => rulesFor(file, labelsOf(hub)), {
    onAlert: (alert) => alerts.push(alert),
    onEvaluation: (hub, evaluation) => {
      const chart = charts.get(hub);
      if (chart) addToChart(chart, evaluation);
    },
  });
  for await (const point of source.points((line) => damaged.push(line))) {
    replay.take(point);
    const chart = charts.get(point.hub);
    if (chart) addPointToChart(chart, point);
    if (point.at < reportFrom) continue;
    const { from, to } = spans.get(point.hub) ?? { from: point.at, to: point.at };
    spans.set(point.hub, { from: Math.min(from, point.at), to: Math.max(to, point.at) });
  }
  replay.finish();
  for (const chart of charts.values()) finishChart(chart);
  return { alerts: reported(alerts, reportFrom), spans, charts, damaged };
}

/** A hub with the maintenance that was recorded with it, and what a rules file declares. */
export function withMaintenance(hub: RecordedHub, file: RulesFile): RecordedHub {
  return { ...hub, maintenance: [...hub.maintenance, ...maintenanceOf(file, labelsOf(hub))] };
}

function reported(alerts: readonly Alert[], from: number): readonly Alert[] {
  const open = new Map<string, number>();
  return alerts.filter((alert) => {
    const key = `${alert.hub}\n${alert.metric}\n${alert.kind}`;
    const early = open.get(key) ?? 0;
    if (alert.transition === 'firing') {
      if (alert.at < from) open.set(key, early + 1);
      return alert.at >= from;
    }
    if (early > 0) open.set(key, early - 1);
    return alert.at >= from && early === 0;
  });
}
