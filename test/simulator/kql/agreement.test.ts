import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { KqlFault } from '../../../src/simulator/kql/fault.ts';
import { runQuery } from '../../../src/simulator/kql/run-query.ts';
import type { Column, KustoType } from '../../../src/simulator/kql/values.ts';
import { analyzeKusto } from '../../fixtures/kusto-parser.ts';
import { kustoNow, tablesOf } from '../../fixtures/run-kusto.ts';

const types: Readonly<Record<string, KustoType>> = {
  s: 'string',
  i: 'int',
  n: 'long',
  r: 'real',
  d: 'datetime',
  u: 'timespan',
  b: 'bool',
  y: 'dynamic',
};
const T = Object.entries(types).map(([name, type]): Column => ({ name, type }));
const U: readonly Column[] = [
  { name: 's', type: 'string' },
  { name: 'n', type: 'long' },
  { name: 'w', type: 'real' },
];
const schemas = { T, U };
const tables = tablesOf({ T: { columns: T, rows: [] }, U: { columns: U, rows: [] } });

/** Text with a hole for each part, filled at random. */
const filled = (template: string, parts: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> => {
  const holes = template.split(/<(\w+)>/);
  return fc
    .tuple(...holes.map((hole, i) => (i % 2 === 1 ? (parts[hole] ?? fc.constant('')) : fc.constant(hole))))
    .map((texts) => texts.join(''));
};
const among = (
  templates: readonly string[],
  parts: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<string> =>
  fc.oneof({ maxDepth: 4, withCrossShrink: true }, ...templates.map((template) => filled(template, parts)));

/** Expressions of every type, each from a list of shapes whose holes are expressions again. */
const expressions = fc.letrec<Record<string, string>>((tie) => {
  const parts = Object.fromEntries(['s', 'n', 'r', 'd', 'u', 'b', 'y'].map((name) => [name, tie(name)]));
  const shapes: Readonly<Record<string, readonly string[]>> = {
    s: [
      's',
      '"x"',
      'tostring(<y>)',
      'tostring(<n>)',
      'tolower(<s>)',
      'strcat(<s>, <n>)',
      'substring(<s>, 0, <n>)',
      'iff(<b>, <s>, <s>)',
      'case(<b>, <s>, <s>)',
      'extract("a(b)", 1, <s>)',
      'format_datetime(<d>, "yyyy-MM")',
      'coalesce(<s>, <s>)',
    ],
    n: [
      'n',
      'i',
      '5',
      '-<n>',
      '<n> + <n>',
      '<n> / <n>',
      'strlen(<s>)',
      'tolong(<s>)',
      'toint(<y>)',
      'bin(<n>, 5)',
      'round(<n>)',
      'array_length(y)',
      'datetime_diff("day", <d>, <d>)',
      'iff(<b>, <n>, <n>)',
      'abs(<n>)',
      'max_of(<n>, <n>)',
      'indexof(<s>, <s>)',
    ],
    r: [
      'r',
      '2.5',
      '<r> * <n>',
      '<u> / <u>',
      'todouble(<n>)',
      'round(<r>, 1)',
      'bin(<r>, 0.5)',
      'iff(<b>, <r>, real(null))',
      'sqrt(<n>)',
      '<n> % <r>',
    ],
    d: [
      'd',
      'now()',
      'ago(<u>)',
      'datetime(2026-03-10)',
      '<d> + <u>',
      '<d> - <u>',
      'bin(<d>, 5m)',
      'startofday(<d>)',
      'todatetime(<s>)',
    ],
    u: ['u', '5m', '<d> - <d>', '<u> * <n>', '<u> / <r>', '<u> + <u>', 'bin(<u>, 1m)', 'totimespan(<s>)', '-<u>'],
    b: [
      'b',
      'true',
      '<n> > <r>',
      '<s> == <s>',
      '<y> == <s>',
      '<d> >= <d>',
      '<u> < <u>',
      '<b> and <b>',
      '<b> or <b>',
      'not(<b>)',
      '<s> has <s>',
      '<y> contains "x"',
      '<s> !startswith "x"',
      '<s> =~ <s>',
      '<s> matches regex "x+"',
      '<s> in ("a", <s>)',
      '<n> !in (1, <n>)',
      '<s> in~ ("a")',
      '<s> has_any ("a", "b")',
      '<n> between (1 .. <n>)',
      '<d> between (ago(1h) .. <d>)',
      'isempty(<s>)',
      'isnotempty(<y>)',
      'isnull(<n>)',
      '<s> in ((U | project s))',
      '<y> > 5',
    ],
    y: [
      'y',
      'y.a',
      'y["b c"]',
      'y[0]',
      'y.a.b',
      'parse_json(<s>)',
      'parse_json(<s>).a',
      'dynamic([1, "a"])',
      'split(<s>, ",")',
      'pack_array(<n>, <s>)',
      'bag_keys(y)',
      'todynamic(<s>)',
    ],
  };
  return Object.fromEntries(
    Object.entries(shapes).map(([name, templates]) => [
      name,
      // In brackets where it is not a single piece, so that the holes keep their bounds.
      among(templates, parts).map((text) =>
        /^[\w."[\]() -]*$/.test(text) && !text.includes(' ') ? text : `(${text})`,
      ),
    ]),
  );
});

const { s, n, r, d, u, b, y } = expressions as Record<string, fc.Arbitrary<string>>;
const scalar = { s, n, r, d, u, b, y } as Readonly<Record<string, fc.Arbitrary<string>>>;
const any = fc.oneof(...Object.values(scalar));
const key = fc.oneof(...['s', 'n', 'd', 'u', 'b'].map((name) => scalar[name] ?? fc.constant('s')));
const name = fc.constantFrom('', 'a1 = ', 'b1 = ', 'c1 = ', 's = ', "['c d'] = ");
const aggregate = among(
  [
    'count()',
    'countif(<b>)',
    'dcount(<s>)',
    'sum(<n>)',
    'avg(<r>)',
    'min(<d>)',
    'max(<n>)',
    'stdev(<r>)',
    'percentile(<n>, 95)',
    'make_set(<s>, 5)',
    'make_set_if(<s>, <b>)',
    'make_list(<n>)',
    'take_any(<s>)',
    'take_any(s, n)',
    'arg_max(<d>, <s>)',
    'arg_min(d, *)',
    'sumif(<n>, <b>)',
    'round(avg(<n>), 1)',
    'count() / 2',
    'tostring(make_set(<s>))',
    'iff(count() > 1, "a", "b")',
    'percentiles(n, 5, 95)',
  ],
  scalar,
);
const parts = { ...scalar, any, key, name, aggregate };
const operator = among(
  [
    'where <b>',
    'extend <name><any>',
    'extend <name><any>, <name><any>',
    'project <name><any>, <name><any>, d, y',
    'project-away r',
    'project-keep s*, n, d, b',
    'summarize by <name><key>, <name><key>',
    'join kind=leftanti U on n',
    'extend p = column_ifexists("s", "x"), <name>toscalar(U | count)',
    'where n in (U | project n) and s has_any (dynamic(["a"]))',
    'project-rename q = n',
    'summarize <name><aggregate> by <name><key>',
    'summarize <name><aggregate>, <name><aggregate>',
    'summarize <name><aggregate>, <name><aggregate> by s, <name><key>',
    'sort by <key> asc, n desc nulls first',
    'top 5 by <key>',
    'take 5',
    'count',
    'distinct s, n',
    'join U on s',
    'join kind=leftouter (U | where n > 1) on s, n',
    'join kind=inner U on $left.n == $right.n',
    'union U',
    'mv-expand y',
    'mv-expand z = <y> to typeof(string)',
    'serialize k = row_number()',
    'sort by n asc | extend p = prev(n)',
  ],
  parts,
);
const source = among(
  [
    'T',
    '(T | where <b>)',
    'let k = <constant>;\nT | where n > k',
    'let V = materialize(T | where <b>);\nV',
    'union T, U',
    'union (T | take 1), T',
  ],
  {
    b: scalar['b'] ?? fc.constant('b'),
    constant: fc.constantFrom('5', '1 + 1', 'toscalar(U | summarize max(n))', 'strlen("abc")'),
  },
);
const query = fc
  .tuple(source, fc.array(operator, { minLength: 1, maxLength: 3 }))
  .map(([from, operators]) => [from, ...operators].join('\n| '));

describe('the stand-in and Kusto itself', () => {
  let taken = 0;
  let refused = 0;
  test.prop([query], { numRuns: 400, seed: 20260310 })(
    'what the stand-in takes, Kusto takes, with the same columns',
    (text) => {
      let columns: readonly Column[];
      try {
        ({ columns } = runQuery(text, tables, kustoNow));
      } catch (error) {
        if (!(error instanceof KqlFault)) throw error;
        refused++;
        return;
      }
      taken++;
      const kusto = analyzeKusto(text, schemas);
      expect(kusto.faults).toEqual([]);
      expect(columns).toEqual(kusto.columns);
    },
  );
  test('which is most of what was tried', () => {
    expect(taken).toBeGreaterThan(refused);
  });
});
