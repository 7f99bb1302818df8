import type { KustoType, Value } from '../values.ts';

/** Every node knows the offset in the query where it begins. */
interface Node {
  readonly at: number;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly type: KustoType;
  readonly value: Value;
}
interface Name extends Node {
  readonly kind: 'name';
  readonly name: string;
}
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}
export interface Binary extends Node {
  readonly kind: 'binary';
  /** An arithmetic sign, a comparison, or a word such as `has`; those that deny begin with `!`. */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Between extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly of: Expression;
  readonly from: Expression;
  readonly to: Expression;
}

export type Expression =
  | Literal
  | Name
  | Call
  | Binary
  | Between
  /** `of.name` or `of['name']`, `of[0]`. */
  | (Node & { readonly kind: 'element'; readonly of: Expression; readonly key: Expression })
  | (Node & { readonly kind: 'minus'; readonly of: Expression })
  | (Node & { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly parts: readonly Expression[] })
  /** `in`, `!in`, `in~`, `!in~`, `has_any`, `has_all`. */
  | (Node & {
      readonly kind: 'in';
      readonly operator: string;
      readonly of: Expression;
      readonly items: readonly Expression[];
    })
  /** A query as a value: of `toscalar(…)` and `in (…)`. */
  | (Node & { readonly kind: 'query'; readonly query: Pipeline })
  /** `typeof(long)`. */
  | (Node & { readonly kind: 'typeof'; readonly type: KustoType })
  /** The `*` of `arg_max(at, *)`. */
  | (Node & { readonly kind: 'star' });

/** `name = expression`, `(a, b) = expression` or an expression alone. */
export interface Assignment extends Node {
  readonly names: readonly string[];
  readonly value: Expression;
}
/** A column, or several as `name*`. */
export interface ColumnPattern extends Node {
  readonly pattern: string;
}
export interface SortKey extends Node {
  readonly by: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
/** `on name`, or `on $left.name == $right.name`. */
export interface JoinKey extends Node {
  readonly left: string;
  readonly right: string;
}
export type JoinKind = 'inner' | 'innerunique' | 'leftouter' | 'leftsemi' | 'leftanti';

export type Operator = Node &
  (
    | { readonly kind: 'where'; readonly predicate: Expression }
    | { readonly kind: 'extend' | 'project' | 'serialize' | 'distinct'; readonly columns: readonly Assignment[] }
    | { readonly kind: 'project-away' | 'project-keep'; readonly patterns: readonly ColumnPattern[] }
    | { readonly kind: 'project-rename'; readonly columns: readonly Assignment[] }
    | { readonly kind: 'summarize'; readonly columns: readonly Assignment[]; readonly by: readonly Assignment[] }
    | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
    | { readonly kind: 'top'; readonly count: Expression; readonly key: SortKey }
    | { readonly kind: 'take'; readonly count: Expression }
    | { readonly kind: 'count' }
    | {
        readonly kind: 'join';
        readonly flavor: JoinKind;
        readonly right: Pipeline;
        readonly keys: readonly JoinKey[];
      }
    | { readonly kind: 'union'; readonly tables: readonly Pipeline[] }
    | {
        readonly kind: 'mv-expand';
        readonly columns: readonly (Assignment & { readonly type?: KustoType | undefined })[];
        readonly limit: Expression | undefined;
      }
  );

export type Source = Node &
  (
    | { readonly kind: 'table'; readonly name: string }
    | { readonly kind: 'group' | 'materialize'; readonly of: Pipeline }
    | { readonly kind: 'union'; readonly tables: readonly Pipeline[] }
    | { readonly kind: 'print'; readonly columns: readonly Assignment[] }
    | {
        readonly kind: 'range';
        readonly name: string;
        readonly from: Expression;
        readonly to: Expression;
        readonly step: Expression;
      }
    | {
        readonly kind: 'datatable';
        readonly columns: readonly { readonly name: string; readonly type: KustoType }[];
        readonly values: readonly Expression[];
      }
  );

export interface Pipeline extends Node {
  readonly source: Source;
  readonly operators: readonly Operator[];
}

export interface LetStatement extends Node {
  readonly name: string;
  readonly value: Expression | Pipeline;
}

export interface Query {
  readonly lets: readonly LetStatement[];
  readonly body: Pipeline;
}
