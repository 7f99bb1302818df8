import { describe, expect, it } from 'vitest';
import { analyzeKusto, assertKusto } from '../fixtures/kusto-parser.ts';
import { logQueries } from '../fixtures/log-queries.ts';
import { reservedNames } from '../../src/simulator/kql/syntax/reserved-names.ts';

describe("Microsoft's parser", () => {
  it.each(Object.entries(logQueries))('takes the query %s', (_, query) => {
    assertKusto(query);
  });

  it.each([
    ['a column that is not there', 'AzureDiagnostics | where Colour == "red"', 'Colour'],
    ['a function that is not there', 'AzureDiagnostics | summarize cuont()', 'cuont'],
    ['an operator that is not there', 'AzureDiagnostics | wher true', 'wher'],
    ['a table that is not there', 'AzureMetrics | count', 'AzureMetrics'],
    ['types that do not go together', 'AzureDiagnostics | where TimeGenerated > 5', '>'],
    ['a word of the language as a column', 'AzureDiagnostics | summarize last = max(TimeGenerated)', 'last'],
  ])('refuses %s', (_, query, piece) => {
    expect(() => {
      assertKusto(query);
    }).toThrow(piece);
  });

  it('tells the columns of a result', () => {
    const query = 'AzureDiagnostics | summarize count(), max(TimeGenerated) by hub = tolower(_ResourceId)';
    expect(analyzeKusto(query).columns).toEqual([
      { name: 'hub', type: 'string' },
      { name: 'count_', type: 'long' },
      { name: 'max_TimeGenerated', type: 'datetime' },
    ]);
  });
});

describe('names that need brackets', () => {
  const tables = { T: [{ name: 'a', type: 'long' as const }] };
  const refuses = (query: string): boolean => analyzeKusto(query, tables).faults.length > 0;

  it.each([...reservedNames.given])('Kusto gives no column the bare name %s', (name) => {
    expect(refuses(`T | summarize ${name} = count()`)).toBe(true);
    expect(refuses(`T | summarize ['${name}'] = count()`)).toBe(false);
  });
  it.each([...reservedNames.referred])('Kusto finds no column by the bare name %s', (name) => {
    expect(refuses(`T | extend ['${name}'] = 1 | where ${name} == 1`)).toBe(true);
    expect(refuses(`T | extend ['${name}'] = 1 | where ['${name}'] == 1`)).toBe(false);
  });
});
