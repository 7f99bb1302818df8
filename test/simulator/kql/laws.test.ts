import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { rowsOf, tablesOf } from '../../fixtures/run-kusto.ts';
import { hasTerm } from '../../../src/simulator/kql/expressions/string-operators.ts';
import { formatTimespan, parseTimespan } from '../../../src/simulator/kql/timespans.ts';
import { parseDatetime, wireInstant } from '../../../src/simulator/kql/datetimes.ts';
import { keyOf, type Row, type Value } from '../../../src/simulator/kql/values.ts';
import type { SourceTable } from '../../../src/simulator/kql/expressions/scope.ts';

const columns = [
  { name: 'k', type: 'string' as const },
  { name: 'n', type: 'long' as const },
];
const rows = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c', ''), fc.option(fc.integer({ min: -5, max: 5 }), { nil: null })),
  { maxLength: 30 },
);
const of = (T: readonly Row[]): ReadonlyMap<string, SourceTable> => tablesOf({ T: { columns, rows: T } });
const query = (text: string, T: readonly Row[]): readonly Row[] => rowsOf(text, of(T));

describe('laws of the operators', () => {
  test.prop([rows])('where and its opposite are all there is, but for what is unknown', (T) => {
    const parts = ['n > 0', 'not(n > 0)', 'isnull(n)'].flatMap((each) => query(`T | where ${each}`, T));
    expect(parts.map(keyOf).sort()).toEqual(T.map(keyOf).sort());
  });
  test.prop([rows])('sort gives the same rows, in order', (T) => {
    const sorted = query('T | sort by n asc, k desc', T);
    expect(sorted.map(keyOf).sort()).toEqual(T.map(keyOf).sort());
    const ranks = sorted.map(([, n]) => (n === null ? -Infinity : Number(n)));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });
  test.prop([rows, fc.nat(40)])('top is sort and take', (T, n) => {
    expect(query(`T | top ${n} by n`, T)).toEqual(query(`T | sort by n | take ${n}`, T));
  });
  test.prop([rows])('the groups together count all rows', (T) => {
    const counts = query('T | summarize c = count() by k, n', T).map((row) => Number(row[2]));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(T.length);
    expect(counts).toHaveLength(query('T | distinct k, n', T).length);
  });
  test.prop([rows])('sum is average times count, and percentile 100 the maximum', (T) => {
    const [[sum, mean, count, top, max] = []] = query(
      'T | summarize sum(n), avg(n), countif(isnotnull(n)), percentile(n, 100), max(n)',
      T,
    );
    if (count === 0) expect([sum, mean, top, max]).toEqual([0, Number.NaN, null, null]);
    else expect(Number(mean) * Number(count)).toBeCloseTo(Number(sum));
    expect(top).toBe(max);
  });
  test.prop([rows, rows])('an inner join is what of all pairs has equal keys', (T, U) => {
    const tables = tablesOf({ T: { columns, rows: T }, U: { columns, rows: U } });
    const pairs = T.flatMap((t) => U.filter((u) => u[0] === t[0]).map((u) => [...t, ...u]));
    expect(rowsOf('T | join kind=inner U on k', tables)).toEqual(pairs);
    const outer = rowsOf('T | join kind=leftouter U on k', tables);
    const lone = rowsOf('T | join kind=leftanti U on k', tables);
    expect(outer).toHaveLength(pairs.length + lone.length);
    const firsts = T.filter(([k], i) => T.findIndex((t) => t[0] === k) === i);
    const unique = firsts.flatMap((t) => U.filter((u) => u[0] === t[0]).map((u) => [...t, ...u]));
    expect(rowsOf('T | join U on k', tables)).toEqual(unique);
  });
  test.prop([rows, rows])('a union has the rows of both', (T, U) => {
    const tables = tablesOf({ T: { columns, rows: T }, U: { columns, rows: U } });
    expect(rowsOf('union T, U', tables)).toEqual([...T, ...U]);
  });
  test.prop([rows])('prev of next is the row itself', (T) => {
    const shifted = query('T | serialize a = next(n) | extend b = prev(a), i = row_number() | where i > 1', T);
    for (const [, n, , b] of shifted) expect(b).toBe(n);
  });
});

describe('laws of the values', () => {
  test.prop([fc.integer({ min: -1e10, max: 1e10 })])('a timespan is read as it is written', (ms) => {
    expect(parseTimespan(formatTimespan(ms))).toBeCloseTo(ms, 6);
  });
  test.prop([fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })])(
    'an instant is read as it is written',
    (date) => {
      expect(parseDatetime(wireInstant(date.getTime()))).toBe(date.getTime());
    },
  );
  test.prop([fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 6 }), fc.nat(5)])(
    'a text has each of its words, and no part of one',
    (words, i) => {
      const text = words.join(' ');
      const word = words[i % words.length] ?? '';
      expect(hasTerm(text, word, true, true)).toBe(true);
      expect(hasTerm(text, `${word}x`, true, true)).toBe(words.includes(`${word}x`));
      expect(hasTerm(text, word.slice(1), true, true)).toBe(word.length === 1 || words.includes(word.slice(1)));
    },
  );
  test.prop([fc.array(fc.jsonValue(), { maxLength: 4 }), fc.array(fc.jsonValue(), { maxLength: 4 })])(
    'keys are equal for equal values only',
    (a, b) => {
      const [x, y] = [a as Value[], b as Value[]];
      expect(keyOf(x) === keyOf(y)).toBe(JSON.stringify(x) === JSON.stringify(y));
    },
  );
});
