import type { AggregateFunction } from './aggregation.ts';
import { countingAggregates } from './counting-aggregates.ts';
import { numericAggregates } from './numeric-aggregates.ts';
import { rowAggregates } from './row-aggregates.ts';

const aggregates: Readonly<Record<string, AggregateFunction>> = {
  ...countingAggregates,
  ...numericAggregates,
  ...rowAggregates,
};

/** The aggregate of that name; `undefined` if there is none. */
export function aggregateNamed(name: string): AggregateFunction | undefined {
  return Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
}
