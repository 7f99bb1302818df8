import { DAY, type EpochMs } from '../../time/time.ts';
import type { Point } from '../../metrics/series.ts';
import type { Evaluation, Numbers } from '../evaluation.ts';
import { rememberedDays } from './day-memory.ts';
import type { Episode } from './episode.ts';
import { expectedAt, judge, leastHistory, type Judgement, type MetricState } from './judge-metric.ts';
import { pictureOf } from './metric-picture.ts';
import type { MetricRule } from './metric-rule.ts';

/**
 * Judge the settled points of one series that were not judged before.
 *
 * The evaluation tells how things stand after the last of them. A breach that began and ended between two calls is not
 * reported; what it taught is kept.
 *
 * @param points settled points in any order; those already judged, or after `now`, are left out; of two for the same
 *   bin the later one in the list counts
 * @param now the time up to which points can be settled
 */
export function evaluateMetric(
  state: MetricState,
  rule: MetricRule,
  points: readonly Point[],
  now: EpochMs,
): { state: MetricState; evaluation: Evaluation } {
  const unjudged = points.filter(({ at }) => at <= now && at > (state.judgedAt ?? -Infinity));
  const fresh = [...new Map(unjudged.map((point) => [point.at, point])).values()].sort((a, b) => a.at - b.at);
  let last: Judgement = { state, value: null, ended: null };
  for (const point of fresh) {
    const judgement = judge(last.state, rule, point);
    const ended = judgement.ended ?? (judgement.state.episode?.confirmed === true ? null : last.ended);
    last = { ...judgement, value: judgement.value ?? last.value, ended };
  }
  return { state: last.state, evaluation: evaluationOf(rule, last) };
}

function evaluationOf(rule: MetricRule, judgement: Judgement): Evaluation {
  const { state } = judgement;
  const { episode, judgedAt } = state;
  const breach = episode?.confirmed === true ? episode : null;
  const { memory } = state.scorer;
  return {
    rule: rule.id,
    signal: rule.id,
    metric: rule.metric,
    ...verdictOf(judgement, breach),
    severity: rule.severity,
    ...(judgedAt === null ? {} : { settledAt: judgedAt }),
    ...(breach ? { sinceAt: breach.sinceAt } : {}),
    numbers: numbersOf(judgement),
    ...(breach && memory && judgedAt !== null ? { picture: pictureOf(memory, judgedAt) } : {}),
  };
}

const knownFor = ({ judgedAt, knownSince }: MetricState): number =>
  judgedAt === null || knownSince === null ? 0 : judgedAt - knownSince;

function verdictOf({ state, value, ended }: Judgement, breach: Episode | null): Pick<Evaluation, 'verdict' | 'reason'> {
  if (value === null) return { verdict: 'unknown', reason: 'nothing-settled' };
  if (breach) return { verdict: 'breach', reason: breachReasons[breach.cause.kind] };
  if (knownFor(state) < leastHistory) return { verdict: 'unknown', reason: 'not-enough-history' };
  return { verdict: 'normal', reason: ended ?? (state.episode ? 'awaiting-confirmation' : 'as-usual') };
}

const breachReasons = {
  'beyond-range': 'beyond-known-range',
  'unlike-usual': 'unlike-this-time-of-day',
  'calmer-than-ever': 'stuck-or-too-calm',
} as const satisfies Record<Episode['cause']['kind'], string>;

function numbersOf({ state, value }: Judgement): Numbers {
  const { scorer, episode, judgedAt } = state;
  const expected = judgedAt === null ? null : expectedAt(scorer.memory, judgedAt);
  const far = (episode?.limits ?? scorer.limits).farthest[0] ?? null;
  return {
    ...(value === null ? {} : { value }),
    ...(expected === null ? {} : { expected }),
    ...(expected === null || far === null ? {} : { lower: expected - far, upper: expected + far }),
    ...(value === null || expected === null || expected === 0 ? {} : { ratio: value / expected }),
    ...(episode ? { breachingBins: episode.unusual.filter(Boolean).length, windowBins: episode.unusual.length } : {}),
    confidence: Math.min(1, knownFor(state) / (rememberedDays * DAY)),
  };
}
