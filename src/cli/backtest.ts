import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alertLine, type Alert } from '../backtest/alert.ts';
import { difference, episodesOf } from '../backtest/episodes.ts';
import { addToChart, drawHub, newHubChart, type HubChart } from '../backtest/hub-chart.ts';
import { readHubs, readLabels, readPoints, RecordingFault } from '../backtest/read-recording.ts';
import type { RecordedHub } from '../backtest/recording.ts';
import { startReplay } from '../backtest/replay.ts';
import { differenceReport, scoreReport, weeksReport } from '../backtest/report.ts';
import { score } from '../backtest/score.ts';
import { emptyRulesFile, rulesFor } from '../detection/resolve-rules.ts';
import type { RulesFile } from '../detection/rules.ts';
import { parseRules } from '../detection/rules-text.ts';
import { DAY, type Span } from '../time/time.ts';
import type { Output } from './io.ts';

const usage = `usage: backtest --recording DIR [options]
  Replays a recording (hubs.json and points.jsonl) through the evaluation of production, minute by minute, and prints
  per hub and week what would have fired.

  --rules FILE     rules other than the shipped ones (YAML)
  --against FILE   other rules: what they would add and remove
  --labels FILE    what really happened: found, false, delay
  --alerts FILE    one JSON line per notification
  --svg DIR        a picture per hub
`;

const options = {
  recording: { type: 'string' },
  rules: { type: 'string' },
  against: { type: 'string' },
  labels: { type: 'string' },
  alerts: { type: 'string' },
  svg: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** The command `backtest`. @returns exit code: 0; 1 if the recording or a file is not usable; 2 if the arguments make no sense */
export async function backtest(args: readonly string[], io: Output): Promise<number> {
  let values;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    io.stderr.write(`${error.message}\n${usage}`);
    return 2;
  }
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  if (values.recording === undefined) {
    io.stderr.write(`--recording DIR is missing\n${usage}`);
    return 2;
  }
  try {
    await run({ ...values, recording: values.recording }, io);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordingFault)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
}

interface Run {
  readonly recording: string;
  readonly rules?: string | undefined;
  readonly against?: string | undefined;
  readonly labels?: string | undefined;
  readonly alerts?: string | undefined;
  readonly svg?: string | undefined;
}

async function run(
  { recording, rules, against, labels: labelFile, alerts: alertFile, svg }: Run,
  io: Output,
): Promise<void> {
  const hubs = await readHubs(recording);
  const charts = new Map(svg === undefined ? [] : hubs.map(({ hub }): [string, HubChart] => [hub, newHubChart()]));
  const damaged: number[] = [];
  const first = await replay(recording, hubs, await rulesOf(rules), charts, (line) => damaged.push(line));
  if (damaged.length > 0)
    io.stderr.write(
      `points.jsonl: ${String(damaged.length)} lines are no points and were left out, the first is line ${String(damaged[0])}\n`,
    );
  const labels =
    labelFile === undefined
      ? []
      : await readLabels(labelFile, (line) => {
          io.stderr.write(`${labelFile}: line ${String(line)} is no label and was left out\n`);
        });

  const episodes = episodesOf(first.alerts);
  for (const { hub } of hubs) {
    const span = first.spans.get(hub);
    if (span)
      io.stdout.write(
        weeksReport(
          hub,
          span,
          episodes.filter((episode) => episode.hub === hub),
        ),
      );
  }
  if (labelFile !== undefined) {
    const weeks = [...first.spans.values()].reduce((sum, { from, to }) => sum + (to - from) / (7 * DAY), 0);
    io.stdout.write(scoreReport(score(first.alerts, labels), weeks));
  }
  if (against !== undefined) {
    const other = await replay(recording, hubs, await rulesOf(against), new Map(), () => undefined);
    io.stdout.write(differenceReport(difference(episodes, episodesOf(other.alerts))));
  }
  if (alertFile !== undefined)
    await writeFile(alertFile, first.alerts.map((alert) => `${alertLine(alert)}\n`).join(''));
  if (svg === undefined) return;
  await mkdir(svg, { recursive: true });
  for (const { hub, maintenance } of hubs) {
    const span = first.spans.get(hub);
    const chart = charts.get(hub);
    if (!span || !chart) continue;
    const own = episodes.filter((episode) => episode.hub === hub);
    const picture = drawHub(
      hub,
      chart,
      span,
      own,
      maintenance,
      labels.filter((label) => label.hub === hub),
    );
    await writeFile(join(svg, `${hub.replaceAll(/[^\w.-]/g, '_')}.svg`), picture);
  }
}

/** @throws {RecordingFault} naming every fault of the file */
async function rulesOf(path: string | undefined): Promise<RulesFile> {
  if (path === undefined) return emptyRulesFile;
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new RecordingFault(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = parseRules(text);
  if ('rules' in parsed) return parsed.rules;
  throw new RecordingFault(
    parsed.faults
      .map(
        ({ line, path: place, problem, remedy }) =>
          `${path}:${String(line)}: ${[place, problem].filter(Boolean).join(' ')}. ${remedy}`,
      )
      .join('\n'),
  );
}

async function replay(
  recording: string,
  hubs: readonly RecordedHub[],
  file: RulesFile,
  charts: ReadonlyMap<string, HubChart>,
  onDamage: (line: number) => void,
): Promise<{ readonly alerts: readonly Alert[]; readonly spans: ReadonlyMap<string, Span> }> {
  const alerts: Alert[] = [];
  const spans = new Map<string, Span>();
  const replaying = startReplay(hubs, ({ hub, region }) => rulesFor(file, { id: hub, name: hub, region, tags: {} }), {
    onAlert: (alert) => alerts.push(alert),
    onEvaluation: (hub, evaluation) => {
      const chart = charts.get(hub);
      if (chart) addToChart(chart, evaluation);
    },
  });
  for await (const point of readPoints(recording, onDamage)) {
    replaying.take(point);
    const { from, to } = spans.get(point.hub) ?? { from: point.at, to: point.at };
    spans.set(point.hub, { from: Math.min(from, point.at), to: Math.max(to, point.at) });
  }
  replaying.finish();
  return { alerts, spans };
}

if (import.meta.main) process.exitCode = await backtest(process.argv.slice(2), process);
