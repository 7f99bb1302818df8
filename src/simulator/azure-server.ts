import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EpochMs } from '../time/time.ts';
import { answerArm } from './azure-arm.ts';
import { answerLogs } from './azure-logs.ts';
import { failure, type AzureAnswer, type AzureRequest } from './azure-http.ts';
import { answerMetrics } from './azure-metrics.ts';
import { concerns, isDuring, type ScenarioEvent } from './scenario.ts';
import type { World } from './world.ts';

export type Api = Extract<ScenarioEvent, { kind: 'azure' }>['api'];

export interface AzureStandIn {
  readonly url: string;
  /** How many requests of each kind were answered, for tests and benchmarks. */
  readonly counts: Readonly<Record<Api, number>>;
  close(): Promise<void>;
}

/** The largest request that is read; the biggest real one (50 hub ids) is 15 kB. */
const maxBytes = 1_000_000;

/**
 * Serves the Azure endpoints that Hubwatch calls, with the formats that the SDK clients send and accept, from a
 * simulated world. Loopback only.
 */
export async function startAzureStandIn(options: {
  readonly world: World;
  readonly now: () => EpochMs;
  readonly port?: number;
}): Promise<AzureStandIn> {
  const counts: Record<Api, number> = { metrics: 0, batch: 0, inventory: 0, quota: 0, logs: 0, health: 0, token: 0 };
  const server = createServer((request, response) => {
    void respond(request, response, options.world, options.now, counts);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  world: World,
  now: () => EpochMs,
  counts: Record<Api, number>,
): Promise<void> {
  // Whoever reads from outside learns from it what time it is here.
  outgoing.setHeader('date', new Date(now()).toUTCString());
  try {
    const url = new URL(`http://stand-in${incoming.url ?? '/'}`);
    const path = decodeURIComponent(url.pathname).replace(/\/{2,}/g, '/');
    const text = await readBody(incoming);
    const request: AzureRequest = {
      method: incoming.method ?? 'GET',
      path,
      query: url.searchParams,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      host: String(incoming.headers['x-original-host'] ?? incoming.headers.host ?? ''),
      now: now(),
      world,
    };
    const api = apiOf(request);
    if (api !== undefined) counts[api]++;
    if (api !== 'token' && !/^Bearer .+/.test(incoming.headers.authorization ?? '')) {
      send(outgoing, failure(401, 'InvalidAuthenticationToken', 'The access token is missing.'));
      return;
    }
    const fault = api === undefined ? undefined : faultOf(request, api);
    if (fault === 'hang') return;
    if (fault === 'malformed') {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[{"timeseries":');
      return;
    }
    if (fault) {
      send(outgoing, fault);
      return;
    }
    send(outgoing, answer(request, api));
  } catch (error) {
    send(outgoing, failure(400, 'BadRequest', String(error)));
  }
}

function answer(request: AzureRequest, api: Api | undefined): AzureAnswer {
  switch (api) {
    case 'metrics':
    case 'batch':
      return answerMetrics(request);
    case 'logs':
      return answerLogs(request);
    case 'inventory':
    case 'quota':
    case 'health':
      return answerArm(request);
    case 'token':
      return {
        status: 200,
        body: {
          access_token: 'stand-in',
          expires_on: String(4_102_444_800),
          resource: request.query.get('resource'),
          token_type: 'Bearer',
        },
      };
    case undefined:
      return failure(404, 'NotFound', `The stand-in does not serve ${request.method} ${request.path}`);
  }
}

function apiOf({ method, path }: AzureRequest): Api | undefined {
  const lower = path.toLowerCase();
  if (lower === '/msi/token') return 'token';
  if (method === 'POST' && lower.endsWith('/metrics:getbatch')) return 'batch';
  if (lower.endsWith('/providers/microsoft.insights/metrics')) return 'metrics';
  if (lower.startsWith('/v1/') && (lower.endsWith('/query') || lower === '/v1/$batch')) return 'logs';
  if (lower.includes('/providers/microsoft.resourcehealth/availabilitystatuses')) return 'health';
  if (lower.endsWith('/quotametrics')) return 'quota';
  if (
    lower === '/subscriptions' ||
    lower.includes('/providers/microsoft.devices/iothubs') ||
    lower === '/providers/microsoft.resourcegraph/resources'
  )
    return 'inventory';
  return undefined;
}

/** What an `azure` event of the scenario makes of this request. */
function faultOf(request: AzureRequest, api: Api): AzureAnswer | 'hang' | 'malformed' | undefined {
  const { world, now } = request;
  const named = JSON.stringify(request.body ?? '').toLowerCase() + request.path.toLowerCase();
  for (const event of world.scenario.events) {
    if (event.kind !== 'azure' || event.api !== api || !isDuring(event, now - world.scenario.startsAt)) continue;
    if (
      event.hubs &&
      !world.scenario.hubs.some((hub) => concerns(event, hub.name) && named.includes(`/${hub.name.toLowerCase()}`))
    )
      continue;
    if (event.answer === 'hang' || event.answer === 'malformed') return event.answer;
    if (event.answer === 'empty') return { status: 200, body: { value: [], values: [], tables: [] } };
    if (event.answer === 'partial') return undefined;
    const headers: Record<string, string> =
      event.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(event.retryAfter / 1000)) };
    return {
      ...failure(
        event.answer,
        `Simulated${String(event.answer)}`,
        `The scenario makes ${api} answer ${String(event.answer)}.`,
      ),
      headers,
    };
  }
  return undefined;
}

function send(outgoing: ServerResponse, { status, body, headers }: AzureAnswer): void {
  if (outgoing.writableEnded) return;
  outgoing
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.byteLength;
    if (length > maxBytes) throw new Error('the request is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
