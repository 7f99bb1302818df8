import { DAY, type EpochMs, type Span } from '../time/time.ts';
import { evaluateRule, type DetectorState } from './evaluate-rule.ts';
import type { Evaluation } from './evaluation.ts';
import type { HubFacts } from './hub-facts.ts';
import type { Neighbours } from './no-data.ts';
import type { Rule } from './rule.ts';
import type { MetricPoints } from './settled-bins.ts';

export interface HubToJudge {
  readonly facts: HubFacts;
  readonly rules: readonly Rule[];
  /** Where a rule's values come from; absent or empty: as shipped. */
  readonly sourcesOf?: (rule: string) => readonly string[];
  readonly maintenance: readonly Span[];
  readonly series: readonly MetricPoints[];
  readonly states: ReadonlyMap<string, DetectorState>;
  readonly neighbours: Neighbours;
  /** What other rules said of the hub in this round already. */
  readonly others?: readonly Evaluation[];
}

/** Judges one hub by each of its rules. A rule that fails is handed to `onFailure` and starts anew; the others go on. */
export function judgeHub(
  { facts, rules, sourcesOf, maintenance, series, states, neighbours, others = [] }: HubToJudge,
  onFailure: (rule: string, error: unknown) => void,
  now: EpochMs,
): { readonly evaluations: readonly Evaluation[]; readonly states: ReadonlyMap<string, DetectorState> } {
  // What is long past was judged long ago.
  const near = maintenance.filter(({ from, to }) => to > now - 2 * DAY && from <= now);
  const evaluations: Evaluation[] = [];
  const next = new Map<string, DetectorState>();
  for (const rule of rules) {
    try {
      const input = { rule, hub: facts, series, maintenance: near, others: [...others, ...evaluations], neighbours };
      const { state, evaluation } = evaluateRule(input, states.get(rule.id), now);
      if (state) next.set(rule.id, state);
      const sources = sourcesOf?.(rule.id) ?? [];
      evaluations.push(sources.length === 0 ? evaluation : { ...evaluation, ruleSource: sources.join(', ') });
    } catch (error) {
      onFailure(rule.id, error);
    }
  }
  return { evaluations, states: next };
}
