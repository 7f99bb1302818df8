import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { learningDays } from '../app/hub-history.ts';
import { alertLine } from '../backtest/alert.ts';
import { difference, episodesOf, type Episode } from '../backtest/episodes.ts';
import { drawHub } from '../backtest/hub-chart.ts';
import type { Label } from '../backtest/labels.ts';
import { readHubs, readLabels, readPoints, RecordingFault } from '../backtest/read-recording.ts';
import type { RecordedPoint } from '../backtest/recording.ts';
import { differenceReport, scoreReport, weeksReport } from '../backtest/report.ts';
import { runBacktest, withMaintenance, type BacktestRun } from '../backtest/run-backtest.ts';
import { score } from '../backtest/score.ts';
import type { BacktestSource, FetchHistory } from '../backtest/source.ts';
import { placeOf, readRules } from '../config/rules-file.ts';
import type { RulesFile } from '../detection/rules.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import type { Output } from './io.ts';

const usage = `usage: backtest --recording DIR [options]
       backtest --hub NAME [--days 14] [--standin URL] [options]
  Replays history through the evaluation of production, minute by minute, and prints per hub and week what would have
  fired: a recording (hubs.json and points.jsonl), or what Azure Monitor still has of a hub.

  --days N         days to report, 1 to 60; ${String(learningDays)} more are read to learn from
  --standin URL    read from a stand-in for Azure, such as the simulator's, instead of Azure
  --rules FILE     rules other than the shipped ones (YAML)
  --against FILE   other rules: what they would add and remove
  --labels FILE    what really happened: found, false, delay
  --alerts FILE    one JSON line per notification
  --svg DIR        a picture per hub
`;

const options = {
  recording: { type: 'string' },
  hub: { type: 'string' },
  days: { type: 'string', default: '14' },
  standin: { type: 'string' },
  rules: { type: 'string' },
  against: { type: 'string' },
  labels: { type: 'string' },
  alerts: { type: 'string' },
  svg: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const MOST_DAYS = 60;

/** What the command needs of the world besides files. */
export interface BacktestWorld {
  /** Reads what Azure Monitor, or the stand-in for Azure at this URL, still has. */
  readonly historyFrom: (standin: string | undefined) => FetchHistory;
  /** What time it is there. */
  readonly now: (standin: string | undefined) => EpochMs | Promise<EpochMs>;
}

/**
 * The command `backtest`.
 * @returns exit code: 0; 1 if the recording, the history or a file is not usable; 2 if the arguments make no sense
 */
export async function backtest(args: readonly string[], io: Output, world?: BacktestWorld): Promise<number> {
  let values;
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse(io, error.message);
  }
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const { recording, hub, standin } = values;
  if ((recording === undefined) === (hub === undefined))
    return refuse(io, 'give one of --recording DIR and --hub NAME');
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    return refuse(io, '--days must be a number from 1 to 60');
  try {
    const source =
      recording === undefined ? await historyOf(hub ?? '', days, standin, world) : await recordingIn(recording);
    await run(source, values, io);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordingFault)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function refuse(io: Output, problem: string): number {
  io.stderr.write(`${problem}\n${usage}`);
  return 2;
}

async function recordingIn(folder: string): Promise<BacktestSource> {
  const hubs = await readHubs(folder);
  return { hubs, points: (onDamage) => readPoints(folder, onDamage), reportFrom: Number.NEGATIVE_INFINITY };
}

/** @throws {RecordingFault} if there is nothing to read from; what reading throws passes through */
async function historyOf(
  name: string,
  days: number,
  standin: string | undefined,
  world: BacktestWorld | undefined,
): Promise<BacktestSource> {
  if (!world) throw new RecordingFault('this command was started without access to Azure: use --recording DIR');
  const to = await world.now(standin);
  const reportFrom = to - days * DAY;
  const { hub, points } = await world.historyFrom(standin)(name, reportFrom - learningDays * DAY, to);
  const kept: RecordedPoint[] = [];
  for await (const point of points) kept.push(point);
  if (kept.length === 0) throw new RecordingFault(`Azure Monitor has nothing of ${hub.hub} in these days`);
  return { hubs: [hub], points: () => kept, reportFrom };
}

interface Wanted {
  readonly rules?: string | undefined;
  readonly against?: string | undefined;
  readonly labels?: string | undefined;
  readonly alerts?: string | undefined;
  readonly svg?: string | undefined;
}

async function run(source: BacktestSource, wanted: Wanted, io: Output): Promise<void> {
  const { rules, against, labels: labelFile, alerts: alertFile, svg } = wanted;
  // Everything a person may have written is read first: a fault is told at once, and not after minutes.
  const file = await rulesOf(rules);
  const others = against === undefined ? undefined : await rulesOf(against);
  const labels = labelFile === undefined ? undefined : await labelsOf(labelFile, io);
  const first = await runBacktest(source, file, svg !== undefined);
  const { damaged, alerts, spans } = first;
  if (damaged.length > 0)
    io.stderr.write(
      `points.jsonl: ${String(damaged.length)} lines are no points and were left out, the first is line ${String(damaged[0])}\n`,
    );
  const episodes = episodesOf(alerts);
  for (const { hub } of source.hubs) {
    const span = spans.get(hub);
    const own = episodes.filter((episode) => episode.hub === hub);
    if (span) io.stdout.write(weeksReport(hub, span, own));
  }
  if (labels) {
    const weeks = [...spans.values()].reduce((sum, { from, to }) => sum + (to - from) / (7 * DAY), 0);
    io.stdout.write(scoreReport(score(alerts, labels), weeks));
  }
  if (others) {
    const other = await runBacktest(source, others, false);
    io.stdout.write(differenceReport(difference(episodes, episodesOf(other.alerts))));
  }
  if (alertFile !== undefined) await writeFile(alertFile, alerts.map((alert) => `${alertLine(alert)}\n`).join(''));
  if (svg !== undefined)
    await draw(
      svg,
      source.hubs.map((hub) => withMaintenance(hub, file)),
      first,
      episodes,
      labels ?? [],
    );
}

async function draw(
  folder: string,
  hubs: BacktestSource['hubs'],
  { spans, charts }: BacktestRun,
  episodes: readonly Episode[],
  labels: readonly Label[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { hub, maintenance } of hubs) {
    const [span, chart] = [spans.get(hub), charts.get(hub)];
    if (!span || !chart) continue;
    const own = <Item extends { readonly hub: string }>(items: readonly Item[]): readonly Item[] =>
      items.filter((item) => item.hub === hub);
    const picture = drawHub(hub, chart, span, own(episodes), maintenance, own(labels));
    await writeFile(join(folder, `${hub.replaceAll(/[^\w.-]/g, '_')}.svg`), picture);
  }
}

function labelsOf(path: string, io: Output): Promise<readonly Label[]> {
  return readLabels(path, (line) => {
    io.stderr.write(`${path}: line ${String(line)} is no label and was left out\n`);
  });
}

/** @throws {RecordingFault} naming every fault of the file */
async function rulesOf(path: string | undefined): Promise<RulesFile> {
  const read = await readRules(path);
  if ('rules' in read) return read.rules;
  throw new RecordingFault(
    read.faults
      .map(({ line, problem, remedy }) =>
        line === undefined
          ? `${path ?? ''} ${problem}. ${remedy}`
          : `${placeOf(path ?? '', line)}: ${problem}. ${remedy}`,
      )
      .join('\n'),
  );
}

if (import.meta.main) process.exitCode = await backtest(process.argv.slice(2), process);
