import {
  LogsQueryClient,
  LogsQueryResultStatus,
  MetricsClient,
  MetricsQueryClient,
  type AggregationType,
  type LogsTable,
  type MetricsQueryResult,
} from '@azure/monitor-query';
import * as z from 'zod';
import { OperationalError } from '../failure/operational-error.ts';
import type { Hub } from '../hubs/hub.ts';
import type { Aggregation, HubReading, MetricQuery, MetricRequest, MetricSource, Series } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { AzureConnection } from './connection.ts';
import { clock, inParallel, tickBudget, withinBudget, type Budget } from './budget.ts';
import { azureFailure } from './failures.ts';

const namespace = 'Microsoft.Devices/IotHubs';
/** Single-resource reads at a time, per batch: Resource Manager refills 25 reads a second for one principal. */
const singleReads = 5;
/** Reading the hubs of a batch one by one may take so many times the budget of one reading: the invocation has an end. */
const singleReadBudgets = 2;
/** After the batch endpoint has refused a subscription, single reads are used for that long. */
const batchRefusedMs = 30 * MINUTE;

const intervals: ReadonlyMap<number, string> = new Map([
  [MINUTE, 'PT1M'],
  [5 * MINUTE, 'PT5M'],
  [15 * MINUTE, 'PT15M'],
  [30 * MINUTE, 'PT30M'],
  [HOUR, 'PT1H'],
  [6 * HOUR, 'PT6H'],
  [12 * HOUR, 'PT12H'],
  [DAY, 'P1D'],
]);

/**
 * Azure Monitor's metrics: up to 50 hubs in one batch call, or one by one where the batch endpoint refuses (it wants
 * Monitoring Reader on the whole subscription, and answers 404 if a single hub is gone).
 * @see https://learn.microsoft.com/rest/api/monitor/metrics-batch/batch
 */
export function azureMetrics(connection: AzureConnection, budget: Budget = tickBudget): MetricSource {
  const single = new MetricsQueryClient(connection.credential, connection.clientOptions);
  const batches = new Map<string, MetricsClient>();
  const refusedUntil = new Map<string, EpochMs>();

  function batchClient(region: string): MetricsClient {
    let client = batches.get(region);
    if (!client) {
      client = new MetricsClient(
        `https://${region}.metrics.monitor.azure.com`,
        connection.credential,
        connection.clientOptions,
      );
      batches.set(region, client);
    }
    return client;
  }

  async function read(query: MetricQuery, signal?: AbortSignal): Promise<readonly HubReading[]> {
    const [first] = query.hubs;
    if (!first) return [];
    const place = `${first.subscriptionId}:${first.region}`;
    if (query.span.to < (refusedUntil.get(place) ?? 0) || query.hubs.length === 1) return oneByOne(query, signal);
    try {
      return await asBatch(query, first, signal);
    } catch (error) {
      const failure = azureFailure(error, `metrics of ${String(query.hubs.length)} hubs`, 'Monitoring Reader');
      if (failure.code === 'azure.auth' || failure.code === 'azure.refused')
        refusedUntil.set(place, query.span.to + batchRefusedMs);
      else if (failure.code !== 'azure.not-found' && failure.code !== 'azure.malformed')
        return query.hubs.map((hub) => ({ hubId: hub.id, failure }));
      return oneByOne(query, signal);
    }
  }

  async function asBatch(query: MetricQuery, { region }: Hub, signal?: AbortSignal): Promise<readonly HubReading[]> {
    const answers = await Promise.all(
      byCall(query.metrics).map((metrics) =>
        withinBudget(
          budget,
          (error) => azureFailure(error, `metrics of ${String(query.hubs.length)} hubs`, 'Monitoring Reader'),
          (timeout) =>
            batchClient(region).queryResources(
              query.hubs.map((hub) => hub.id),
              metrics.map(({ metric }) => metric),
              namespace,
              {
                startTime: new Date(query.span.from),
                endTime: new Date(query.span.to),
                interval: interval(query.grainMs),
                aggregation: [...new Set(metrics.map(({ aggregation }) => aggregation))].join(','),
                abortSignal: signal ? AbortSignal.any([signal, timeout]) : timeout,
              },
            ),
        ),
      ),
    );
    const found = answers.map((results) => byHub(results, query.hubs));
    return query.hubs.map((hub) => {
      const results = found.flatMap((answer) => answer.get(hub.id) ?? []);
      // Half of the figures would be taken for all of them.
      return reading(hub, query, results.length === answers.length ? results : []);
    });
  }

  function oneByOne(query: MetricQuery, signal?: AbortSignal): Promise<readonly HubReading[]> {
    const { now } = budget.timer ?? clock;
    const deadline = now() + singleReadBudgets * budget.totalMs;
    return inParallel(query.hubs, singleReads, async (hub): Promise<HubReading> => {
      const describe = (error: unknown): OperationalError =>
        azureFailure(error, `metrics of ${hub.name}`, 'Monitoring Reader');
      const left = deadline - now();
      if (left <= 0) return { hubId: hub.id, failure: noTimeLeft(hub) };
      const share = { ...budget, totalMs: Math.min(budget.totalMs, left) };
      try {
        const results = await Promise.all(
          byCall(query.metrics).map((metrics) =>
            withinBudget(share, describe, (timeout) =>
              single.queryResource(
                hub.id,
                metrics.map(({ metric }) => metric),
                {
                  timespan: { startTime: new Date(query.span.from), endTime: new Date(query.span.to) },
                  granularity: interval(query.grainMs),
                  aggregations: [...new Set(metrics.map(({ aggregation }) => sdkAggregations[aggregation]))],
                  abortSignal: signal ? AbortSignal.any([signal, timeout]) : timeout,
                },
              ),
            ),
          ),
        );
        return reading(hub, query, results);
      } catch (error) {
        return { hubId: hub.id, failure: describe(error) };
      }
    });
  }

  return { read };
}

/**
 * The results of one answer by hub. The service echoes the id under a name that the SDK's type leaves out; without ids the
 * place tells, but only if nothing has been left out: a hub must never be judged by another one's figures.
 */
function byHub(results: readonly MetricsQueryResult[], hubs: readonly Hub[]): ReadonlyMap<string, MetricsQueryResult> {
  const named = results.map(
    (result) => [(result as { resourceId?: string }).resourceId?.toLowerCase(), result] as const,
  );
  if (named.every(([id]) => id === undefined) && results.length === hubs.length)
    return new Map(hubs.flatMap(({ id }, i) => (results[i] ? [[id, results[i]]] : [])));
  return new Map(named.flatMap(([id, result]) => (id === undefined ? [] : [[id, result]])));
}

function noTimeLeft({ name }: Hub): OperationalError {
  return new OperationalError('azure.unavailable', `There was no time left to read metrics of ${name}`, {
    hint: 'Give the function app\'s identity the role "Monitoring Reader" on the subscription, so that hubs are read together.',
    retryable: true,
  });
}

const sdkAggregations: Readonly<Record<Aggregation, AggregationType>> = {
  total: 'Total',
  average: 'Average',
  minimum: 'Minimum',
  maximum: 'Maximum',
};

function interval(grainMs: number): string {
  const found = intervals.get(grainMs);
  if (found === undefined) throw new Error(`Azure Monitor has no interval of ${String(grainMs)} ms`);
  return found;
}

/** Azure answers for at most so many metrics at once. @see https://learn.microsoft.com/rest/api/monitor/metrics-batch/batch */
const metricsPerCall = 20;

/** Snapshots do not support Total, so they are asked for apart from the event counts. */
function byCall(metrics: readonly MetricRequest[]): readonly MetricRequest[][] {
  const counts = metrics.filter(({ aggregation }) => aggregation === 'total');
  const snapshots = metrics.filter(({ aggregation }) => aggregation !== 'total');
  return [counts, snapshots].flatMap((call) =>
    Array.from({ length: Math.ceil(call.length / metricsPerCall) }, (_, i) =>
      call.slice(i * metricsPerCall, (i + 1) * metricsPerCall),
    ),
  );
}

/**
 * The part of an answer that is read. The SDK leaves a missing value out and an explicit null in; a value or time that is
 * none is a gap, and no reason to lose the rest.
 */
const resultSchema = z.object({
  metrics: z.array(
    z.object({
      name: z.string(),
      timeseries: z.array(z.object({ data: z.array(z.looseObject({ timeStamp: z.unknown().optional() })).nullish() })),
    }),
  ),
});

function reading(hub: Hub, query: MetricQuery, results: readonly unknown[]): HubReading {
  const metrics = results.map((result) => resultSchema.safeParse(result));
  const broken = metrics.find((parsed) => !parsed.success);
  if (broken || results.length === 0)
    return {
      hubId: hub.id,
      failure: new OperationalError('azure.malformed', `Azure's answer holds no readable metrics of ${hub.name}`, {
        hint: 'It is read again at the next evaluation; if this goes on, report the message.',
        retryable: true,
        cause: broken?.error,
      }),
    };
  const found = metrics.flatMap((parsed) => parsed.data?.metrics ?? []);
  return {
    hubId: hub.id,
    series: query.metrics.map((request) => series(hub, query, request, found)),
  };
}

type Found = z.infer<typeof resultSchema>['metrics'];

function series(
  hub: Hub,
  { span, grainMs }: MetricQuery,
  { metric, aggregation }: MetricRequest,
  found: Found,
): Series {
  const values = new Map<EpochMs, number>();
  for (const { name, timeseries } of found) {
    if (name.toLowerCase() !== metric.toLowerCase()) continue;
    for (const point of timeseries.flatMap(({ data }) => data ?? [])) {
      const value = point[aggregation];
      const time = point.timeStamp instanceof Date ? point.timeStamp.getTime() : Number.NaN;
      if (typeof value === 'number' && Number.isFinite(value)) values.set(time, value);
    }
  }
  const points = [];
  for (let at = Math.ceil(span.from / grainMs) * grainMs; at < span.to; at += grainMs)
    points.push({ at, value: values.get(at) ?? null });
  return { hubId: hub.id, metric, aggregation, grainMs, points };
}

/** What a query is run against: a workspace by its id, or the logs of one Azure resource (or of a whole subscription). */
export type LogTarget = { readonly workspaceId: string } | { readonly resourceId: string };

/** The first table of an answer, its rows as records by column name in lower case. */
export interface LogTable {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Azure could not read everything: the rows are some of them. */
  readonly partial: boolean;
}

/** Azure answers a query within this time or not at all; the incident's card does not wait for it. */
const logWaitSeconds = 20;

/**
 * Log Analytics queries.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/api/overview
 */
export function azureLogQueries(
  connection: AzureConnection,
  budget: Budget = tickBudget,
): (target: LogTarget, query: string, span: Span) => Promise<LogTable> {
  const client = new LogsQueryClient(connection.credential, connection.clientOptions);
  return (target, query, span) =>
    withinBudget(
      budget,
      (error) => azureFailure(error, 'the resource logs', 'Log Analytics Reader'),
      async (abortSignal) => {
        const timespan = { startTime: new Date(span.from), endTime: new Date(span.to) };
        const options = { serverTimeoutInSeconds: logWaitSeconds, abortSignal };
        const result =
          'workspaceId' in target
            ? await client.queryWorkspace(target.workspaceId, query, timespan, options)
            : await client.queryResource(target.resourceId, query, timespan, options);
        const partial = result.status === LogsQueryResultStatus.PartialFailure;
        const tables = result.status === LogsQueryResultStatus.PartialFailure ? result.partialTables : result.tables;
        return { rows: records(tables[0]), partial };
      },
    );
}

function records(table: LogsTable | undefined): readonly Readonly<Record<string, unknown>>[] {
  if (!table || !Array.isArray(table.rows) || !Array.isArray(table.columnDescriptors)) return [];
  const names = table.columnDescriptors.map(({ name }) => String(name).toLowerCase());
  return table.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}
