import { gzipSync } from 'node:zlib';
import { findEntry } from '../catalog/catalog.ts';
import type { EvidenceRow, LogEvidence } from '../diagnosis/diagnosis.ts';
import type { Incident } from '../incidents/incident.ts';
import { iso, type Span } from '../time/time.ts';
import { clean } from './clean.ts';
import { heading, runs, say, type Action, type Element } from './elements.ts';
import type { Words } from './words/words.ts';

const rowsShown = 3;
/** A device that makes less than this share of the errors is one of many. */
const loudShare = 0.2;

/** What the claim on the card rests on: the strongest rows and their window, or why there are none. */
export function evidence({ diagnosis, status }: Incident, words: Words): readonly Element[] {
  const { logs, rows } = diagnosis;
  const { labels } = words;
  const fromElsewhere = rows.map((row) => evidenceLine(row, words));
  switch (logs.state) {
    case 'not-asked':
      return fromElsewhere.length === 0 || status === 'resolved' ? [] : [heading(labels.evidence), ...fromElsewhere];
    case 'unavailable':
      return [
        heading(labels.evidence),
        ...fromElsewhere,
        say(
          `${labels.evidenceUnavailable}: ${words.logsUnavailable(logs.why)}.`,
          { weight: 'Bolder' },
          { spacing: 'Small' },
        ),
      ];
    case 'empty':
      return [
        heading(labels.evidence),
        ...fromElsewhere,
        say(words.logsEmpty(logs.window), { isSubtle: true }, { spacing: 'Small' }),
      ];
    case 'found':
      return [
        heading(labels.evidence),
        ...fromElsewhere,
        ...logs.rows.slice(0, rowsShown).map((row) => evidenceLine(row, words)),
        ...loudest(logs, words),
        logs.rows.length === 0 && !logs.partial
          ? say(words.logsEmpty(logs.window), { isSubtle: true }, { spacing: 'Small' })
          : say(words.logsWindow(logs.window, logs.partial), { isSubtle: true, size: 'Small' }, { spacing: 'Small' }),
      ];
  }
}

function evidenceLine(row: EvidenceRow, words: Words): Element {
  const name = findEntry(row.code)?.name;
  const what = [row.code, name].filter((part) => part !== undefined && part !== '').join(' ');
  return {
    type: 'RichTextBlock',
    spacing: 'Small',
    inlines: [
      ...(what === '' ? [] : runs(`${what}  `, { weight: 'Bolder' })),
      ...runs(words.evidenceRow({ ...row, where: clean(row.where, 60) })),
    ],
  };
}

function loudest(logs: Extract<LogEvidence, { state: 'found' }>, words: Words): readonly Element[] {
  const [first] = logs.loudest;
  if (!first || first.share < loudShare) return [];
  return [say(words.loudestDevice(clean(first.device, 80), first.count, first.share), {}, { spacing: 'Small' })];
}

/** A button that opens the same look at the logs in the portal. */
export function queryLink({ subject, diagnosis }: Incident, words: Words): Action[] {
  const { logs } = diagnosis;
  if (subject.kind !== 'hub' || (logs.state !== 'found' && logs.state !== 'empty')) return [];
  return [
    {
      type: 'Action.OpenUrl',
      title: words.labels.openQuery,
      url: logsUrl(subject.hub.id, readableKql(logs.window), logs.window),
      mode: 'secondary',
    },
  ];
}

/** For people: codes by category and minute, with the devices behind them. */
function readableKql(window: Span): string {
  return `AzureDiagnostics
| where TimeGenerated between (datetime(${iso(window.from)}) .. datetime(${iso(window.to)}))
| where ResourceProvider == "MICROSOFT.DEVICES" and ResourceType == "IOTHUBS"
| where Level =~ "Error" or isnotempty(ResultType)
| extend device = tostring(parse_json(properties_s).deviceId)
| summarize records = count(), devices = dcount(device), sample = take_any(ResultDescription) by ResultType, Category, bin(TimeGenerated, 1m)
| order by TimeGenerated asc, records desc`;
}

/** The portal's logs page takes a query compressed and encoded in its address. */
function logsUrl(hubId: string, query: string, window: Span): string {
  const packed = encodeURIComponent(gzipSync(query).toString('base64'));
  const span = encodeURIComponent(`${iso(window.from)}/${iso(window.to)}`);
  return `https://portal.azure.com/#blade/Microsoft_OperationsManagementSuite_Workspace/Logs.ReactView/resourceId/${encodeURIComponent(hubId)}/source/LogsBlade.AnalyticsShareLinkToQuery/q/${packed}/timespan/${span}`;
}
