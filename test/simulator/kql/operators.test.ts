import { describe, expect, it } from 'vitest';
import { recordsOf, rowsOf, tablesOf } from '../../fixtures/run-kusto.ts';

const readings = `
let readings = datatable(device: string, minute: long, value: real) [
  "a", 1, 10.0,
  "b", 1, 20.0,
  "a", 2, real(null),
  "c", 3, 5.0,
  "a", 3, 30.0];
readings `;
const owners = `
let owners = datatable(device: string, owner: string) ["a", "ann", "a", "art", "d", "dan"];
${readings}`;

interface Case {
  readonly of: string;
  readonly query: string;
  readonly rows: readonly (readonly unknown[])[];
}
function gives(cases: readonly Case[]): void {
  it.each(cases)('$of', ({ query, rows }) => {
    expect(rowsOf(query)).toEqual(rows);
  });
}

describe('where', () => {
  gives([
    { of: 'keeps what is true', query: `${readings}| where value > 9 | project device`, rows: [['a'], ['b'], ['a']] },
    { of: 'drops what is unknown', query: `${readings}| where value != 10 or value < 0 | count`, rows: [[4]] },
    { of: 'may come again', query: `${readings}| where device == "a" | where minute > 2 | count`, rows: [[1]] },
    { of: 'sees variables', query: `let least = 15; ${readings}| where value >= least | count`, rows: [[2]] },
    {
      of: 'prefers a column to a variable',
      query: `let minute = 99; ${readings}| where minute == 3 | count`,
      rows: [[2]],
    },
  ]);
});

describe('extend and project', () => {
  gives([
    {
      of: 'extend adds at the end, and replaces in place',
      query: `${readings}| extend minute = minute * 10, twice = value * 2 | take 1`,
      rows: [['a', 10, 10, 20]],
    },
    {
      of: 'project gives these columns alone',
      query: `${readings}| project late = minute > 2, device | take 1`,
      rows: [[false, 'a']],
    },
    { of: 'project-away takes patterns', query: `${readings}| project-away dev*, value | take 1`, rows: [[1]] },
    { of: 'project-keep too', query: `${readings}| project-keep v*, minute | take 1`, rows: [[1, 10]] },
    {
      of: 'project-rename keeps the order',
      query: `${readings}| project-rename at = minute | where at == 2 | project at, device`,
      rows: [[2, 'a']],
    },
  ]);

  it('names what has no name as Kusto does', () => {
    const query =
      'datatable(s: string, y: dynamic)["a", dynamic({"b": {"c": 1}})] | project strlen(s), y.b.c, tostring(y.b), s';
    expect(recordsOf(query)).toEqual([{ strlen_s: 1, y_b_c: 1, y_b: '{"c":1}', s: 'a' }]);
  });
});

describe('sort, top and take', () => {
  gives([
    {
      of: 'sort goes down by default, nulls last',
      query: `${readings}| sort by value | project value`,
      rows: [[30], [20], [10], [5], [null]],
    },
    {
      of: 'up with nulls first, unless told otherwise',
      query: `${readings}| order by value asc nulls last | project value`,
      rows: [[5], [10], [20], [30], [null]],
    },
    {
      of: 'several keys, each in its direction',
      query: `${readings}| sort by device asc, minute desc | project device, minute`,
      rows: [
        ['a', 3],
        ['a', 2],
        ['a', 1],
        ['b', 1],
        ['c', 3],
      ],
    },
    { of: 'top sorts and takes', query: `${readings}| top 2 by value | project value`, rows: [[30], [20]] },
    { of: 'top from the bottom', query: `${readings}| top 1 by value asc nulls last | project value`, rows: [[5]] },
    { of: 'take', query: `let n = 1; ${readings}| take n + 1 | project minute`, rows: [[1], [1]] },
    { of: 'limit is take', query: `${readings}| limit 0`, rows: [] },
  ]);
});

describe('summarize', () => {
  gives([
    {
      of: 'groups in the order of appearance',
      query: `${readings}| summarize count(), sum(value) by device`,
      rows: [
        ['a', 3, 40],
        ['b', 1, 20],
        ['c', 1, 5],
      ],
    },
    {
      of: 'by an expression, and by bins',
      query: `${readings}| summarize n = count() by late = minute > 2, bin(minute, 2)`,
      rows: [
        [false, 0, 2],
        [false, 2, 1],
        [true, 2, 2],
      ],
    },
    {
      of: 'without a key gives one row',
      query: `${readings}| where false | summarize count(), max(value)`,
      rows: [[0, null]],
    },
    { of: 'with a key gives none of none', query: `${readings}| where false | summarize count() by device`, rows: [] },
    { of: 'by alone is distinct', query: `${readings}| summarize by minute`, rows: [[1], [2], [3]] },
    {
      of: 'calculates with aggregates',
      query: `${readings}| summarize share = round(100.0 * countif(device == "a") / count(), 1), mean = avg(value) + 1`,
      rows: [[60, 17.25]],
    },
    {
      of: 'keeps null apart as a key',
      query: `${readings}| summarize count() by high = value > 9`,
      rows: [
        [true, 3],
        [null, 1],
        [false, 1],
      ],
    },
  ]);
});

describe('distinct and count', () => {
  gives([
    { of: 'distinct columns', query: `${readings}| distinct device`, rows: [['a'], ['b'], ['c']] },
    { of: 'distinct *', query: `${readings}| project minute | distinct *`, rows: [[1], [2], [3]] },
    { of: 'count', query: `${readings}| count`, rows: [[5]] },
  ]);
});

describe('join', () => {
  const minute1 = `${owners}| where minute == 1 | join`;
  gives([
    {
      of: 'innerunique by default: the first left row of a key',
      query: `${owners}| join owners on device | project device, minute, owner`,
      rows: [
        ['a', 1, 'ann'],
        ['a', 1, 'art'],
      ],
    },
    { of: 'inner: all of them', query: `${owners}| join kind=inner owners on device | count`, rows: [[6]] },
    {
      of: 'leftouter: also what finds nothing, with empty columns',
      query: `${minute1} kind=leftouter owners on device`,
      rows: [
        ['a', 1, 10, 'a', 'ann'],
        ['a', 1, 10, 'a', 'art'],
        ['b', 1, 20, '', ''],
      ],
    },
    { of: 'leftsemi', query: `${minute1} kind=leftsemi owners on device`, rows: [['a', 1, 10]] },
    { of: 'leftanti', query: `${minute1} kind=leftanti owners on device`, rows: [['b', 1, 20]] },
    {
      of: 'keys of different names, and a query on the right',
      query: `${minute1} kind=inner (owners | where owner == "art" | project who = device, owner) on $left.device == $right.who`,
      rows: [['a', 1, 10, 'a', 'art']],
    },
    {
      of: 'several keys',
      query: `${readings}| join kind=inner readings on device, minute | count`,
      rows: [[5]],
    },
    {
      of: 'a null key is equal to none',
      query: `${readings}| join kind=inner readings on value | count`,
      rows: [[4]],
    },
  ]);

  it('numbers columns of the same name', () => {
    const query = `let t = datatable(k: long, k1: long)[1, 2]; t | join kind=inner t on k`;
    expect(recordsOf(query)).toEqual([{ k: 1, k1: 2, k2: 1, k11: 2 }]);
  });
});

describe('union', () => {
  gives([
    { of: 'one after the other', query: 'union (print a = 1), (print a = 2)', rows: [[1], [2]] },
    {
      of: 'columns by name; what is missing is null, a string empty',
      query: 'print a = 1 | union (print b = "x", c = 2)',
      rows: [
        [1, '', null],
        [null, 'x', 2],
      ],
    },
    {
      of: 'of one name and two types stay apart',
      query: 'union (print a = 1), (print a = "x")',
      rows: [
        [1, ''],
        [null, 'x'],
      ],
    },
  ]);
});

describe('mv-expand', () => {
  const lists = 'datatable(n: long, list: dynamic)[1, dynamic(["a", "b"]), 2, dynamic([]), 3, dynamic(null)] ';
  gives([
    {
      of: 'a row for each element, one for null, none for an empty list',
      query: `${lists}| mv-expand list`,
      rows: [
        [1, 'a'],
        [1, 'b'],
        [3, null],
      ],
    },
    {
      of: 'of a type, under a new name, limited',
      query: `${lists}| mv-expand element = list to typeof(string) limit 1 | project n, element`,
      rows: [
        [1, 'a'],
        [3, ''],
      ],
    },
    {
      of: 'side by side',
      query: 'print a = dynamic([1, 2]), b = dynamic([3]) | mv-expand a to typeof(long), b to typeof(long)',
      rows: [
        [1, 3],
        [2, null],
      ],
    },
    {
      of: 'a bag by its members',
      query: 'print a = dynamic({"x": 1, "y": 2}) | mv-expand a',
      rows: [[{ x: 1 }], [{ y: 2 }]],
    },
  ]);
});

describe('serialize, prev and next', () => {
  gives([
    {
      of: 'look at the rows around',
      query: `${readings}| sort by minute asc, device asc | extend p = prev(device), n = next(minute, 1, -1), r = row_number() | project p, n, r`,
      rows: [
        ['', 1, 1],
        ['a', 2, 2],
        ['b', 3, 3],
        ['a', 3, 4],
        ['a', -1, 5],
      ],
    },
    {
      of: 'serialize takes the order as it is',
      query: `${readings}| serialize before = prev(minute, 2) | project before`,
      rows: [[null], [null], [1], [1], [2]],
    },
  ]);
});

describe('sources', () => {
  gives([
    { of: 'print', query: 'print 1, b = "x"', rows: [[1, 'x']] },
    { of: 'range of numbers', query: 'range x from 5 to 1 step -2', rows: [[5], [3], [1]] },
    {
      of: 'range of times',
      query: 'range x from 0h to 1h step 30m | project m = x / 1m',
      rows: [[0], [30], [60]],
    },
    { of: 'a query in parentheses', query: '(print a = 1) | extend b = a', rows: [[1, 1]] },
    {
      of: 'a materialized one',
      query: 'let m = materialize(range x from 1 to 3 step 1); m | join m on x | count',
      rows: [[3]],
    },
    { of: 'a variable that names a variable', query: 'let a = print x = 1; let b = a; b', rows: [[1]] },
  ]);

  it('reads a table when it is asked for, and only what is visible of it', () => {
    const columns = [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: '$IngestionTime', type: 'datetime' as const, hidden: true as const },
    ];
    const tables = tablesOf({ Log: { columns, rows: [[1_000, 61_000]] } });
    expect(rowsOf('Log', tables)).toEqual([[1_000]]);
    expect(rowsOf('Log | extend late = ingestion_time() - TimeGenerated | project late', tables)).toEqual([[60_000]]);
    expect(rowsOf('union Log, Log | count', tables)).toEqual([[2]]);
    expect(rowsOf('Log | project-away TimeGenerated', tables)).toEqual([[]]);
  });
});
