import * as z from 'zod';
import { failure, type AzureAnswer, type AzureRequest } from './azure-http.ts';
import { hubById } from './azure-metrics.ts';
import { KqlFault, placeOf } from './kql/fault.ts';
import { runQuery } from './kql/run-query.ts';
import { wireTable, type WireTable } from './kql/wire-table.ts';
import { maxRecords } from './log-records.ts';
import { diagnosticsTable } from './log-table.ts';
import { parseLogsTimespan } from './logs-timespan.ts';
import { concerns, isDuring, type ScenarioHub } from './scenario.ts';

const bodySchema = z.object({ query: z.string(), timespan: z.string().nullish() });
const batchSchema = z.object({
  requests: z
    .array(z.object({ id: z.string(), workspace: z.string(), body: z.unknown() }))
    .min(1)
    .max(100),
});

/**
 * The log queries of Azure Monitor: `POST /v1/workspaces/{id}/query` over all hubs (every workspace is the same one),
 * `POST /v1/{scope}/query` over those of a subscription, a resource group or one hub, and `POST /v1/$batch`. Hubs without
 * a diagnostic setting have no records; a hub that is deleted keeps those it had, but is no scope any more.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format
 */
export function answerLogs(request: AzureRequest): AzureAnswer {
  if (request.method !== 'POST') return failure(405, 'MethodNotAllowed', 'Log queries are answered by POST only.');
  if (/^\/v1\/\$batch$/i.test(request.path)) return answerBatch(request);
  const scope = request.path.replace(/^\/v1/i, '').replace(/\/query$/i, '');
  const hubs = hubsIn(scope, request);
  if (!hubs) return failure(404, 'ResourceNotFoundError', `The resource ${scope} was not found.`);
  return answerQuery(request, hubs, request.body);
}

/** The hubs that a scope holds: `/workspaces/{id}`, `/subscriptions/{id}`, a resource group's id or a hub's. */
function hubsIn(scope: string, request: AzureRequest): readonly ScenarioHub[] | undefined {
  const { hubs } = request.world.scenario;
  if (/^\/workspaces\/[^/]+$/i.test(scope)) return hubs;
  const group = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?$/i.exec(scope);
  if (!group) {
    const hub = hubById(request, scope);
    return hub && [hub];
  }
  const [subscription, resourceGroup] = [group[1]?.toLowerCase(), group[2]?.toLowerCase()];
  const own = hubs.filter(
    (hub) =>
      hub.subscription.toLowerCase() === subscription &&
      (resourceGroup === undefined || hub.resourceGroup.toLowerCase() === resourceGroup),
  );
  return own.length > 0 ? own : undefined;
}

function answerQuery({ world, now }: AzureRequest, hubs: readonly ScenarioHub[], body: unknown): AzureAnswer {
  const asked = bodySchema.safeParse(body);
  if (!asked.success) return invalid('The body holds no query.', 'InvalidBody');
  const { query, timespan } = asked.data;
  const span = parseLogsTimespan(timespan ?? '', now);
  if (!span) return invalid(`The timespan '${(timespan ?? '').slice(0, 80)}' is not ISO 8601.`, 'InvalidTimespan');
  const table = diagnosticsTable(world, hubs, span, now);
  try {
    const found = wireTable(runQuery(query, new Map([['AzureDiagnostics', table]]), now));
    const partial = world.scenario.events.some(
      (event) =>
        event.kind === 'azure' &&
        event.api === 'logs' &&
        event.answer === 'partial' &&
        isDuring(event, now - world.scenario.startsAt) &&
        hubs.some((hub) => concerns(event, hub.name)),
    );
    if (partial)
      return withError(
        { ...found, rows: found.rows.slice(0, Math.floor(found.rows.length / 2)) },
        'The scenario cuts it.',
      );
    if (table.wasThinned())
      return withError(found, `More than ${maxRecords} records fit the query: it was run on a part of them.`);
    return { status: 200, body: { tables: [found] } };
  } catch (error) {
    if (!(error instanceof KqlFault)) throw error;
    const { line, column } = placeOf(query, error.at);
    return invalid(`${error.message} [line ${line}, column ${column}]`, error.kind);
  }
}

/** Rows together with an error: the query was answered, but not in full. */
function withError(table: WireTable, message: string): AzureAnswer {
  const innererror = { code: 'PartialResult', message, severity: 2, severityName: 'Error' };
  return {
    status: 200,
    body: {
      tables: [table],
      error: {
        code: 'PartialError',
        message: 'There were some errors when processing your query.',
        details: [{ code: 'EngineError', message: 'The query was answered in part only.', innererror }],
      },
    },
  };
}

function invalid(message: string, code: string): AzureAnswer {
  const error = {
    code: 'BadArgumentError',
    message: 'The request had some invalid properties',
    innererror: { code, message },
  };
  return { status: 400, body: { error } };
}

/** Several queries at once, each against its workspace; each has an answer and a status of its own. */
function answerBatch(request: AzureRequest): AzureAnswer {
  const batch = batchSchema.safeParse(request.body);
  if (!batch.success) return invalid('The body holds no batch of queries.', 'InvalidBody');
  const responses = batch.data.requests.map(({ id, body }) => ({
    id,
    ...answerQuery(request, request.world.scenario.hubs, body),
    headers: {},
  }));
  return { status: 200, body: { responses } };
}
