import type { QueryId, Text } from './schema.ts';

/** A query for the hub's resource logs in Log Analytics, in KQL, as it can be pasted there. */
export interface NamedQuery {
  readonly title: Text;
  readonly kql: string;
}

const hubRows = 'ResourceProvider == "MICROSOFT.DEVICES" and ResourceType == "IOTHUBS"';

/** The texts of the queries that the catalogue's checks name. */
export const queries: Readonly<Record<QueryId, NamedQuery>> = {
  codes: {
    title: { en: 'Error codes per hub, category and 5 minutes', fr: 'Codes d’erreur par hub, catégorie et 5 minutes' },
    kql: String.raw`AzureDiagnostics
| where TimeGenerated > ago(1h) and ${hubRows}
| where Level =~ "Error" or ResultType matches regex @"^\d{3,6}$"
| extend p = parse_json(properties_s)
| extend code = case(
    ResultType matches regex @"^\d{6}$", ResultType,
    ResultDescription matches regex @"\b[45]\d{5}\b", extract(@"\b([45]\d{5})\b", 1, ResultDescription),
    isnotempty(tostring(p.statusCode)), tostring(p.statusCode),
    isnotempty(ResultType), ResultType, "none")
| summarize events = count(), devices = dcount(tostring(p.deviceId)), sample = take_any(ResultDescription)
    by hub = tolower(_ResourceId), category = Category, code, bin(TimeGenerated, 5m)
| order by hub asc, TimeGenerated asc, events desc`,
  },
  throttled: {
    title: { en: 'Who is throttled, and in which category', fr: 'Qui est limité, et dans quelle catégorie' },
    kql: `AzureDiagnostics
| where TimeGenerated > ago(1h) and ${hubRows}
| where ResultType startswith "429"
| extend device = tostring(parse_json(properties_s).deviceId)
| summarize hits = count() by hub = tolower(_ResourceId), Category, ResultType, device
| top 20 by hits desc`,
  },
  'token-renewal': {
    title: {
      en: 'Are dropped devices back within two minutes?',
      fr: 'Les appareils coupés reviennent-ils en deux minutes ?',
    },
    kql: `let ev = materialize(AzureDiagnostics
| where TimeGenerated > ago(3h) and ${hubRows} and Category == "Connections"
| extend p = parse_json(properties_s)
| project at = TimeGenerated, hub = tolower(_ResourceId), device = tostring(p.deviceId), op = OperationName,
    Level, code = ResultType, sdk = tostring(p.sdkVersion));
let drops = ev | where code in ("401003", "404104");
let backs = ev | where op =~ "deviceConnect" and Level !~ "Error" | project hub, device, backAt = at;
drops
| join kind=leftouter backs on hub, device
| extend back = iff(isnotnull(backAt) and backAt between (at .. (at + 2m)), 1, 0)
| summarize back = max(back) by hub, device, at, code, sdk
| summarize drops = count(), returned = sum(back), devices = dcount(device), sdks = make_set(sdk, 5)
    by hub, code, bin(at, 15m)`,
  },
  'renewal-regularity': {
    title: { en: 'How regular are the drops of each device?', fr: 'Quelle régularité entre les coupures ?' },
    kql: `AzureDiagnostics
| where TimeGenerated > ago(12h) and ${hubRows}
| where Category == "Connections" and ResultType == "404104"
| project at = TimeGenerated, hub = tolower(_ResourceId), device = tostring(parse_json(properties_s).deviceId)
| sort by hub asc, device asc, at asc
| extend gapMin = iff(prev(hub) == hub and prev(device) == device, (at - prev(at)) / 1m, real(null))
| summarize n = countif(isnotnull(gapMin)), med = percentile(gapMin, 50), sd = stdev(gapMin) by hub, device
| where n >= 3
| summarize devices = count(), regular = countif(sd < 3 and med > 4), medOfMed = percentile(med, 50) by hub`,
  },
  reconnects: {
    title: { en: 'Connects per second and what stands in their way', fr: 'Connexions par seconde et ce qui les gêne' },
    kql: `AzureDiagnostics
| where TimeGenerated > ago(1h) and ${hubRows} and Category == "Connections"
| extend device = tostring(parse_json(properties_s).deviceId)
| summarize connects = countif(OperationName =~ "deviceConnect" and Level !~ "Error"), devices = dcount(device),
    double = countif(ResultType in ("409002", "400027")), throttled = countif(ResultType startswith "429"),
    server = countif(ResultType startswith "500" or ResultType startswith "503"),
    closed = countif(ResultType == "404104")
    by hub = tolower(_ResourceId), bin(TimeGenerated, 1m)
| extend perSecond = connects / 60.0, perDevice = iff(devices == 0, 0.0, todouble(connects) / devices)`,
  },
  'log-feed': {
    title: { en: 'Do the logs arrive, and how late?', fr: 'Les journaux arrivent-ils, et avec quel retard ?' },
    kql: `AzureDiagnostics
| where TimeGenerated > ago(24h) and ${hubRows}
| extend lag = ingestion_time() - TimeGenerated
| summarize rows = count(), last = max(TimeGenerated), p95lag = percentile(lag, 95)
    by hub = tolower(_ResourceId), Category`,
  },
};
