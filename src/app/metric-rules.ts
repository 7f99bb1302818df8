import * as z from 'zod';
import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { judgeHub } from '../detection/judge-hub.ts';
import { learnRule } from '../detection/learn-rule.ts';
import { emptyRulesFile, maintenanceOf, rulesFor, sourcesOf } from '../detection/resolve-rules.ts';
import { isSlow, requestsOf, type AnyMetricRule, type SlowRule } from '../detection/rule.ts';
import type { StoredState } from '../detection/stored/stored-state.ts';
import type { OperationalError } from '../failure/operational-error.ts';
import type { Hub } from '../hubs/hub.ts';
import type { MetricRequest, Series } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { readStates, writeStates } from './detector-states.ts';
import { errorFields, tellFailedRule } from './log.ts';
import type { BatchMessage } from './messages.ts';

// Rules for operations that have a rate, and for metrics that have no detector of their own. There are a dozen and a half
// of them, and nothing they show needs an answer within a minute: they are read in bins of five minutes, every five
// minutes, and keep their states apart, so that the evaluation of every minute stays small.

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

/** A metric and how it is folded: Azure refuses what a metric does not support. */
const nameOfRequest = ({ metric, aggregation }: MetricRequest): string => `${metric} ${aggregation}`;

/** What the rules as shipped read. */
const shippedRequests: ReadonlySet<string> = new Set(
  rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} })
    .filter(isSlow)
    .flatMap(requestsOf)
    .map(nameOfRequest),
);

const statesText = '~metric-rules';

const storedStates = z.record(
  z.string(),
  z.object({ detector: z.enum(['metric', 'operation-rate']), hot: z.string(), pictureDay: z.number().optional() }),
);

/** What was read of one hub for these rules. Azure refuses a read as a whole, so a rule is as blind as its fellows. */
export interface OtherMetrics {
  readonly series: readonly Series[];
  /** Why some requests could not be read, by their names. */
  readonly unread: ReadonlyMap<string, OperationalError>;
}

/**
 * What was read for these rules, by hub id; empty in the minutes in between. Metrics that only the rules file names are read
 * apart: a name that Azure does not know must not blind the shipped rules.
 */
export async function readOtherMetrics(
  deps: Deps,
  batch: BatchMessage,
  now: EpochMs,
): Promise<ReadonlyMap<string, OtherMetrics>> {
  if (!isDue(batch.group, now)) return new Map();
  const requests = new Map<string, MetricRequest>();
  for (const hub of batch.hubs)
    for (const request of metricRulesOf(deps, hub).flatMap(requestsOf)) requests.set(nameOfRequest(request), request);
  const to = floorTo(now, grainMs);
  const found = new Map<string, { series: Series[]; unread: Map<string, OperationalError> }>();
  const [own = [], shipped = []] = [false, true].map((known) =>
    [...requests.values()].filter((request) => shippedRequests.has(nameOfRequest(request)) === known),
  );
  for (const metrics of [shipped, own]) {
    if (metrics.length === 0) continue;
    const span = { from: to - readBackMs, to };
    const readings = await deps.azure.metrics.read({ hubs: batch.hubs, metrics, span, grainMs });
    for (const reading of readings) {
      const hub = found.get(reading.hubId) ?? { series: [], unread: new Map<string, OperationalError>() };
      found.set(reading.hubId, hub);
      if ('series' in reading) hub.series.push(...reading.series);
      else for (const request of metrics) hub.unread.set(nameOfRequest(request), reading.failure);
    }
    const failed = readings.flatMap((reading) => ('failure' in reading ? [reading.failure] : []));
    if (failed[0])
      deps.log('metric-rules.unread', {
        group: batch.group,
        hubs: failed.length,
        metrics: metrics.map(({ metric }) => metric),
        ...errorFields(failed[0]),
      });
  }
  return found;
}

/** Groups take turns, so that the reads spread over the minutes. */
function isDue(group: string, now: EpochMs): boolean {
  let turn = 0;
  for (const letter of group) turn = (turn * 31 + letter.charCodeAt(0)) % 5;
  return Math.floor(now / MINUTE) % 5 === turn;
}

function metricRulesOf(deps: Deps, hub: Hub): readonly SlowRule[] {
  return rulesFor(deps.policies.rules, hub).filter(isSlow);
}

export interface HubForMetricRules {
  readonly group: string;
  readonly hub: Hub;
  readonly facts: HubFacts;
  /** Absent in the minutes in between. */
  readonly read: OtherMetrics | undefined;
  /** What the rules of every minute said just now. */
  readonly others: readonly Evaluation[];
  /** What every rule said the last time. */
  readonly before: HubRecord['evaluations'];
  readonly learning: Learning;
}

/** Judges one hub by these rules, on what was read for it in this round. */
export async function evaluateMetricRules(
  deps: Deps,
  { group, hub, facts, read, others, before, learning }: HubForMetricRules,
  now: EpochMs,
): Promise<readonly Evaluation[]> {
  if (!read) return [];
  try {
    const all = metricRulesOf(deps, hub);
    const rules = all.filter((rule) => !failureOf(rule, read));
    const blind = all.flatMap((rule) => unread(rule, failureOf(rule, read), before?.[rule.id], now));
    const stored = await storedOf(deps, group, hub);
    const states = new Map((await readStates(deps.pictures, group, hub.name, stored)).states);
    const unknown = rules.filter((rule): rule is AnyMetricRule => rule.detector === 'metric' && !states.has(rule.id));
    if (unknown.length > 0) {
      if (learning.left <= 0) return blind;
      learning.left -= 1;
      for (const [id, state] of await learned(deps, hub, facts, unknown, learning, now)) states.set(id, state);
    }
    const judged = judgeHub(
      {
        facts,
        rules,
        sourcesOf: (rule) => sourcesOf(deps.policies.rules, hub, rule),
        maintenance: maintenanceOf(deps.policies.rules, hub),
        series: read.series,
        states,
        others,
        neighbours: { hubs: 0, silent: 0 },
      },
      tellFailedRule(deps.log, hub.name),
      now,
    );
    const waiting = [...states].filter(([id]) => blind.some(({ rule }) => rule === id));
    const next = await writeStates(deps.pictures, group, hub.name, new Map([...waiting, ...judged.states]), stored);
    await deps.stores.pictures.write(group, hub.name, new Map([[statesText, JSON.stringify(next)]]));
    return [...judged.evaluations, ...blind];
  } catch (error) {
    deps.log('metric-rules.failed', { hub: hub.name, ...errorFields(error) });
    return [];
  }
}

function failureOf(rule: SlowRule, { unread }: OtherMetrics): OperationalError | undefined {
  const [failure] = requestsOf(rule).flatMap((request) => unread.get(nameOfRequest(request)) ?? []);
  return failure;
}

/** What cannot be read is not known: a rule that cannot see neither fires nor clears. */
function unread(
  rule: SlowRule,
  failure: OperationalError | undefined,
  before: Evaluation | undefined,
  now: EpochMs,
): Evaluation[] {
  const [request] = requestsOf(rule);
  if (!failure || !request) return [];
  return [
    {
      rule: rule.id,
      signal: rule.id,
      metric: request.metric,
      verdict: 'unknown',
      reason: failure.code,
      severity: 'information',
      sinceAt: (before && blindSince(before)) ?? now,
      numbers: {},
    },
  ];
}

/** Since when a rule has not been able to read its metrics. */
export function blindSince({ verdict, reason, sinceAt }: Evaluation): EpochMs | undefined {
  return verdict === 'unknown' && reason.startsWith('azure.') ? sinceAt : undefined;
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
  const requests = new Map(rules.map(({ request }) => [nameOfRequest(request), request]));
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
