import { describe, expect, it } from 'vitest';
import { kustoNow, recordsOf, valueOf } from '../../fixtures/run-kusto.ts';

const at = (text: string): number => Date.parse(text);
type Case = readonly [expression: string, type: string, value: unknown];

describe('literals', () => {
  it.each<Case>([
    ['12', 'long', 12],
    ['0x1f', 'long', 31],
    ['1.5e3', 'real', 1500],
    ['"a\\t\\"b\\" \\u0041"', 'string', 'a\t"b" A'],
    ["'it\\'s'", 'string', "it's"],
    ['@"\\d+ ""x"""', 'string', '\\d+ "x"'],
    ['"a" \'b\'', 'string', 'ab'],
    ['true', 'bool', true],
    ['1.5h', 'timespan', 5_400_000],
    ['2days', 'timespan', 172_800_000],
    ['10ms', 'timespan', 10],
    ['datetime(2026-03-10)', 'datetime', at('2026-03-10T00:00:00Z')],
    ['datetime(2026-03-10 07:05:01.25)', 'datetime', at('2026-03-10T07:05:01.250Z')],
    ['datetime("2026-03-10T07:05:00+01:00")', 'datetime', at('2026-03-10T06:05:00Z')],
    ['timespan(1.02:03:04.5)', 'timespan', 93_784_500],
    ['timespan(15 seconds)', 'timespan', 15_000],
    ['timespan(2)', 'timespan', 172_800_000],
    ['int(-5)', 'int', -5],
    ['real(null)', 'real', null],
    ['real(-inf)', 'real', -Infinity],
    ['bool(null)', 'bool', null],
    ['dynamic([1, "a", {"b": null}])', 'dynamic', [1, 'a', { b: null }]],
    ["dynamic({'it\\'s': \"(\"})", 'dynamic', { "it's": '(' }],
  ])('%s is a %s', (expression, type, value) => {
    expect(valueOf(expression)).toEqual({ type, value });
  });
});

describe('arithmetic', () => {
  it.each<Case>([
    ['1 + 2 * 3 - 4', 'long', 3],
    ['7 / 2', 'long', 3],
    ['-7 / 2', 'long', -3],
    ['7 / 2.0', 'real', 3.5],
    ['7 / 0', 'long', null],
    ['1.0 / 0', 'real', Infinity],
    ['-14 % 12', 'long', 10],
    ['14 % -12', 'long', 2],
    ['10 - 2 - 3', 'long', 5],
    ['1 + long(null)', 'long', null],
    ['1d / 5h', 'real', 4.8],
    ['3 * 20m', 'timespan', 3_600_000],
    ['1h / 2', 'timespan', 1_800_000],
    ['1d % 7h', 'timespan', 10_800_000],
    ['-(1h)', 'timespan', -3_600_000],
    ['datetime(2026-03-10) - 1d', 'datetime', at('2026-03-09T00:00:00Z')],
    ['1h + datetime(2026-03-10)', 'datetime', at('2026-03-10T01:00:00Z')],
    ['datetime(2026-03-10) - datetime(2026-03-09)', 'timespan', 86_400_000],
    ['datetime(9999-12-31) + 2d', 'datetime', null],
  ])('%s is a %s', (expression, type, value) => {
    expect(valueOf(expression)).toEqual({ type, value });
  });
});

describe('comparison', () => {
  it.each<readonly [string, boolean | null]>([
    ['1 == 1.0', true],
    ['"a" == "A"', false],
    ['"a" != "A"', true],
    ['"a" <> "a"', false],
    ['1h >= 60m', true],
    ['now() > ago(1m)', true],
    ['long(null) == long(null)', null],
    ['long(null) == 1', false],
    ['long(null) != 1', true],
    ['long(null) < 1', null],
    ['dynamic(5) == 5', true],
    ['dynamic("5") == 5', false],
    ['dynamic("x") == "x"', true],
    ['dynamic(5) > 4.5', true],
    ['dynamic("5") > 4', null],
    ['dynamic({"at": "2026-03-10"}).at == datetime(2026-03-10)', true],
    ['5 between (1 .. 5)', true],
    ['0 !between (1 .. 5)', true],
    ['long(null) between (1 .. 5)', null],
    ['now() between (ago(1h) .. now() + 1h)', true],
    ['1 in (2, 1)', true],
    ['1 !in (2, 1)', false],
    ['"a" in ("b", "A")', false],
    ['"a" in~ ("b", "A")', true],
    ['"a" !in~ ("b", "A")', false],
    ['"a" in (dynamic(["a", "b"]))', true],
    ['dynamic("a") in ("a", "b")', true],
    ['"x" in ((print "y" | union (print "x")))', true],
    ['datetime(2026-03-10) in (dynamic(["2026-03-10"]))', true],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toEqual({ type: 'bool', value });
  });
});

describe('logic', () => {
  it.each<readonly [string, boolean | null]>([
    ['true and false', false],
    ['false and bool(null)', false],
    ['true and bool(null)', null],
    ['true or bool(null)', true],
    ['false or bool(null)', null],
    ['not(bool(null))', null],
    ['true or false and false', true],
    ['1 == 1 and 2 > 1', true],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toEqual({ type: 'bool', value });
  });
});

describe('operators on strings', () => {
  it.each<readonly [string, boolean]>([
    ['"Device closed" has "CLOSED"', true],
    ['"Device closed" has "close"', false],
    ['"device-closed" has "device"', true],
    ['"a.b" has "a.b"', true],
    ['"xa.b" has "a.b"', false],
    ['"" has "x"', false],
    ['"abc abcd" has "abcd"', true],
    ['"Device" has_cs "device"', false],
    ['"Device" !has "device"', false],
    ['"closed now" hasprefix "clo"', true],
    ['"closed now" hasprefix "osed"', false],
    ['"closed now" hassuffix "sed"', true],
    ['"closed now" has_any ("never", "NOW")', true],
    ['"closed now" has_all ("never", "now")', false],
    ['"closed now" has_any (dynamic(["x", "now"]))', true],
    ['"Closed" contains "LOS"', true],
    ['"Closed" contains_cs "LOS"', false],
    ['"Closed" !contains "x"', true],
    ['"Closed" startswith "cl"', true],
    ['"Closed" startswith_cs "cl"', false],
    ['"Closed" !startswith "cl"', false],
    ['"Closed" endswith "ED"', true],
    ['"a" =~ "A"', true],
    ['"a" !~ "A"', false],
    ['"code 429001." matches regex @"\\b4\\d{5}\\b"', true],
    ['"code 42900" matches regex @"\\b4\\d{5}\\b"', false],
    ['"ABC" matches regex "(?i)b"', true],
    ['dynamic({"a": "Xy"}).a has "xy"', true],
  ])('%s is %s', (expression, value) => {
    expect(valueOf(expression)).toEqual({ type: 'bool', value });
  });

  it('bind more tightly than a sum, as in Kusto', () => {
    expect(() => valueOf('1 + "a" has "a"')).toThrow("'+' is not there for long and bool");
  });
});

describe('members of a dynamic value', () => {
  const value = 'dynamic({"a": {"b c": [10, 20]}, "n": null})';
  it.each<readonly [string, unknown]>([
    [`${value}.a`, { 'b c': [10, 20] }],
    [`${value}.a["b c"][0]`, 10],
    [`${value}.a.["b c"][-1]`, 20],
    [`${value}.missing.too`, null],
    [`${value}["__proto__"]`, null],
    [`${value}.a[0]`, null],
    [`${value}.n`, null],
    ['parse_json("{\\"a\\": [true]}").a[0]', true],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression)).toEqual({ type: 'dynamic', value: expected });
  });
});

describe('the clock', () => {
  it('stands still during a query', () => {
    expect(recordsOf('print a = now(), b = ago(90m), c = now(-1d), d = startofday(now())')).toEqual([
      { a: kustoNow, b: kustoNow - 5_400_000, c: kustoNow - 86_400_000, d: at('2026-03-10T00:00:00Z') },
    ]);
  });
});
