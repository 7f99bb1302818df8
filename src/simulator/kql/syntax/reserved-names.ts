/** Words that Kusto takes for the name of a column or variable only in brackets: `['last']`. */
const always = `and anomalychart areachart asc bagexpansion barchart between bin_legacy boolean byte cachingpolicy callout
  cancel card char columnchart contains_cs containscs cycles dataexport datascope date datetime decimal decodeblocks
  desc double dynamic encodingpolicy endswith endswith_cs expandoutput extent_tags_retention external_data first flags
  float force_remote harddelete hardretention has_all has_any has_cs hasprefix hasprefix_cs hassuffix hassuffix_cs
  hotcache int isfuzzy journal ladderchart last like likecs linechart long missing nooptimization notcontains
  notcontainscs notlike notlikecs or others pathformat piechart pivotchart project queries query_results real relaxed
  restricted_view_access row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy rowstores
  scatterchart seal seals shards simple softdelete softretention stackedareachart startswith startswith_cs statistics
  storedqueryresultcontainers string tablepurge time timechart timeline timepivot timespan treemap uint ulong union
  uniqueid unrestrictedviewers views with_itemindex with_match_id with_step_name writeaheadlog`;
const onlyGiven = 'by kind with_source withsource';
const onlyReferred = `accumulate as by contains datatable earliest externaldata find has in invoke latest materialize mdm
  of print sample search set sql title to toscalar totable verbose viewers where`;

const wordsOf = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.join(' ').split(/\s+/));

/** Where a name stands: a column's in `name = …`, a column's or variable's in an expression, a variable's in `let name`. */
export type NameUse = 'given' | 'referred' | 'variable';

export const reservedNames: Readonly<Record<NameUse, ReadonlySet<string>>> = {
  given: wordsOf(always, onlyGiven),
  referred: wordsOf(always, onlyReferred),
  variable: wordsOf(always, onlyGiven, onlyReferred),
};
