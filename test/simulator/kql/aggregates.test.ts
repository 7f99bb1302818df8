import { describe, expect, it } from 'vitest';
import { recordsOf, rowsOf } from '../../fixtures/run-kusto.ts';

const items = `datatable(k: string, n: long, r: real, at: datetime, u: timespan, s: string) [
  "a", 3, 1.5, datetime(2026-03-10 09:00), 1m, "x",
  "a", 1, real(null), datetime(2026-03-10 09:02), 3m, "",
  "b", 2, 4.5, datetime(2026-03-10 09:01), 2m, "y",
  "b", 2, 3.0, datetime(null), timespan(null), "x"] `;
const empty = `${items}| where false `;
const at = (time: string): number => Date.parse(`2026-03-10T${time}:00Z`);

describe('aggregates', () => {
  it.each<readonly [call: string, value: unknown, ofNothing: unknown]>([
    ['count()', 4, 0],
    ['countif(n > 1)', 3, 0],
    ['dcount(n)', 3, 0],
    ['dcount(s)', 3, 0],
    ['dcount(at)', 3, 0],
    ['dcountif(s, k == "b")', 2, 0],
    ['count_distinct(k)', 2, 0],
    ['sum(n)', 8, 0],
    ['sum(r)', 9, 0],
    ['sum(u)', 360_000, 0],
    ['sumif(n, k == "a")', 4, 0],
    ['min(n)', 1, null],
    ['max(r)', 4.5, null],
    ['min(s)', '', ''],
    ['max(s)', 'y', ''],
    ['max(at)', at('09:02'), null],
    ['minif(n, k == "b")', 2, null],
    ['avg(n)', 2, Number.NaN],
    ['avg(r)', 3, Number.NaN],
    ['avg(u)', 120_000, null],
    ['avg(at)', at('09:01'), null],
    ['stdev(r)', 1.5, 0],
    ['stdevif(r, r > 4)', 0, 0],
    ['percentile(n, 50)', 2, null],
    ['percentile(n, 100)', 3, null],
    ['percentile(n, 0)', 1, null],
    ['percentile(u, 67)', 180_000, null],
    ['make_set(k)', ['a', 'b'], []],
    ['make_set(s, 2)', ['x', ''], []],
    ['make_set_if(n, k == "a")', [3, 1], []],
    ['make_list(n, 3)', [3, 1, 2], []],
    ['make_list(u)', ['00:01:00', '00:03:00', '00:02:00'], []],
    ['make_list_if(s, n == 2)', ['y', 'x'], []],
    ['take_any(s)', 'x', ''],
    ['any(n)', 3, null],
  ])('%s', (call, value, ofNothing) => {
    expect(rowsOf(`${items}| summarize x = ${call}`)).toEqual([[value]]);
    expect(rowsOf(`${empty}| summarize x = ${call}`)).toEqual([[ofNothing]]);
  });

  it('take_any of one column looks for a value that is not empty', () => {
    expect(rowsOf(`${items}| sort by n asc | summarize take_any(s)`)).toEqual([['y']]);
  });

  it('several columns of one row', () => {
    expect(recordsOf(`${items}| summarize arg_max(at, n, s), arg_min(n, *) by k`)).toEqual([
      { k: 'a', at: at('09:02'), n: 1, s: '', n1: 1, r: null, at1: at('09:02'), u: 180_000, s1: '' },
      { k: 'b', at: at('09:01'), n: 2, s: 'y', n1: 2, r: 4.5, at1: at('09:01'), u: 120_000, s1: 'y' },
    ]);
    expect(recordsOf(`${items}| summarize (latestAt, what) = arg_max(at, s)`)).toEqual([
      { latestAt: at('09:02'), what: '' },
    ]);
    expect(recordsOf(`${items}| summarize take_any(k, n)`)).toEqual([{ k: 'a', n: 3 }]);
    expect(recordsOf(`${items}| summarize percentiles(n, 25, 99.5)`)).toEqual([
      { percentile_n_25: 1, percentile_n_99_5: 3 },
    ]);
  });

  it('names what has no name as Kusto does', () => {
    const query = `${items}| summarize count(), count(), dcount(k), sum(n + 1), make_set(s), max(bin(at, 1h)), countif(n > 1)`;
    expect(Object.keys(recordsOf(query)[0] ?? {})).toEqual([
      'count_',
      'count_1',
      'dcount_k',
      'sum_',
      'set_s',
      'max_at',
      'countif_',
    ]);
  });
});
