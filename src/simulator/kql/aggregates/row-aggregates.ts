import { argument, type AggregateContext, type AggregateFunction } from './aggregation.ts';
import { derivedName } from '../expressions/column-names.ts';
import { semanticFault } from '../fault.ts';
import { checkCount } from '../expressions/parameters.ts';
import type { Compiled } from '../expressions/scope.ts';
import { absent, compareValues, type Value } from '../values.ts';

interface Kept {
  readonly name: string | undefined;
  readonly value: Compiled;
}

/** The values to keep of a row: those of the arguments from `first` on, `*` being all columns but `except`. */
function keptOf({ call, compile, others }: AggregateContext, first: number, except?: string): readonly Kept[] {
  const args = call.args.slice(first);
  if (args.length > 1 && args.some(({ kind }) => kind === 'star'))
    throw semanticFault(call.at, `The * of ${call.name}() stands for all columns: nothing goes beside it.`);
  return args.flatMap((each) => {
    if (each.kind !== 'star') return [{ name: derivedName(each), value: compile(each) }];
    return others
      .filter((column) => column.name !== except)
      .map(({ name }) => ({ name, value: compile({ kind: 'name', name, at: each.at }) }));
  });
}

/** `arg_max(x, a, b)`: the greatest `x`, and what `a` and `b` are in that row; of equal rows the first. */
const extremeRow = (better: (order: number) => boolean, prefix: string): AggregateFunction => {
  return (context) => {
    const { call, compile } = context;
    checkCount(call, 2, 64);
    const by = argument(call, 0, compile);
    if (by.type === 'dynamic') throw semanticFault(call.at, `${call.name}() cannot order dynamic values.`);
    const first = call.args[0] ? derivedName(call.args[0]) : undefined;
    const kept = keptOf(context, 1, first);
    return {
      columns: [
        { name: first ?? `${prefix}_`, type: by.type },
        ...kept.map(({ name, value }, i) => ({
          name: name ?? `${prefix}_${first ?? ''}_arg${i + 1}`,
          type: value.type,
        })),
      ],
      start: () => {
        let best: Value = null;
        let values: readonly Value[] = kept.map(({ value }) => absent(value.type));
        return {
          add: (frame) => {
            const each = by.evaluate(frame);
            if (each === null || (best !== null && !better(compareValues(each, best)))) return;
            best = each;
            values = kept.map(({ value }) => value.evaluate(frame));
          },
          results: () => [best ?? absent(by.type), ...values],
        };
      },
    };
  };
};

/** `take_any(a, b)`: the values of one row, here the first; of a single column the first that is neither null nor empty. */
const anyRow: AggregateFunction = (context) => {
  const { call } = context;
  checkCount(call, 1, call.name === 'any' ? 1 : 64);
  const kept = keptOf(context, 0);
  const [only] = kept;
  return {
    columns: kept.map(({ name, value }, i) => ({
      name: call.name === 'any' && call.args[0]?.kind !== 'star' ? undefined : (name ?? `any_arg${i}`),
      type: value.type,
    })),
    start: () => {
      let values: readonly Value[] | undefined;
      return {
        add: (frame) => {
          const found = values?.[0];
          if (values && (kept.length > 1 || (found !== null && found !== ''))) return;
          values =
            kept.length === 1 && only ? [only.value.evaluate(frame)] : kept.map(({ value }) => value.evaluate(frame));
        },
        results: () => values ?? kept.map(({ value }) => absent(value.type)),
      };
    },
  };
};

/** Aggregates that pick a row. */
export const rowAggregates: Readonly<Record<string, AggregateFunction>> = {
  arg_max: extremeRow((order) => order > 0, 'max'),
  arg_min: extremeRow((order) => order < 0, 'min'),
  take_any: anyRow,
  any: anyRow,
};
