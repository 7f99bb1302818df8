import type { Picture } from '../detection/evaluation.ts';
import type { Rule } from '../detection/rule.ts';
import { connectedDevices } from '../metrics/iot-hub-metrics.ts';
import type { MetricName } from '../metrics/series.ts';
import type { Span } from '../time/time.ts';
import type { Alert } from './alert.ts';
import { episodesOf, type Episode } from './episodes.ts';
import { addPointToChart, addToChart, finishChart, newHubChart } from './hub-chart.ts';
import { pictureOf } from './span-picture.ts';
import type { RecordedHub, RecordedPoint } from './recording.ts';
import { startReplay } from './replay.ts';

export interface HubHistory {
  readonly hub: RecordedHub;
  readonly rules: readonly Rule[];
  /** In the order in which they became readable. What lies before the span is learned from, and not told. */
  readonly points: Iterable<RecordedPoint>;
  readonly span: Span;
  /** Which metric to draw; connected devices if not said. */
  readonly metric?: MetricName;
  /** Waited for every now and then: a replay takes seconds. */
  readonly pause?: () => Promise<unknown>;
}

export interface HubBacktest {
  /** What would have been notified within the span, oldest first. */
  readonly episodes: readonly Episode[];
  /** The metric over the whole span in at most 120 bins; `undefined` if nothing of it was read. */
  readonly picture: Picture | undefined;
}

/** About half a simulated day, and some ten milliseconds. */
const pointsBetweenPauses = 500;

/** What the rules would have made of one hub's history: the same watermark and state machine as in production. */
export async function backtestHub({ hub, rules, points, span, metric, pause }: HubHistory): Promise<HubBacktest> {
  const alerts: Alert[] = [];
  const chart = newHubChart();
  const replay = startReplay([hub], () => rules, {
    onAlert: (alert) => alerts.push(alert),
    onEvaluation: (_, evaluation) => {
      addToChart(chart, evaluation);
    },
  });
  let taken = 0;
  for (const point of points) {
    replay.take(point);
    addPointToChart(chart, point);
    taken += 1;
    if (taken % pointsBetweenPauses === 0) await pause?.();
  }
  replay.finish();
  finishChart(chart);
  return {
    episodes: episodesOf(alerts).filter(({ from, to }) => from < span.to && (to ?? span.to) >= span.from),
    picture: pictureOf(chart, metric ?? connectedDevices.metric, span),
  };
}
