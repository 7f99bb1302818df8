import { iso, type Span } from '../time/time.ts';

// The queries that Hubwatch runs by itself. They keep to the plainest Kusto, count on the server, and are bounded in
// time and rows. `_ResourceId` differs in letter case by source, so it is lowered.

/** Rows of an answer; a workspace of a thousand hubs in trouble stays below it. */
const maxRows = 20_000;
const maxDevices = 300;
const maxRaw = 10_000;

const iotHubs = (span: Span): string => `AzureDiagnostics
| where TimeGenerated >= datetime(${iso(span.from)}) and TimeGenerated < datetime(${iso(span.to)})
| where ResourceProvider == "MICROSOFT.DEVICES" and ResourceType == "IOTHUBS"`;

/** Only errors and connections count; the columns of AzureDiagnostics exist only once a row has used them. */
const coded = `| extend code = case(ResultType matches regex @"^[45]\\d{5}$", ResultType, ResultDescription matches regex @"\\b[45]\\d{5}\\b", extract(@"\\b([45]\\d{5})\\b", 1, ResultDescription), ResultType)
| extend failed = Level =~ "Error"
| where failed or isnotempty(code) or OperationName =~ "deviceConnect"
| extend properties = parse_json(column_ifexists("properties_s", ""))
| extend device = tostring(properties.deviceId)`;

/** Per hub, category, code, operation and minute. */
export function sweepKql(span: Span): string {
  return `${iotHubs(span)}
${coded}
| summarize events = count(), devices = dcount(device), firstat = min(TimeGenerated), lastat = max(TimeGenerated) by hub = tolower(_ResourceId), category = Category, code, operation = OperationName, failed, minute = bin(TimeGenerated, 1m)
| take ${String(maxRows)}`;
}

/** One hub: per category, code and operation, before and in the window. */
export function countsKql(hubId: string, window: Span): string {
  const length = window.to - window.from;
  return `${iotHubs({ from: window.from - length, to: window.to })}
| where tolower(_ResourceId) == "${hubId}"
${coded}
| extend inwindow = TimeGenerated >= datetime(${iso(window.from)})
| summarize events = count(), devices = dcount(device), firstat = min(TimeGenerated), lastat = max(TimeGenerated) by category = Category, code, operation = OperationName, failed, inwindow
| take ${String(maxRows)}`;
}

/** One hub: the devices with most errors in the window, and whether those that dropped came back. */
export function devicesKql(hubId: string, window: Span): string {
  return `${iotHubs(window)}
| where tolower(_ResourceId) == "${hubId}"
${coded}
| where isnotempty(device)
| extend dropped = code in ("404104", "401003"), connected = OperationName =~ "deviceConnect" and not(failed) and isempty(code)
| extend dropat = iff(dropped, TimeGenerated, datetime(null)), connectat = iff(connected, TimeGenerated, datetime(null))
| summarize errors = countif(isnotempty(code)), drops = countif(dropped), connects = countif(connected), lastdropat = max(dropat), lastconnectat = max(connectat) by device, status = substring(code, 0, 3), sdk = tostring(properties.sdkVersion)
| order by errors desc
| take ${String(maxDevices)}`;
}

/** The records themselves, for a server that cannot run the queries above. */
export function rawKql(hubId: string | undefined, span: Span): string {
  return `${iotHubs(span)}${hubId === undefined ? '' : `\n| where tolower(_ResourceId) == "${hubId}"`}
| take ${String(maxRaw)}`;
}
