import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { KqlFault, placeOf } from '../../../src/simulator/kql/fault.ts';
import { runQuery } from '../../../src/simulator/kql/run-query.ts';
import { faultOf, kustoNow, tablesOf } from '../../fixtures/run-kusto.ts';
import { logQueries } from '../../fixtures/log-queries.ts';

const tables = tablesOf({
  T: {
    columns: [
      { name: 's', type: 'string' },
      { name: 'n', type: 'long' },
      { name: 'd', type: 'datetime' },
      { name: 'y', type: 'dynamic' },
    ],
    rows: [],
  },
});

interface Case {
  readonly query: string;
  readonly says: string;
  readonly from: string;
}
function refuses(kind: string, cases: readonly Case[]): void {
  it.each(cases)('$query', ({ query, says, from }) => {
    const fault = faultOf(query, tables);
    expect(fault.kind).toBe(kind);
    expect(fault.message).toContain(says);
    expect(fault.from.startsWith(from)).toBe(true);
  });
}

describe('what is no Kusto, or not the part that is known', () => {
  refuses('SyntaxError', [
    { query: '', says: 'Expected a table', from: '' },
    { query: 'T |', says: 'Expected an operator', from: '' },
    { query: 'T | wher n > 1', says: "operator 'wher'", from: 'wher' },
    { query: 'T | render timechart', says: "operator 'render'", from: 'render' },
    { query: 'T | parse s with "x" a', says: "operator 'parse'", from: 'parse' },
    { query: 'T | where n > ', says: 'Expected an expression', from: '' },
    { query: 'T | where n = 1', says: "Unexpected '='", from: '= 1' },
    { query: 'T | where n == 1 == 1', says: "Unexpected '=='", from: '== 1' },
    { query: 'T | where (n > 1', says: "Expected ')'", from: '' },
    { query: 'T | where not n', says: "Unexpected 'n'", from: 'n' },
    { query: 'T | where s == "x', says: 'not closed', from: '"x' },
    { query: 'T | where s == "\\d"', says: 'no escape', from: '\\d' },
    { query: 'T | where s == `x`', says: "character '`'", from: '`x`' },
    { query: 'T | where n > 1.5x', says: 'neither a number nor a timespan', from: '1.5x' },
    { query: 'T | where d > datetime(yesterday)', says: "'yesterday' is not a value", from: 'datetime(' },
    { query: 'T | where d > datetime(2026-02-30)', says: 'not a value', from: 'datetime(' },
    { query: 'print guid(x)', says: 'does not know the type guid', from: 'guid(' },
    { query: 'T | summarize last = max(d)', says: "written ['last']", from: 'last' },
    { query: 'T | join kind=fullouter T on s', says: 'kind of join', from: 'fullouter' },
    { query: 'T | join T', says: "Expected 'on'", from: '' },
    { query: 'T | top 5', says: "Expected 'by'", from: '' },
    { query: 'T | extend 5 = n', says: "Unexpected '='", from: '= n' },
    { query: 'union withsource=x T, T', says: 'withsource', from: 'withsource' },
    { query: 'materialize(T) | count', says: 'only in a let', from: 'materialize' },
    { query: 'let f = (a: long) { a }; T', says: 'functions that a query defines', from: 'let f' },
    { query: 'let a = 5', says: "Expected ';'", from: '' },
    { query: 'T; T', says: "Unexpected 'T'", from: 'T' },
    { query: 'datatable(a: long)[1 + 1]', says: 'only literals', from: '+ 1' },
    { query: 'print x = @"(?=a)" matches regex @"(?=a)"', says: 'look-around', from: 'matches' },
    { query: 'print "a" matches regex "("', says: 'regular expression', from: 'matches' },
    { query: 'print "a" matches regex @"(\\w+)*$"', says: 'repeated group', from: 'matches' },
    { query: 'print "a" matches regex @"(a|aa)+$"', says: 'repeated group', from: 'matches' },
  ]);
});

describe('what makes no sense with these tables', () => {
  refuses('SemanticError', [
    { query: 'Missing | count', says: "'Missing'", from: 'Missing' },
    { query: 'T | where colour == "red"', says: "'colour'", from: 'colour' },
    { query: 'T | where n == 5x5', says: "'5x5'", from: '5x5' },
    { query: 'T | where S == "red"', says: "'S'", from: 'S ==' },
    { query: 'T | project-away s, colour', says: "'colour'", from: 'colour' },
    { query: 'T | where n', says: 'a bool, not a long', from: 'n' },
    { query: 'T | where s == 5', says: 'string and long', from: '== 5' },
    { query: 'T | where s < "x"', says: 'string and string', from: '< "x"' },
    { query: 'T | where d > "2026-01-01"', says: 'datetime and string', from: '> "2026' },
    { query: 'T | where y.a == y.b', says: 'dynamic and dynamic', from: '== y.b' },
    { query: 'T | where s in (1, 2)', says: 'string and long', from: 'in (' },
    { query: 'T | where n has "1"', says: "'has'", from: 'has' },
    { query: 'T | where s matches regex s', says: 'constant regular expression', from: 'matches' },
    { query: 'T | extend a = s + s', says: "'+'", from: '+ s' },
    { query: 'T | extend a = y.a + 1', says: 'cast first', from: '+ 1' },
    { query: 'T | extend a = d + d', says: "'+'", from: '+ d' },
    { query: 'T | extend a = s.b', says: 'no members', from: '.b' },
    { query: 'T | extend a = iff(n > 1, "x", 5)', says: 'string, long', from: 'iff(' },
    { query: 'T | extend a = strlen(s, s)', says: 'expects 1 argument', from: 'strlen' },
    { query: 'T | extend a = strlen(n)', says: 'takes a string', from: 'n)' },
    { query: 'T | extend a = nope(s)', says: "'nope'", from: 'nope' },
    { query: 'T | extend a = tosting(s)', says: "'tosting'", from: 'tosting' },
    { query: 'T | extend a = 1, b = a', says: "'a'", from: 'a' },
    { query: 'T | extend y.a, y["a"]', says: "'y_a'", from: 'y["a"]' },
    { query: 'T | project s, s', says: 'twice', from: 's' },
    { query: 'T | project n + 1', says: 'needs a name', from: 'n + 1' },
    { query: 'T | extend n + 1', says: 'needs a name', from: 'n + 1' },
    { query: 'T | summarize count() by tolower(s)', says: 'needs a name', from: 'tolower' },
    { query: 'T | project s, tostring(s)', says: 'twice', from: 'tostring' },
    { query: 'T | where count() > 1', says: 'summarize only', from: 'count' },
    { query: 'T | summarize count() + n', says: "'n'", from: 'n' },
    { query: 'T | summarize strlen(s)', says: "'s'", from: 's)' },
    { query: 'T | summarize sum(s)', says: 'does not take a string', from: 'sum' },
    { query: 'T | summarize count() by y', says: 'cast it first', from: 'y' },
    { query: 'T | summarize n = count() by n', says: 'twice', from: 'n = count' },
    { query: 'T | summarize count(s)', says: 'expects 0', from: 'count' },
    { query: 'T | summarize percentile(n, n)', says: 'constant number', from: 'n)' },
    { query: 'T | summarize (a, b, c) = arg_max(d, n)', says: '2 column(s)', from: '(a, b, c)' },
    { query: 'T | sort by y.a', says: 'cast it first', from: 'y.a' },
    { query: 'T | distinct y', says: "'y'", from: 'distinct' },
    { query: 'T | extend a = prev(s)', says: 'sort or serialize', from: 'prev' },
    { query: 'T | sort by n | summarize count() by s | extend a = prev(s)', says: 'sort or serialize', from: 'prev' },
    { query: 'T | join T on colour', says: "'colour'", from: 'colour' },
    { query: 'T | join T on $left.s == $right.n', says: 'string and long', from: '$left' },
    { query: 'T | join T on y', says: 'dynamic', from: 'y' },
    { query: 'T | mv-expand s', says: 'a string', from: 's' },
    { query: 'T | take n', says: "'n'", from: 'n' },
    { query: 'T | take -1', says: 'not negative', from: '-1' },
    { query: 'let a = 1; let a = 2; T', says: 'twice', from: 'let a = 2' },
    { query: 'let a = 1; a | count', says: 'not a table', from: 'a |' },
    { query: 'let a = T; print a', says: 'is a table', from: 'a' },
    { query: 'print format_datetime(now(), "QQ")', says: 'QQ', from: 'format_datetime' },
    { query: 'print datetime_diff("fortnight", now(), now())', says: 'fortnight', from: 'datetime_diff' },
    { query: 'print ingestion_time()', says: 'records of a table', from: 'ingestion_time' },
    { query: 'datatable(a: long)["x"]', says: 'takes no string', from: '"x"' },
  ]);
});

describe('what is too much', () => {
  it.each([
    ['a long query', `T // ${'x'.repeat(70_000)}`],
    ['many words', `print ${'1,'.repeat(9_000)} 1`],
    ['deep brackets', `print ${'('.repeat(2_000)}1${')'.repeat(2_000)}`],
    ['a long sum', `print ${'1+'.repeat(3_000)}1`],
    ['a long condition', `T | where ${'n == 1 or '.repeat(1_500)} true`],
    ['a long regular expression', `T | where s matches regex "${'a'.repeat(600)}"`],
    ['a string that doubles', `print s = "xxxxxxxxxx"${' | extend s = strcat(s, s)'.repeat(30)}`],
    ['a long range', 'range x from 1 to 1000000000 step 1 | count'],
    ['a large join', 'let t = range x from 1 to 2000 step 1 | extend k = 1; t | join kind=inner t on k | count'],
    [
      'a large expansion',
      'range x from 1 to 600 step 1 | extend l = range(1) | mv-expand l'.replace(
        'range(1)',
        `dynamic([${'1,'.repeat(1_500)}1])`,
      ),
    ],
  ])('%s', (_, query) => {
    expect(faultOf(query, tables).kind).toBe('QueryLimitError');
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...Object.values(logQueries).flatMap((query) => query.split(/(?<=\s|[()|,.])/)),
    '"',
    "'",
    '[',
    '{',
    '!in',
    'datetime(',
    '\u0000',
    '🚌',
  );
  test.prop([fc.array(piece, { maxLength: 40 })], { numRuns: 500 })('is answered or refused, never worse', (pieces) => {
    const query = pieces.join('');
    try {
      runQuery(query, tables, kustoNow);
    } catch (error) {
      expect(error).toBeInstanceOf(KqlFault);
      expect((error as KqlFault).at).toBeLessThanOrEqual(query.length);
    }
  });
});

it('tells line and column', () => {
  expect(placeOf('T\n| where x', 10)).toEqual({ line: 2, column: 9 });
});
