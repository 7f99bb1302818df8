import { argument, constantNumber, folding, type AggregateFunction, type Folding } from './aggregation.ts';
import { derivedName } from '../expressions/column-names.ts';
import { semanticFault } from '../fault.ts';
import { checkCount } from '../expressions/parameters.ts';
import { absent, compareValues, isNumeric, type KustoType, type Value } from '../values.ts';

const isTime = (type: KustoType): boolean => type === 'datetime' || type === 'timespan';

const sum: Folding = {
  gives: (type) => (type === 'real' || type === 'timespan' ? type : isNumeric(type) ? 'long' : undefined),
  start: () => {
    let total = 0;
    return { add: (value) => void (total += Number(value)), result: () => total };
  },
};

/** Of no values, the average of numbers is not a number; that of times is null. */
const average: Folding = {
  gives: (type) => (isNumeric(type) ? 'real' : isTime(type) ? type : undefined),
  start: (type) => {
    let total = 0;
    let count = 0;
    return {
      add: (value) => {
        total += Number(value);
        count++;
      },
      result: () => (count === 0 && isTime(type) ? null : total / count),
    };
  },
};

const extreme = (better: (order: number) => boolean): Folding => ({
  gives: (type) => (type === 'dynamic' ? undefined : type),
  start: (type) => {
    let best: Value = null;
    return {
      add: (value) => {
        if (best === null || better(compareValues(value, best))) best = value;
      },
      result: () => best ?? absent(type),
    };
  },
});
const minimum = extreme((order) => order < 0);
const maximum = extreme((order) => order > 0);

/** Of a sample, so divided by one less than the count; 0 for fewer than two values. */
const deviation: Folding = {
  gives: (type) => (isNumeric(type) ? 'real' : undefined),
  start: () => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add: (value) => {
        const delta = Number(value) - mean;
        mean += delta / ++count;
        squares += delta * (Number(value) - mean);
      },
      result: () => (count < 2 ? 0 : Math.sqrt(squares / (count - 1))),
    };
  },
};

/** `percentile(x, 95)`: the least value that so many percent of the values do not exceed. `percentiles` gives several. */
const percentiles: AggregateFunction = ({ call, compile }) => {
  checkCount(call, 2, call.name === 'percentile' ? 2 : 20);
  const value = argument(call, 0, compile);
  if (!isNumeric(value.type) && !isTime(value.type))
    throw semanticFault(call.at, `${call.name}() does not take a ${value.type}.`);
  const shares = call.args.slice(1).map((each) => constantNumber(call, each, compile));
  if (shares.some((share) => share < 0 || share > 100))
    throw semanticFault(call.at, `${call.name}() takes percentiles from 0 to 100.`);
  const name = call.args[0] ? (derivedName(call.args[0]) ?? '') : '';
  return {
    columns: shares.map((share) => ({
      name: `percentile_${name}_${String(share).replace('.', '_')}`,
      type: value.type === 'int' ? 'long' : value.type,
    })),
    start: () => {
      const values: number[] = [];
      return {
        add: (frame) => {
          const each = value.evaluate(frame);
          if (typeof each === 'number' && !Number.isNaN(each)) values.push(each);
        },
        results: () => {
          values.sort((a, b) => a - b);
          return shares.map((share) => values[Math.max(0, Math.ceil((share / 100) * values.length) - 1)] ?? null);
        },
      };
    },
  };
};

/** Aggregates that calculate. */
export const numericAggregates: Readonly<Record<string, AggregateFunction>> = {
  sum: folding(sum),
  sumif: folding(sum, { conditional: true }),
  avg: folding(average),
  avgif: folding(average, { conditional: true }),
  min: folding(minimum),
  minif: folding(minimum, { conditional: true }),
  max: folding(maximum),
  maxif: folding(maximum, { conditional: true }),
  stdev: folding(deviation),
  stdevif: folding(deviation, { conditional: true }),
  percentile: percentiles,
  percentiles,
};
