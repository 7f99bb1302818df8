import type { EpochMs } from '../../time/time.ts';
import { KqlFault, limitFault } from './fault.ts';
import { parseQuery } from './syntax/parse-query.ts';
import { planQuery } from './plan/plan-query.ts';
import { visible, type SourceTable } from './expressions/scope.ts';
import type { Row, Table } from './values.ts';

/**
 * Runs a query of the subset of Kusto that the stand-in knows; `README.md` names it.
 *
 * @param tables what a query may read from, by name (letter case counts)
 * @param now what `now()` and `ago()` refer to
 * @throws {KqlFault} for everything else than the subset: nothing is guessed and nothing left out
 */
export function runQuery(text: string, tables: ReadonlyMap<string, SourceTable>, now: EpochMs): Table {
  try {
    const plan = planQuery(parseQuery(text), tables, now);
    const columns = visible(plan.columns);
    const places = columns.map((column) => plan.columns.indexOf(column));
    const rows = plan.rows();
    if (columns.length === plan.columns.length) return { columns, rows };
    return { columns, rows: rows.map((row): Row => places.map((place) => row[place] ?? null)) };
  } catch (error) {
    if (error instanceof KqlFault || !(error instanceof RangeError)) throw error;
    throw limitFault(0, 'The query is too deep or too large for the stand-in.');
  }
}
