import { argument, conditionOf, constantNumber, folding, type AggregateFunction, type Folding } from './aggregation.ts';
import { checkCount } from '../expressions/parameters.ts';
import { keyOf, type Value } from '../values.ts';
import { toDynamic } from '../words.ts';

/** Kusto keeps no more elements than that in a set or list. */
const maxElements = 1_048_576;

/** What a set keeps of a value: lists and bags with the same content are the same. */
function identity(value: Value): Value {
  return typeof value === 'object' ? keyOf([value]) : value;
}

/** Exact, where Kusto estimates; within its documented error the two are the same for a few thousand values. */
const distinctCount: Folding = {
  gives: () => 'long',
  start: () => {
    const seen = new Set<Value>();
    return { add: (value) => void seen.add(identity(value)), result: () => seen.size };
  },
};

const counting = (conditional: boolean): AggregateFunction => {
  return ({ call, compile }) => {
    checkCount(call, conditional ? 1 : 0, conditional ? 1 : 0);
    const condition = conditional ? conditionOf(call, 0, compile) : undefined;
    return {
      columns: [{ name: undefined, type: 'long' }],
      start: () => {
        let count = 0;
        return {
          add: (frame) => {
            if (!condition || condition.evaluate(frame) === true) count++;
          },
          results: () => [count],
        };
      },
    };
  };
};

/** `make_set`, `make_list`: the values in the order they come, a set without repetition, up to a size. */
const collecting = (kind: 'set' | 'list', conditional: boolean): AggregateFunction => {
  return ({ call, compile }) => {
    const least = conditional ? 2 : 1;
    checkCount(call, least, least + 1);
    const value = argument(call, 0, compile);
    const condition = conditional ? conditionOf(call, 1, compile) : undefined;
    const limit = call.args[least];
    const most = limit ? constantNumber(call, limit, compile) : maxElements;
    return {
      columns: [{ name: undefined, type: 'dynamic' }],
      start: () => {
        const elements: Value[] = [];
        const seen = new Set<Value>();
        return {
          add: (frame) => {
            if (elements.length >= most || (condition && condition.evaluate(frame) !== true)) return;
            const each = toDynamic(value.evaluate(frame), value.type);
            if (each === null) return;
            if (kind === 'set') {
              const key = identity(each);
              if (seen.has(key)) return;
              seen.add(key);
            }
            elements.push(each);
          },
          results: () => [elements],
        };
      },
    };
  };
};

/** Aggregates that count or collect. */
export const countingAggregates: Readonly<Record<string, AggregateFunction>> = {
  count: counting(false),
  countif: counting(true),
  dcount: folding(distinctCount, { extra: 1 }),
  dcountif: folding(distinctCount, { conditional: true, extra: 1 }),
  count_distinct: folding(distinctCount),
  count_distinctif: folding(distinctCount, { conditional: true }),
  make_set: collecting('set', false),
  make_set_if: collecting('set', true),
  make_list: collecting('list', false),
  make_list_if: collecting('list', true),
};
