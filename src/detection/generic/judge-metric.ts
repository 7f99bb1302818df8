import { DAY, type EpochMs } from '../../time/time.ts';
import type { Point } from '../../metrics/series.ts';
import { sameTimeOfDay, type DayMemory } from './day-memory.ts';
import { isOver, observe, type Bin, type Episode } from './episode.ts';
import { noLimits } from './limits.ts';
import { requiredStrangeness, type MetricRule } from './metric-rule.ts';
import { emptyState, step, type Scored, type ScorerState } from './scorer.ts';
import type { Strangeness } from './strangeness.ts';
import { median } from './usual.ts';

/** What is kept of one series under one rule from one evaluation to the next: plain data. */
export interface MetricState {
  readonly scorer: ScorerState;
  readonly episode: Episode | null;
  /** Start of the newest bin that was judged; bins up to it are not judged again. */
  readonly judgedAt: EpochMs | null;
  /** Start of the first bin ever judged. */
  readonly knownSince: EpochMs | null;
}

export const unknownMetric: MetricState = { scorer: emptyState, episode: null, judgedAt: null, knownSince: null };

/** How a breach ended: the series went back, or stayed where it is for so long that this is the new normal. */
type Ending = 'back-to-usual' | 'new-normal';

export interface Judgement {
  readonly state: MetricState;
  /** `null`: the bin was empty, so nothing was judged. */
  readonly value: number | null;
  readonly ended: Ending | null;
}

/** Before a day is known, nothing can be unusual for its time. */
export const leastHistory = DAY;
/**
 * In the first week a day is compared with other days of the week, which says little: a first Saturday is no incident,
 * and what it taught about distances is dropped. Until some days have taught them anew, only a value far out of the
 * range counts.
 */
const firstWeek = 8 * DAY;
const fullHistory = 12 * DAY;
const adoptedAfter = DAY;

/** What is usual at a time of day; `null` before a day is known. */
export const expectedAt = (memory: DayMemory | null, at: EpochMs): number | null =>
  memory && median(sameTimeOfDay(memory, at));

/** Judge one bin; bins must come oldest first. */
export function judge(state: MetricState, rule: MetricRule, { at, value: given }: Point): Judgement {
  const value = given ?? (rule.emptyBin === 'zero' ? 0 : null);
  const known = { ...state, judgedAt: at, knownSince: state.knownSince ?? at };
  const scored = step(state.scorer, at, value);
  if (value === null || !scored.features) return { state: known, value: null, ended: null };

  const isNewWeek = at - known.knownSince >= firstWeek && (state.judgedAt ?? at) - known.knownSince < firstWeek;
  const next = { ...known, scorer: isNewWeek ? withoutDistances(scored.state) : scored.state };
  if (!state.episode && !isStrange(scored.strangeness, rule, at - known.knownSince)) {
    return { state: next, value, ended: null };
  }

  const bin: Bin = { ...scored.features, matters: matters(value, expectedAt(state.scorer.memory, at), rule) };
  const open = state.episode ?? begin(scored, bin, state.scorer, at);
  if (!open) return { state: next, value, ended: null };

  const episode = observe(open, bin, rule.confirmBins, rule.clearBins);
  if (isOver(episode, rule.confirmBins, rule.clearBins)) {
    if (!episode.confirmed) return { state: { ...next, episode: null }, value, ended: null };
    const scorer = afterBreach(scored.state, episode, rule.clearBins);
    return { state: { ...next, scorer, episode: null }, value, ended: 'back-to-usual' };
  }
  if (at - episode.sinceAt < adoptedAfter) return { state: { ...next, episode }, value, ended: null };
  return { state: { ...next, episode: null }, value, ended: episode.confirmed ? 'new-normal' : null };
}

const withoutDistances = (scorer: ScorerState): ScorerState => ({
  ...scorer,
  limits: { ...scorer.limits, farthest: noLimits.farthest },
});

function isStrange({ size, kind }: Strangeness, { sensitivity }: MetricRule, knownForMs: number): boolean {
  if (knownForMs < leastHistory) return false;
  if (knownForMs < fullHistory) return kind === 'beyond-range' && size >= requiredStrangeness.low;
  return size >= requiredStrangeness[sensitivity];
}

function matters(value: number, expected: number | null, { direction, floor }: MetricRule): boolean {
  const departure = value - (expected ?? 0);
  const sought = direction === 'both' || (direction === 'up' ? departure > 0 : departure < 0);
  return sought && Math.abs(departure) >= floor;
}

function begin({ strangeness }: Scored, bin: Bin, { limits }: ScorerState, at: EpochMs): Episode | null {
  if (!bin.matters && strangeness.kind !== 'calmer-than-ever') return null;
  return { sinceAt: at, cause: strangeness, limits, bins: 0, unusual: [], confirmed: false };
}

/**
 * What a breach that ended leaves behind. The next one like it must be found as well, so the limits of what is usual
 * give way only half (on a scale of factors): what comes back again and again becomes normal step by step. The range of
 * values and the memory of the days have learned it already.
 */
function afterBreach(scorer: ScorerState, { bins, limits }: Episode, clearBins: number): ScorerState {
  const farthest = scorer.limits.farthest.map((learned, measure) => {
    const before = limits.farthest[measure] ?? null;
    return learned === null || before === null ? learned : Math.sqrt(Math.max(before, learned / 100) * learned);
  });
  const without = (distances: readonly number[]): number[] => [
    ...distances.slice(0, -bins),
    ...distances.slice(-clearBins),
  ];
  return {
    ...scorer,
    absolute: without(scorer.absolute),
    relative: without(scorer.relative),
    limits: { ...scorer.limits, farthest },
  };
}
