import { DAY, type EpochMs, type Span } from '../time/time.ts';
import { turnPages } from './gauge-day.ts';
import { takeBin } from './gauge.ts';
import { draftOf, newGaugeHot, noneWrong, type GaugeDraft, type GaugeState } from './gauge-state.ts';
import { recordLate } from './late-bins.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { dayOf, emptyPicture } from './seasonal-picture.ts';
import { noSameness } from './sameness.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** Judges every bin that has settled since the state was written, in the order of time; records what came late. */
export function advanceGauge(
  rule: { readonly settings: GaugeSettings; readonly settleMs: number },
  series: MetricPoints | undefined,
  maintenance: readonly Span[],
  state: GaugeState | undefined,
  now: EpochMs,
): GaugeState | undefined {
  if (!series || series.points.length === 0) return state;
  const { grainMs, points } = series;
  const watermark = state?.hot.judgedUntil ?? Number.NEGATIVE_INFINITY;
  const sorted = sortOut(points, grainMs, watermark, rule.settleMs, now);
  if (sorted.settled.size === 0 && sorted.late.size === 0) return state;
  const first = Math.min(...sorted.settled.keys());
  const draft = draftOf(state ?? { hot: newGaugeHot(grainMs, first), picture: emptyPicture(dayOf(first)) });
  if (draft.grainMs !== grainMs) changeGrain(draft, grainMs);
  recordLate(draft, sorted.late, maintenance);
  if (sorted.settled.size > 0 && first - draft.judgedUntil > DAY) skipTo(draft, first, rule.settings);
  for (let at = draft.judgedUntil; at < sorted.settledUntil; at += grainMs)
    takeBin(draft, at, sorted.settled.get(at) ?? null, rule.settings, maintenance);
  const { picture, ...hot } = draft;
  return { hot, picture };
}

/** Another grain than before: what was learned stays true, the newest bins are not comparable. */
function changeGrain(draft: GaugeDraft, grainMs: number): void {
  draft.grainMs = grainMs;
  draft.judgedUntil = Math.ceil(draft.judgedUntil / grainMs) * grainMs;
  draft.recent = [];
  draft.same = noSameness;
  draft.wrong = noneWrong;
}

/** Nothing is known about a long gap: only its midnights matter. */
function skipTo(draft: GaugeDraft, first: EpochMs, settings: GaugeSettings): void {
  turnPages(draft, first, settings);
  draft.residuals.fill(Number.NaN);
  draft.recent = [];
  draft.judgedUntil = first;
}
