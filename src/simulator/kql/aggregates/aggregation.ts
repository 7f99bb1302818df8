import { semanticFault } from '../fault.ts';
import { checkCount } from '../expressions/parameters.ts';
import { constantOf, type Compile, type Compiled, type Frame } from '../expressions/scope.ts';
import type { Call, Expression } from '../syntax/tree.ts';
import type { Column, KustoType, Value } from '../values.ts';

/** What one group of rows comes to, collected row by row. */
export interface Collector {
  readonly add: (frame: Frame) => void;
  /** One value for each of the aggregate's columns. */
  readonly results: () => readonly Value[];
}

/** A call such as `dcount(device)` that was found to make sense; most give one column, `arg_max` gives several. */
export interface CompiledAggregate {
  /** A name is missing where Kusto derives it from the call, like that of any other expression. */
  readonly columns: readonly { readonly name: string | undefined; readonly type: KustoType }[];
  readonly start: () => Collector;
}

export interface AggregateContext {
  readonly call: Call;
  readonly compile: Compile;
  /** What `*` stands for: the columns that the rows are not grouped by. */
  readonly others: readonly Column[];
}
export type AggregateFunction = (context: AggregateContext) => CompiledAggregate;

/** How the values of one argument come to one value. Rows whose value is null are left out. */
export interface Folding {
  readonly gives: (type: KustoType) => KustoType | undefined;
  readonly start: (type: KustoType) => { readonly add: (value: Value) => void; readonly result: () => Value };
}

/**
 * An aggregate over the values of its first argument; `conditional` ones look at their second, a bool, first.
 * @param extra how many more arguments there may be, which the folding is not told
 */
export function folding(fold: Folding, { conditional = false, extra = 0 } = {}): AggregateFunction {
  return ({ call, compile }) => {
    const least = conditional ? 2 : 1;
    checkCount(call, least, least + extra);
    const value = argument(call, 0, compile);
    const condition = conditional ? conditionOf(call, 1, compile) : undefined;
    const type = fold.gives(value.type);
    if (type === undefined) throw semanticFault(call.at, `${call.name}() does not take a ${value.type}.`);
    return {
      columns: [{ name: undefined, type }],
      start: () => {
        const state = fold.start(value.type);
        return {
          add: (frame) => {
            if (condition && condition.evaluate(frame) !== true) return;
            const each = value.evaluate(frame);
            if (each !== null) state.add(each);
          },
          results: () => [state.result()],
        };
      },
    };
  };
}

export function argument(call: Call, index: number, compile: Compile): Compiled {
  const found = call.args[index];
  if (!found) throw semanticFault(call.at, `${call.name}() lacks its argument ${index + 1}.`);
  return compile(found);
}

export function conditionOf(call: Call, index: number, compile: Compile): Compiled {
  const condition = argument(call, index, compile);
  if (condition.type === 'bool') return condition;
  throw semanticFault(call.at, `${call.name}() takes a bool as its argument ${index + 1}, not a ${condition.type}.`);
}

/** A number that is the same for all rows, such as the 95 of `percentile(x, 95)`. */
export function constantNumber(call: Call, argument: Expression, compile: Compile): number {
  const compiled = compile(argument);
  const value = compiled.constant ? constantOf(compiled) : null;
  if (typeof value !== 'number') throw semanticFault(argument.at, `${call.name}() takes a constant number here.`);
  return value;
}
