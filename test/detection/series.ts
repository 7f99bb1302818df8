import { evaluateRule, type DetectorState, type Evaluated } from '../../src/detection/evaluate-rule.ts';
import type { Evaluation } from '../../src/detection/evaluation.ts';
import type { HubFacts } from '../../src/detection/hub-facts.ts';
import { emptyRulesFile, rulesFor } from '../../src/detection/resolve-rules.ts';
import type { Rule } from '../../src/detection/rule.ts';
import type { MetricPoints } from '../../src/detection/settled-bins.ts';
import type { Point } from '../../src/metrics/series.ts';
import { HOUR, MINUTE, type EpochMs, type Span } from '../../src/time/time.ts';

/** A Monday. */
export const monday = Date.UTC(2026, 4, 4);
export const grainMs = 5 * MINUTE;

export const devices = 'connectedDeviceCount';
export const refused = 'd2c.telemetry.ingress.sendThrottle';
export const attempts = 'd2c.telemetry.ingress.allProtocol';
export const used = 'dailyMessageQuotaUsed';

export const hub: HubFacts = { sku: 'S1', units: 2, messagesPerDay: 800_000 };

/** A shipped rule, by its id. */
export function shipped<Detector extends Rule['detector']>(detector: Detector): Extract<Rule, { detector: Detector }> {
  const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} });
  const rule = rules.find((one): one is Extract<Rule, { detector: Detector }> => one.detector === detector);
  if (!rule) throw new Error(`no shipped rule for ${detector}`);
  return rule;
}

/** Small noise that looks random and is the same in every run: -1 … 1. */
export function noise(index: number): number {
  const mixed = Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return (mixed / 4_294_967_296) * 2 - 1;
}

export function pointsOf(from: EpochMs, to: EpochMs, value: (at: EpochMs) => number | null, grain = grainMs): Point[] {
  const points: Point[] = [];
  for (let at = from; at < to; at += grain) points.push({ at, value: value(at) });
  return points;
}

export interface Told {
  readonly at: EpochMs;
  readonly transition: 'firing' | 'resolved';
  readonly evaluation: Evaluation;
}

export interface Played {
  readonly told: readonly Told[];
  readonly evaluations: readonly Evaluation[];
  readonly state: DetectorState | undefined;
}

interface Play {
  readonly rule: Rule;
  readonly series: Readonly<Record<string, readonly Point[]>>;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly facts?: HubFacts | ((now: EpochMs) => HubFacts);
  readonly maintenance?: readonly Span[];
  readonly others?: readonly Evaluation[];
  readonly state?: DetectorState | undefined;
  readonly grain?: number;
  /** What a reader sees of a point at a moment, where that is not what it says in the end. */
  readonly asRead?: (point: Point, now: EpochMs) => Point;
}

/** Evaluates every grain, a timer's way: each time with the last two hours of what has ended by then. */
export function play({
  rule,
  series,
  from,
  to,
  facts = hub,
  maintenance = [],
  others = [],
  state,
  grain,
  asRead = (point) => point,
}: Play): Played {
  const told: Told[] = [];
  const evaluations: Evaluation[] = [];
  const stepMs = grain ?? grainMs;
  let before = state;
  let standing: EpochMs | undefined;
  const starts = new Map(Object.keys(series).map((metric) => [metric, 0]));
  for (let now = from + 4 * MINUTE; now <= to + 30 * MINUTE; now += stepMs) {
    const read: MetricPoints[] = Object.entries(series).map(([metric, points]) => {
      let first = starts.get(metric) ?? 0;
      while (first < points.length && (points[first]?.at ?? 0) < now - 2 * HOUR) first += 1;
      starts.set(metric, first);
      const fresh: Point[] = [];
      for (let i = first; i < points.length; i += 1) {
        const point = points[i];
        if (!point || point.at + stepMs > now) break;
        fresh.push(asRead(point, now));
      }
      return { metric, grainMs: stepMs, points: fresh };
    });
    const input = { rule, hub: typeof facts === 'function' ? facts(now) : facts, series: read, maintenance, others };
    const evaluated: Evaluated = evaluateRule(input, before, now);
    before = evaluated.state;
    const { evaluation } = evaluated;
    evaluations.push(evaluation);
    const { verdict, sinceAt } = evaluation;
    if (verdict === 'unknown') continue;
    if (standing !== undefined && (verdict === 'normal' || standing !== sinceAt))
      told.push({ at: now, transition: 'resolved', evaluation });
    if (verdict === 'breach' && standing !== sinceAt) told.push({ at: now, transition: 'firing', evaluation });
    standing = verdict === 'breach' ? sinceAt : undefined;
  }
  return { told, evaluations, state: before };
}

export function firing({ told }: Played): readonly Told[] {
  return told.filter(({ transition }) => transition === 'firing');
}

export function reasonsOf(played: Played): readonly string[] {
  return firing(played).map(({ evaluation }) => evaluation.reason);
}
