import type { Picture } from '../detection/evaluation.ts';
import type { MetricName } from '../metrics/series.ts';
import { floorTo, type EpochMs, type Span } from '../time/time.ts';
import { COLUMN_MS, type Column, type HubChart } from './hub-chart.ts';

/** A card's chart shows no more than so many bins. */
const MOST_BINS = 120;

/**
 * One metric of a replayed hub over a whole span, in few enough bins for a card. A bin shows what strayed farthest from
 * the band in it, so that a short dip in a long span is still seen.
 */
export function pictureOf(chart: HubChart, metric: MetricName, span: Span): Picture | undefined {
  const columns = chart.metrics.get(metric);
  if (!columns || columns.size === 0) return undefined;
  const grainMs = Math.max(1, Math.ceil((span.to - span.from) / MOST_BINS / COLUMN_MS)) * COLUMN_MS;
  const from = floorTo(span.from, COLUMN_MS);
  const bins = Math.min(MOST_BINS, Math.ceil((span.to - from) / grainMs));
  const shown = Array.from({ length: bins }, (_, i) => binOf(columns, from + i * grainMs, grainMs));
  if (shown.every((bin) => bin === undefined)) return undefined;
  const list = (pick: (bin: Bin) => number): (number | null)[] =>
    shown.map((bin) => (bin === undefined || Number.isNaN(pick(bin)) ? null : pick(bin)));
  const limit = chart.limits.get(metric);
  const picture = { grainMs, from, values: list((bin) => bin.value), ...(limit === undefined ? {} : { limit }) };
  if (shown.every((bin) => bin === undefined || Number.isNaN(bin.expected))) return picture;
  return {
    ...picture,
    expected: list((bin) => bin.expected),
    lower: list((bin) => bin.lower),
    upper: list((bin) => bin.upper),
  };
}

interface Bin {
  readonly value: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

function binOf(columns: ReadonlyMap<EpochMs, Column>, from: EpochMs, grainMs: number): Bin | undefined {
  let farthest: Bin | undefined;
  let farthestBy = Number.NEGATIVE_INFINITY;
  for (let at = from; at < from + grainMs; at += COLUMN_MS) {
    const column = columns.get(at);
    if (!column) continue;
    const { least, most, expected, lower, upper } = column;
    const above = distance(most - expected, upper - expected);
    const below = distance(expected - least, expected - lower);
    const by = Math.max(above, below);
    if (by <= farthestBy) continue;
    farthestBy = by;
    farthest = { value: below > above ? least : most, expected, lower, upper };
  }
  return farthest;
}

/** How far from expectation in units of the band's half width; without a band, 0: any value is as good. */
function distance(apart: number, halfWidth: number): number {
  return halfWidth > 0 && !Number.isNaN(apart) ? apart / halfWidth : 0;
}
