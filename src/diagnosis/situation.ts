import type { Evaluation } from '../detection/evaluation.ts';
import type { HubHealth } from '../hubs/health.ts';
import type { EpochMs, Span } from '../time/time.ts';
import type { Unavailable } from './diagnosis.ts';
import { hasRisen, statusOf, type CodeFacts, type LogFacts } from './log-facts.ts';
import type { LogInspection } from './log-source.ts';

/** What is known around an incident when its cause is looked for. */
export interface Situation {
  /** The breach that made the incident. */
  readonly evaluation: Evaluation;
  /** When the trouble began, by the metric. */
  readonly beganAt: EpochMs;
  /** What the other rules say of the same hub at the same time. */
  readonly others: readonly Evaluation[];
  readonly logs: LogReading;
  readonly health: HubHealth | undefined;
  /** ARM `properties.state`. */
  readonly hubState: string;
  readonly now: EpochMs;
}

export type LogReading =
  | { readonly state: 'not-asked' }
  | { readonly state: 'read'; readonly window: Span; readonly readAt: EpochMs; readonly inspection: LogInspection }
  | { readonly state: 'unavailable'; readonly why: Unavailable; readonly readAt: EpochMs };

/** A situation with its logs folded, as the hypotheses look at it. */
export interface Case extends Situation {
  readonly facts: LogFacts | undefined;
}

/** The codes of the given families that have risen in the window, most frequent first. */
export function risen({ facts }: Case, ...prefixes: readonly string[]): readonly CodeFacts[] {
  return [...(facts?.codes.values() ?? [])]
    .filter((code) => prefixes.some((prefix) => code.code.startsWith(prefix)) && hasRisen(code))
    .toSorted((a, b) => b.count - a.count);
}

/** How many records of these codes the window holds, whether they have risen or not. */
export function counted(codes: readonly CodeFacts[]): number {
  return codes.reduce((sum, { count }) => sum + count, 0);
}

/** What another rule says of the same hub, if it breaches. */
export function breaching({ others, evaluation }: Situation, signal: string): Evaluation | undefined {
  return [evaluation, ...others].find((each) => each.signal === signal && each.verdict === 'breach');
}

/** The quota's use as a share, whether it breaches or not. */
export function quotaRatio({ others, evaluation }: Situation): number {
  return [evaluation, ...others].find((each) => each.signal === 'quota')?.numbers.ratio ?? 0;
}

/** `429xxx` of `429001`. */
export function familyName(code: string): string {
  return `${statusOf(code)}xxx`;
}

/**
 * How suddenly a gauge fell: the largest step between two bins as a share of the whole fall, 0–1. A hub closes all
 * connections at once; devices that lost their network are missed one keep-alive after the other, over minutes.
 */
export function suddenness({ picture }: Evaluation): number | undefined {
  const values = (picture?.values ?? []).filter((value) => value !== null);
  if (values.length < 4) return undefined;
  const lowest = Math.min(...values);
  const highest = Math.max(...values.slice(0, values.indexOf(lowest) + 1));
  if (highest - lowest < 5) return undefined;
  let step = 0;
  for (let i = 1; i <= values.indexOf(lowest); i++) step = Math.max(step, (values[i - 1] ?? 0) - (values[i] ?? 0));
  return step / (highest - lowest);
}
