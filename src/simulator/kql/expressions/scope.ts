import type { EpochMs } from '../../../time/time.ts';
import type { Call, Expression, Pipeline } from '../syntax/tree.ts';
import type { Column, KustoType, Row, Value } from '../values.ts';

/** Where an expression is evaluated: a row, and the rows around it for `prev()` and `next()`. */
export interface Frame {
  readonly rows: readonly Row[];
  at: number;
}

/** An expression that was found to make sense: its type, and how it is evaluated. */
export interface Compiled {
  readonly type: KustoType;
  /** Whether it is the same for every row. */
  readonly constant: boolean;
  readonly evaluate: (frame: Frame) => Value;
}

/** A tabular expression that was found to make sense: its columns are known, its rows come when they are asked for. */
export interface Plan {
  readonly columns: readonly Column[];
  /** Whether its rows have an order that `prev()` may rely on. */
  readonly serialized: boolean;
  readonly rows: () => readonly Row[];
}

export type Binding =
  { readonly kind: 'scalar'; readonly value: Compiled } | { readonly kind: 'table'; readonly plan: Plan };

/** A part of a `where` that can be tried before there are rows: it looks at no columns but these. */
export interface Condition {
  readonly columns: ReadonlySet<string>;
  /** @param row in the order of the table's columns; only those named count */
  readonly holds: (row: Row) => boolean;
}
/** What a query will keep of a table, at most. The table may leave out what does not fit; the query filters again. */
export interface Narrowing {
  /** Bounds of the time column, both inclusive. */
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly conditions: readonly Condition[];
}

/** A table that is there before the query: its columns, and its rows when they are asked for. */
export interface SourceTable {
  readonly columns: readonly Column[];
  readonly timeColumn: string;
  readonly read: (narrowing: Narrowing) => readonly Row[];
}

/** What holds throughout a query. */
export interface Environment {
  readonly now: EpochMs;
  readonly tables: ReadonlyMap<string, SourceTable>;
  /** What `let` has named so far. */
  readonly bindings: Map<string, Binding>;
  readonly plan: (pipeline: Pipeline) => Plan;
}

/** What an expression may refer to. */
export interface Scope {
  readonly environment: Environment;
  readonly columns: readonly Column[];
  readonly serialized: boolean;
  /** The value of an aggregate, where aggregates are allowed; `undefined` for a call that is none. */
  readonly aggregate?: (call: Call) => Compiled | undefined;
}

export type Compile = (expression: Expression) => Compiled;

const nowhere: Frame = { rows: [], at: 0 };

/** The value of an expression that is the same everywhere. */
export function constantOf(compiled: Compiled): Value {
  return compiled.evaluate(nowhere);
}

export function visible(columns: readonly Column[]): readonly Column[] {
  return columns.filter((column) => !column.hidden);
}

/** Rows that an operator may give; enough for every query on the log, and soon enough reached by one that explodes. */
export const maxRows = 500_000;
