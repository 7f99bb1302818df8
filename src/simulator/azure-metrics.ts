import { DAY, HOUR, MINUTE, floorTo, iso, type EpochMs } from '../time/time.ts';
import { failure, type AzureAnswer, type AzureRequest } from './azure-http.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { publishedBin } from './publication.ts';
import type { ScenarioHub } from './scenario.ts';

const grains: ReadonlyMap<string, number> = new Map(
  Object.entries({
    PT1M: MINUTE,
    PT5M: 5 * MINUTE,
    PT15M: 15 * MINUTE,
    PT30M: 30 * MINUTE,
    PT1H: HOUR,
    PT6H: 6 * HOUR,
    PT12H: 12 * HOUR,
    P1D: DAY,
  }),
);
const retentionMs = 93 * DAY;

interface Ask {
  readonly names: readonly string[];
  readonly aggregations: readonly ('total' | 'average' | 'minimum' | 'maximum' | 'count')[];
  readonly interval: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** `GET {hub}/providers/Microsoft.Insights/metrics` and `POST /subscriptions/{id}/metrics:getBatch`. */
export function answerMetrics(request: AzureRequest): AzureAnswer {
  const batch = request.path.toLowerCase().endsWith('/metrics:getbatch');
  const ask = parseAsk(request.query, batch);
  if (typeof ask === 'string') return refuse(batch, 'BadRequest', ask);
  if (!batch) {
    const id = request.path.slice(0, request.path.toLowerCase().indexOf('/providers/microsoft.insights/'));
    const hub = hubById(request, id);
    if (!hub) return refuse(false, 'ResourceNotFound', `The resource ${id} was not found.`, 404);
    return {
      status: 200,
      body: {
        cost: 0,
        timespan: `${iso(ask.from)}/${iso(ask.to)}`,
        interval: ask.interval,
        namespace: 'Microsoft.Devices/IotHubs',
        resourceregion: hub.region,
        value: metricsOf(request, hub, ask),
      },
    };
  }
  const ids = (request.body as { resourceids?: unknown } | undefined)?.resourceids;
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 50)
    return refuse(true, 'BadRequest', 'resourceids must name 1 to 50 resources.');
  const subscription = /^\/subscriptions\/([^/]+)\//i.exec(request.path)?.[1]?.toLowerCase();
  const region = /^([a-z0-9]+)\.metrics\.monitor\.azure\.com/i.exec(request.host)?.[1];
  const hubs = ids.map((id) => hubById(request, String(id)));
  const foreign = hubs.find(
    (hub) => hub && (hub.subscription !== subscription || (region !== undefined && hub.region !== region)),
  );
  if (foreign) return refuse(true, 'BadRequest', `${foreign.id} is not of this subscription and region.`);
  const missing = hubs.findIndex((hub) => !hub);
  if (missing >= 0) return refuse(true, 'ResourceNotFound', `The resource ${String(ids[missing])} was not found.`, 404);
  return {
    status: 200,
    body: {
      values: hubs
        .filter((hub) => hub !== undefined)
        .map((hub) => ({
          starttime: iso(ask.from),
          endtime: iso(ask.to),
          interval: ask.interval,
          namespace: 'Microsoft.Devices/IotHubs',
          resourceregion: hub.region,
          resourceid: hub.id,
          value: metricsOf(request, hub, ask),
        })),
    },
  };
}

function parseAsk(query: URLSearchParams, batch: boolean): Ask | string {
  const [spanFrom = '', spanTo = ''] = (query.get('timespan') ?? '').split('/');
  const from = Date.parse(batch ? (query.get('starttime') ?? '') : spanFrom);
  const to = Date.parse(batch ? (query.get('endtime') ?? '') : spanTo);
  if (Number.isNaN(from) || Number.isNaN(to) || from >= to) return 'The time span is missing or malformed.';
  const interval = query.get('interval') ?? 'PT1M';
  if (!grains.has(interval)) return `The interval ${interval} is not one of ${[...grains.keys()].join(', ')}.`;
  const names = (query.get('metricnames') ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0 || names.length > 20) return 'metricnames must name 1 to 20 metrics.';
  const aggregations: Ask['aggregations'][number][] = [];
  for (const word of (query.get('aggregation') ?? 'average').split(',')) {
    const aggregation = word.trim().toLowerCase();
    if (!isAggregation(aggregation)) return `The aggregation ${word} is unknown.`;
    aggregations.push(aggregation);
  }
  for (const name of names) {
    const definition = metricDefinitions.get(name.toLowerCase());
    if (!definition) return `Failed to find metric configuration for ${name}.`;
    if (definition.kind === 'snapshot' && aggregations.some((a) => a === 'total'))
      return `${name} does not support Total.`;
  }
  return { names, aggregations, interval, from, to };
}

function isAggregation(word: string): word is Ask['aggregations'][number] {
  return ['total', 'average', 'minimum', 'maximum', 'count'].includes(word);
}

function metricsOf({ world, now }: AzureRequest, hub: ScenarioHub, ask: Ask): unknown[] {
  const grainMs = grains.get(ask.interval) ?? MINUTE;
  const oldest = now - retentionMs;
  return ask.names.map((asked) => {
    const name = metricDefinitions.get(asked.toLowerCase())?.name ?? asked;
    const data: Record<string, unknown>[] = [];
    for (let at = floorTo(ask.from, grainMs); at < ask.to && at < now; at += grainMs) {
      const bin = at < oldest ? undefined : publishedBin(world, hub, name, at, grainMs, now);
      const point: Record<string, unknown> = { timeStamp: iso(at).replace('.000Z', 'Z') };
      if (bin) for (const aggregation of ask.aggregations) point[aggregation] = bin[aggregation];
      data.push(point);
    }
    return {
      id: `${hub.id}/providers/Microsoft.Insights/metrics/${name}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: name, localizedValue: name },
      displayDescription: name,
      unit: 'Count',
      errorCode: 'Success',
      timeseries: [{ metadatavalues: [], data }],
    };
  });
}

export function hubById({ world, now }: AzureRequest, id: string): ScenarioHub | undefined {
  const lower = id.toLowerCase().replace(/\/+$/, '');
  const hub = indexOf(world.scenario.hubs).get(lower);
  return hub && !world.facts(hub, now).deleted ? hub : undefined;
}

const indexes = new WeakMap<readonly ScenarioHub[], ReadonlyMap<string, ScenarioHub>>();
function indexOf(hubs: readonly ScenarioHub[]): ReadonlyMap<string, ScenarioHub> {
  let index = indexes.get(hubs);
  if (!index) {
    index = new Map(hubs.map((hub) => [hub.id.toLowerCase(), hub]));
    indexes.set(hubs, index);
  }
  return index;
}

/** Single-resource metrics answer their errors flat; everything else nests them under `error`. */
function refuse(batch: boolean, code: string, message: string, status = 400): AzureAnswer {
  return batch ? failure(status, code, message) : { status, body: { code, message } };
}
