import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import { judgeHub } from '../detection/judge-hub.ts';
import { isSilent } from '../detection/no-data.ts';
import { isSlow, requestsOf, type Rule } from '../detection/rule.ts';
import type { MetricPoints } from '../detection/settled-bins.ts';
import type { MetricName, Point } from '../metrics/series.ts';
import { DAY, floorTo, HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import type { Alert } from './alert.ts';
import type { RecordedHub, RecordedPoint } from './recording.ts';

/** How often the timer fires in a replay, as in production. */
const TICK_MS = MINUTE;
/** A hub without news is still looked at so often: absence is noticed by the clock. */
const IDLE_MS = 10 * MINUTE;
/** A reader reads so far back again, for what came late or was revised. */
const REREAD_MS = 45 * MINUTE;

interface Standing {
  readonly metric: MetricName;
  readonly kind: string;
  readonly sinceAt: EpochMs;
}

interface ReplayedHub {
  readonly hub: RecordedHub;
  readonly rules: readonly Rule[];
  states: ReadonlyMap<string, DetectorState>;
  readonly standing: Map<string, readonly Standing[]>;
  readonly read: Map<MetricName, Map<EpochMs, number | null>>;
  /** Until then bins are still settling. */
  settlingUntil: EpochMs;
  evaluatedAt: EpochMs;
  silent: boolean;
}

/** Told of every notification, and if asked for of every evaluation. */
export interface ReplayListener {
  readonly onAlert: (alert: Alert) => void;
  readonly onEvaluation?: (hub: string, evaluation: Evaluation, at: EpochMs) => void;
  /** What happens to a state between two evaluations, such as being stored and read again. */
  readonly between?: (state: DetectorState) => DetectorState | undefined;
}

/** A replay in progress: lines go in, in the order in which they became readable. */
export interface Replay {
  readonly take: (point: RecordedPoint) => void;
  /** Evaluates what is left: until the newest line has settled. */
  readonly finish: () => void;
}

/** Feeds a recording through the production evaluation, minute by minute. Lines of hubs that are not listed are left out. */
export function startReplay(
  hubs: readonly RecordedHub[],
  rulesOf: (hub: RecordedHub) => readonly Rule[],
  { onAlert, onEvaluation, between = (state) => state }: ReplayListener,
): Replay {
  const replayed = new Map<string, ReplayedHub>();
  for (const hub of hubs)
    replayed.set(hub.hub, {
      hub,
      rules: rulesOf(hub),
      states: new Map(),
      standing: new Map(),
      read: new Map(),
      settlingUntil: 0,
      evaluatedAt: 0,
      silent: false,
    });
  let tick = Number.NaN;

  const runTick = (now: EpochMs): void => {
    for (const one of replayed.values()) {
      if (now > one.settlingUntil && now - one.evaluatedAt < IDLE_MS) continue;
      if (one.read.size === 0) continue;
      one.evaluatedAt = now;
      evaluateHub(one, neighboursOf(one, replayed), now, {
        onAlert,
        between,
        ...(onEvaluation ? { onEvaluation } : {}),
      });
    }
  };

  const advanceTo = (at: EpochMs): void => {
    if (Number.isNaN(tick)) tick = floorTo(at, TICK_MS) + TICK_MS;
    // Over a long silence of everything only the idle looks matter.
    for (; tick < at; tick += at - tick > DAY ? IDLE_MS : TICK_MS) runTick(tick);
  };

  return {
    take: (point) => {
      const one = replayed.get(point.hub);
      if (!one) return;
      advanceTo(point.readableAt);
      remember(one, point);
    },
    finish: () => {
      if (Number.isNaN(tick)) return;
      advanceTo(tick + HOUR / 2);
    },
  };
}

function remember(one: ReplayedHub, { metric, at, value, readableAt }: RecordedPoint): void {
  let bins = one.read.get(metric);
  if (!bins) one.read.set(metric, (bins = new Map<EpochMs, number | null>()));
  if (value !== null || !bins.has(at)) bins.set(at, value);
  one.settlingUntil = Math.max(one.settlingUntil, readableAt + TICK_MS, at + one.hub.grainMs + 6 * MINUTE);
}

function evaluateHub(
  one: ReplayedHub,
  neighbours: { hubs: number; silent: number },
  now: EpochMs,
  { onAlert, onEvaluation, between }: ReplayListener & { readonly between: NonNullable<ReplayListener['between']> },
): void {
  const { hub } = one;
  const series = [...one.read].map(([metric, bins]) => seriesOf(metric, bins, hub.grainMs, now));
  const facts = { sku: hub.sku, units: hub.units, messagesPerDay: hub.quotaPerDay };
  const rules = one.rules.filter((rule) => !isUnread(rule, one));
  const states = new Map<string, DetectorState>();
  for (const [id, state] of one.states) {
    const kept = between(state);
    if (kept) states.set(id, kept);
  }
  const judged = judgeHub(
    { facts, rules, maintenance: hub.maintenance, series, states, neighbours },
    (_, error) => {
      throw error;
    },
    now,
  );
  one.states = judged.states;
  one.silent = judged.evaluations.some(isSilent);
  for (const evaluation of judged.evaluations) {
    onEvaluation?.(hub.hub, evaluation, now);
    transition(one, evaluation, now, onAlert);
  }
}

/** Recordings need not hold the metrics of every rule. */
function isUnread(rule: Rule, { read }: ReplayedHub): boolean {
  return isSlow(rule) && !requestsOf(rule).some(({ metric }) => read.has(metric));
}

/** What is read in one evaluation, and forgets what is too old to be read again. */
function seriesOf(metric: MetricName, bins: Map<EpochMs, number | null>, grainMs: number, now: EpochMs): MetricPoints {
  const points: Point[] = [];
  for (const [at, value] of bins) {
    points.push({ at, value });
    if (at + grainMs < now - REREAD_MS - 2 * (grainMs - MINUTE)) bins.delete(at);
  }
  return { metric, grainMs, points };
}

/**
 * A breach is known by its `sinceAt`: another one is another incident, and an older one may go on beneath it. A breach that
 * moves to another metric is told again.
 */
function transition(
  { hub, standing }: ReplayedHub,
  evaluation: Evaluation,
  at: EpochMs,
  onAlert: ReplayListener['onAlert'],
): void {
  const { verdict, metric, sinceAt = 0 } = evaluation;
  if (verdict === 'unknown') return;
  const before = standing.get(evaluation.rule) ?? [];
  const stays = (one: Standing): boolean =>
    verdict === 'breach' && (one.sinceAt < sinceAt || (one.sinceAt === sinceAt && one.metric === metric));
  for (const { metric: told, kind } of before.filter((one) => !stays(one)))
    onAlert({ hub: hub.hub, metric: told, at, kind, transition: 'resolved', evaluation });
  const left = before.filter(stays);
  if (verdict === 'breach' && !left.some((one) => one.sinceAt === sinceAt)) {
    const kind = evaluation.signal === 'no-data' ? 'nodata' : evaluation.reason;
    left.push({ metric, kind, sinceAt });
    onAlert({ hub: hub.hub, metric, at, kind, transition: 'firing', evaluation });
  }
  standing.set(evaluation.rule, left);
}

function neighboursOf(one: ReplayedHub, all: ReadonlyMap<string, ReplayedHub>): { hubs: number; silent: number } {
  let hubs = 0;
  let silent = 0;
  for (const other of all.values()) {
    if (other === one || other.hub.region !== one.hub.region || other.read.size === 0) continue;
    hubs += 1;
    if (other.silent) silent += 1;
  }
  return { hubs, silent };
}
