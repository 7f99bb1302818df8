import { evaluateRule, type DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import type { Neighbours } from '../detection/no-data.ts';
import type { Rule } from '../detection/rule.ts';
import type { Series } from '../metrics/series.ts';
import { DAY, type EpochMs, type Span } from '../time/time.ts';
import { errorFields, type Log } from './log.ts';

export interface HubToJudge {
  readonly name: string;
  readonly facts: HubFacts;
  readonly rules: readonly Rule[];
  /** Where a rule's values come from; empty: as shipped. */
  readonly sourcesOf: (rule: string) => readonly string[];
  readonly maintenance: readonly Span[];
  readonly series: readonly Series[];
  readonly states: ReadonlyMap<string, DetectorState>;
  readonly neighbours: Neighbours;
  /** What other rules said of the hub in this round already. */
  readonly others?: readonly Evaluation[];
}

/** Judges one hub by each of its rules. A rule that fails is told in the log and starts anew; the others go on. */
export function judgeHub(
  { name, facts, rules, sourcesOf, maintenance, series, states, neighbours, others = [] }: HubToJudge,
  log: Log,
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
      const sources = sourcesOf(rule.id);
      evaluations.push(sources.length === 0 ? evaluation : { ...evaluation, ruleSource: sources.join(', ') });
    } catch (error) {
      log('rule.failed', { hub: name, rule: rule.id, ...errorFields(error) });
    }
  }
  return { evaluations, states: next };
}
