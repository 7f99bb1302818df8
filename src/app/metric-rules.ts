import * as z from 'zod';
import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import { judgeHub } from '../detection/judge-hub.ts';
import { learnRule } from '../detection/learn-rule.ts';
import { maintenanceOf, rulesFor, sourcesOf } from '../detection/resolve-rules.ts';
import type { AnyMetricRule, Rule } from '../detection/rule.ts';
import type { StoredState } from '../detection/stored/stored-state.ts';
import type { Hub } from '../hubs/hub.ts';
import type { MetricRequest, Series } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { readStates, writeStates } from './detector-states.ts';
import { errorFields, tellFailedRule } from './log.ts';
import type { BatchMessage } from './messages.ts';

// Rules for metrics that have no detector of their own. There are a dozen of them, and nothing they show needs an answer
// within a minute: they are read in bins of five minutes, every five minutes, and keep their states apart, so that the
// evaluation of every minute stays small.

const grainMs = 5 * MINUTE;
const readBackMs = HOUR;
/** From its twelfth day on the detector trusts what it knows of a metric. */
const historyMs = 21 * DAY;
/** So many hubs of a batch learn from history in one round. */
const learnedPerRound = 5;

/** How many more hubs may learn from history in this round; the others wait for the next one. */
export interface Learning {
  left: number;
  /** Most of these metrics never count anything: what such a history teaches is the same for every hub. */
  readonly ofNothing: Map<string, DetectorState | undefined>;
}

export const newLearning = (): Learning => ({ left: learnedPerRound, ofNothing: new Map() });

const statesText = '~metric-rules';

const storedStates = z.record(
  z.string(),
  z.object({ detector: z.literal('metric'), hot: z.string(), pictureDay: z.number().optional() }),
);

/** What was read for these rules, by hub id; empty in the minutes in between, and where it cannot be read. */
export async function readOtherMetrics(
  deps: Deps,
  batch: BatchMessage,
  now: EpochMs,
): Promise<ReadonlyMap<string, readonly Series[]>> {
  if (!isDue(batch.group, now)) return new Map();
  const requests = new Map<string, MetricRequest>();
  for (const hub of batch.hubs)
    for (const { request } of metricRulesOf(deps, hub))
      requests.set(`${request.metric} ${request.aggregation}`, request);
  if (requests.size === 0) return new Map();
  const to = floorTo(now, grainMs);
  try {
    const readings = await deps.azure.metrics.read({
      hubs: batch.hubs,
      metrics: [...requests.values()],
      span: { from: to - readBackMs, to },
      grainMs,
    });
    return new Map(
      readings.flatMap((reading) => ('series' in reading ? [[reading.hubId, reading.series] as const] : [])),
    );
  } catch (error) {
    deps.log('metric-rules.unread', { group: batch.group, ...errorFields(error) });
    return new Map();
  }
}

/** Groups take turns, so that the reads spread over the minutes. */
function isDue(group: string, now: EpochMs): boolean {
  let turn = 0;
  for (const letter of group) turn = (turn * 31 + letter.charCodeAt(0)) % 5;
  return Math.floor(now / MINUTE) % 5 === turn;
}

function metricRulesOf(deps: Deps, hub: Hub): readonly AnyMetricRule[] {
  return rulesFor(deps.policies.rules, hub).filter((rule: Rule): rule is AnyMetricRule => rule.detector === 'metric');
}

/** Judges one hub by these rules, on what was read for it in this round. */
export async function evaluateMetricRules(
  deps: Deps,
  group: string,
  hub: Hub,
  facts: HubFacts,
  series: readonly Series[] | undefined,
  others: readonly Evaluation[],
  learning: Learning,
  now: EpochMs,
): Promise<readonly Evaluation[]> {
  if (!series) return [];
  try {
    const rules = metricRulesOf(deps, hub);
    const stored = await storedOf(deps, group, hub);
    const read = await readStates(deps.pictures, group, hub.name, stored);
    const states = new Map(read.states);
    const unknown = rules.filter(({ id }) => !states.has(id));
    if (unknown.length > 0) {
      if (learning.left <= 0) return [];
      learning.left -= 1;
      for (const [id, state] of await learned(deps, hub, facts, unknown, learning, now)) states.set(id, state);
    }
    const judged = judgeHub(
      {
        facts,
        rules,
        sourcesOf: (rule) => sourcesOf(deps.policies.rules, hub, rule),
        maintenance: maintenanceOf(deps.policies.rules, hub),
        series,
        states,
        others,
        neighbours: { hubs: 0, silent: 0 },
      },
      tellFailedRule(deps.log, hub.name),
      now,
    );
    const next = await writeStates(deps.pictures, group, hub.name, judged.states, stored);
    await deps.stores.pictures.write(group, hub.name, new Map([[statesText, JSON.stringify(next)]]));
    return judged.evaluations;
  } catch (error) {
    deps.log('metric-rules.failed', { hub: hub.name, ...errorFields(error) });
    return [];
  }
}

async function storedOf(deps: Deps, group: string, hub: Hub): Promise<Readonly<Record<string, StoredState>>> {
  const text = (await deps.stores.pictures.read(group, hub.name, [statesText])).get(statesText);
  if (text === undefined) return {};
  try {
    const parsed = storedStates.safeParse(JSON.parse(text));
    if (parsed.success)
      return Object.fromEntries(
        Object.entries(parsed.data).map(([id, { detector, hot, pictureDay }]) => [id, { detector, hot, pictureDay }]),
      );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  deps.log('states.rebuilt', { hub: hub.name, rules: ['metric rules'] });
  return {};
}

/**
 * States from three weeks of history; rules whose history cannot be read start with what comes. Most of these metrics count
 * rare events: an hour without any needs no finer look.
 */
async function learned(
  deps: Deps,
  hub: Hub,
  facts: HubFacts,
  rules: readonly AnyMetricRule[],
  { ofNothing }: Learning,
  now: EpochMs,
): Promise<ReadonlyMap<string, DetectorState>> {
  const to = floorTo(now, HOUR);
  const read = async (metrics: readonly MetricRequest[], of: number): Promise<readonly Series[]> => {
    if (metrics.length === 0) return [];
    const [reading] = await deps.azure.metrics.read({
      hubs: [hub],
      metrics,
      span: { from: to - historyMs, to },
      grainMs: of,
    });
    return reading && 'series' in reading ? reading.series : [];
  };
  const requests = new Map(rules.map(({ request }) => [`${request.metric} ${request.aggregation}`, request]));
  const hours = await read([...requests.values()], HOUR);
  const isSame = (a: Series, request: MetricRequest): boolean =>
    a.metric === request.metric && a.aggregation === request.aggregation;
  const quiet = hours.filter(isQuiet);
  const busy = [...requests.values()].filter((request) => !quiet.some((series) => isSame(series, request)));
  const fine = await read(busy, grainMs);
  const states = new Map<string, DetectorState>();
  for (const rule of rules) {
    const learn = (series: readonly Series[]): DetectorState | undefined =>
      learnRule({ rule, hub: facts, series, maintenance: maintenanceOf(deps.policies.rules, hub) }, now);
    const key = `${rule.id} ${rule.metric.emptyBin}`;
    const nothing = quiet.find((series) => isSame(series, rule.request));
    if (nothing && !ofNothing.has(key))
      ofNothing.set(key, learn([inFineBins(nothing, rule.metric.emptyBin === 'zero' ? 0 : undefined)]));
    const state = nothing ? ofNothing.get(key) : learn(fine.filter((series) => isSame(series, rule.request)));
    if (state) states.set(rule.id, state);
  }
  return states;
}

function isQuiet({ aggregation, points }: Series): boolean {
  return points.every(({ value }) => value === null || (value === 0 && aggregation === 'total'));
}

/** @param fromNothing what hours without a value mean, if that is known */
function inFineBins(hours: Series, fromNothing: number | undefined): Series {
  const points = hours.points.flatMap(({ at, value }) =>
    Array.from({ length: HOUR / grainMs }, (_, i) => ({ at: at + i * grainMs, value: fromNothing ?? value })),
  );
  return { ...hours, grainMs, points };
}
