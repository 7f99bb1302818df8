import { describe, expect, it } from 'vitest';
import { recordsOf, valueOf } from '../../fixtures/run-kusto.ts';

const at = (text: string): number => Date.parse(text);
type Case = readonly [expression: string, type: string, value: unknown];
const instant = 'datetime(2026-03-10 13:05:09.25)';

function gives(cases: readonly Case[]): void {
  it.each(cases)('%s is a %s', (expression, type, value) => {
    expect(valueOf(expression)).toEqual({ type, value });
  });
}

describe('conversion', () => {
  gives([
    ['tostring(12)', 'string', '12'],
    ['tostring(true)', 'string', 'true'],
    ['tostring(long(null))', 'string', ''],
    ['tostring(dynamic("x"))', 'string', 'x'],
    ['tostring(dynamic({"a": [1]}))', 'string', '{"a":[1]}'],
    [`tostring(${instant})`, 'string', '2026-03-10T13:05:09.2500000Z'],
    ['tostring(26h + 1ms)', 'string', '1.02:00:00.0010000'],
    ['tostring(-90s)', 'string', '-00:01:30'],
    ['toint("12")', 'int', 12],
    ['tolong("12.5")', 'long', null],
    ['tolong(12.9)', 'long', 12],
    ['tolong("x")', 'long', null],
    ['tolong(dynamic("7"))', 'long', 7],
    ['toreal("1e3")', 'real', 1000],
    ['todouble(3)', 'real', 3],
    ['todouble("")', 'real', null],
    ['todatetime("2026-03-10T13:05:00Z")', 'datetime', at('2026-03-10T13:05:00Z')],
    ['todatetime("2026-02-30")', 'datetime', null],
    ['totimespan("00:05:00")', 'timespan', 300_000],
    ['tobool("true")', 'bool', true],
    ['tobool("maybe")', 'bool', null],
    ['parse_json("[1, 2]")', 'dynamic', [1, 2]],
    ['parse_json("no json")', 'dynamic', 'no json'],
    ['parse_json("")', 'dynamic', null],
    ['todynamic(dynamic({"a": 1}))', 'dynamic', { a: 1 }],
  ]);
});

describe('strings', () => {
  gives([
    ['strcat("a", 1, 2.5, true, 1h)', 'string', 'a12.5true01:00:00'],
    ['substring("429001", 0, 3)', 'string', '429'],
    ['substring("abcdef", 4)', 'string', 'ef'],
    ['substring("abc", -2, 1)', 'string', 'b'],
    ['substring("abc", 9)', 'string', ''],
    ['strlen("äöü")', 'long', 3],
    ['tolower("ÄB")', 'string', 'äb'],
    ['toupper("ab")', 'string', 'AB'],
    ['replace_string("a.b.c", ".", "$&")', 'string', 'a$&b$&c'],
    ['indexof("abc", "c")', 'long', 2],
    ['split("a/b/c", "/")', 'dynamic', ['a', 'b', 'c']],
    ['split("a/b/c", "/", 1)', 'dynamic', ['b']],
    ['split("a/b/c", "/")[2]', 'dynamic', 'c'],
    ['strcat_array(dynamic(["a", 1]), "-")', 'string', 'a-1'],
    ['extract(@"\\b([45]\\d{5})\\b", 1, "code 429001 and 404104")', 'string', '429001'],
    ['extract(@"x(\\d+)", 1, "none")', 'string', ''],
    ['extract(@"(\\d+)", 1, "n=7", typeof(long))', 'long', 7],
    ['extract(@"(\\d+)", 1, "none", typeof(long))', 'long', null],
  ]);
});

describe('null and empty', () => {
  gives([
    ['isempty("")', 'bool', true],
    ['isempty(long(null))', 'bool', true],
    ['isempty(dynamic([]))', 'bool', false],
    ['isnotempty("x")', 'bool', true],
    ['isnull(long(null))', 'bool', true],
    ['isnull("")', 'bool', false],
    ['isnotnull(parse_json(""))', 'bool', false],
    ['coalesce("", "b", "c")', 'string', 'b'],
    ['coalesce(long(null), 2)', 'long', 2],
    ['coalesce(long(null), 2.5)', 'real', 2.5],
  ]);
});

describe('choice', () => {
  gives([
    ['iff(1 > 2, "a", "b")', 'string', 'b'],
    ['iif(bool(null), 1, 2)', 'long', 2],
    ['iff(true, 1, 2.5)', 'real', 1],
    ['iff(false, 1h / 1m, real(null))', 'real', null],
    ['case(false, "a", bool(null), "b", true, "c", "d")', 'string', 'c'],
    ['case(false, "a", "d")', 'string', 'd'],
  ]);
});

describe('numbers', () => {
  gives([
    ['round(2.15, 1)', 'real', 2.2],
    ['round(-50.55, -2)', 'real', -100],
    ['round(2.5)', 'real', 3],
    ['round(3)', 'long', 3],
    ['floor(4.7, 1)', 'real', 4],
    ['bin(17, 5)', 'long', 15],
    ['bin(-1, 5)', 'long', -5],
    ['bin(2.7, 0.5)', 'real', 2.5],
    ['bin(17, 0)', 'long', null],
    ['bin(25h, 1d)', 'timespan', 86_400_000],
    [`bin(${instant}, 5m)`, 'datetime', at('2026-03-10T13:05:00Z')],
    // 2026-03-09 is a Monday, as the first day of the first year was.
    [`bin(${instant}, 7d)`, 'datetime', at('2026-03-09T00:00:00Z')],
    ['abs(-1.5)', 'real', 1.5],
    ['max_of(1, 3, 2)', 'long', 3],
    ['min_of(1h, 5m)', 'timespan', 300_000],
    ['isnan(0.0 / 0)', 'bool', true],
    ['sqrt(9)', 'real', 3],
    ['ceiling(1.2)', 'real', 2],
  ]);
});

describe('times', () => {
  gives([
    [`startofday(${instant}, -1)`, 'datetime', at('2026-03-09T00:00:00Z')],
    [`hourofday(${instant})`, 'int', 13],
    [`dayofweek(${instant})`, 'timespan', 2 * 86_400_000],
    [`format_datetime(${instant}, "yyyy-MM-dd HH:mm:ss.fff")`, 'string', '2026-03-10 13:05:09.250'],
    [`format_datetime(${instant}, "d/M/yy h:m tt")`, 'string', '10/3/26 1:5 PM'],
    ['datetime_diff("minute", datetime(2017-10-30 23:05:01), datetime(2017-10-30 23:00:59))', 'long', 5],
    ['datetime_diff("week", datetime(2017-10-29), datetime(2017-09-30 23:59))', 'long', 5],
    ['datetime_diff("year", datetime(2017-01-01), datetime(2000-12-31))', 'long', 17],
    ['datetime_diff("quarter", datetime(2017-07-01), datetime(2017-03-30))', 'long', 2],
    ['datetime_diff("Second", datetime(2017-10-30 23:00:10.1), datetime(2017-10-30 23:00:00.9))', 'long', 10],
    ['unixtime_milliseconds_todatetime(0)', 'datetime', 0],
  ]);
});

describe('lists and bags', () => {
  gives([
    ['array_length(dynamic([1, 2]))', 'long', 2],
    ['array_length(dynamic({}))', 'long', null],
    ['bag_keys(dynamic({"a": 1, "b": 2}))', 'dynamic', ['a', 'b']],
    ['set_has_element(dynamic(["a"]), "a")', 'bool', true],
    ['pack_array(1, "a", 1h)', 'dynamic', [1, 'a', '01:00:00']],
    ['bag_pack("a", 1, "b", "c")', 'dynamic', { a: 1, b: 'c' }],
  ]);
});

describe('column_ifexists', () => {
  it('gives the column, or its default where there is none', () => {
    const query =
      'datatable(a: string)["x"] | project b = column_ifexists("a", "none"), c = column_ifexists("z", "none")';
    expect(recordsOf(query)).toEqual([{ b: 'x', c: 'none' }]);
  });
});

describe('toscalar', () => {
  it('gives the first value of the first row', () => {
    expect(recordsOf('let top = toscalar(range x from 3 to 5 step 1 | summarize max(x)); print y = top + 1')).toEqual([
      { y: 6 },
    ]);
  });
});
