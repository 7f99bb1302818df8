import { iso } from '../time/time.ts';
import { hubById } from './azure-metrics.ts';
import { failure, type AzureAnswer, type AzureRequest } from './azure-http.ts';
import { concerns, isDuring, type ScenarioHub } from './scenario.ts';

const pageSize = 100;

/** Azure Resource Manager: subscriptions, hubs, their quota, their health; and Resource Graph for hubs. */
export function answerArm(request: AzureRequest): AzureAnswer {
  const { path, world, now } = request;
  const hubs = world.scenario.hubs.filter((hub) => !world.facts(hub, now).deleted);

  if (/^\/subscriptions\/?$/i.test(path)) {
    const ids = [...new Set(hubs.map((hub) => hub.subscription))];
    return {
      status: 200,
      body: {
        value: ids.map((id) => ({ id: `/subscriptions/${id}`, subscriptionId: id, displayName: id, state: 'Enabled' })),
      },
    };
  }
  if (/^\/providers\/Microsoft\.ResourceGraph\/resources$/i.test(path)) {
    const wanted = (request.body as { subscriptions?: unknown } | undefined)?.subscriptions;
    const rows = hubs
      .filter((hub) => !Array.isArray(wanted) || wanted.length === 0 || wanted.includes(hub.subscription))
      .map((hub) => ({ ...armHub(request, hub), subscriptionId: hub.subscription, resourceGroup: hub.resourceGroup }));
    return {
      status: 200,
      body: {
        totalRecords: rows.length,
        count: rows.length,
        data: rows.slice(0, 1000),
        facets: [],
        resultTruncated: 'false',
      },
    };
  }
  const list = /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Devices\/IotHubs$/i.exec(path);
  if (list) {
    const own = hubs.filter((hub) => hub.subscription === list[1]?.toLowerCase());
    const from = Number(request.query.get('$skiptoken') ?? 0);
    const next =
      from + pageSize < own.length
        ? { nextLink: `https://${request.host}${path}?api-version=2023-06-30&$skiptoken=${String(from + pageSize)}` }
        : {};
    return {
      status: 200,
      body: { value: own.slice(from, from + pageSize).map((hub) => armHub(request, hub)), ...next },
    };
  }
  const one =
    /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Devices\/IotHubs\/[^/]+)(\/.*)?$/i.exec(
      path,
    );
  const hub = one ? hubById(request, one[1] ?? '') : undefined;
  if (one && !hub) return failure(404, 'ResourceNotFound', `The Resource '${one[1] ?? ''}' was not found.`);
  if (hub) return ofHub(request, hub, (one?.[2] ?? '').toLowerCase());
  const statuses = /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.ResourceHealth\/availabilityStatuses$/i.exec(path);
  if (statuses)
    return {
      status: 200,
      body: {
        value: hubs
          .filter((each) => each.subscription === statuses[1]?.toLowerCase())
          .map((each) => healthOf(request, each)),
      },
    };
  return failure(404, 'NotFound', `The stand-in does not serve ${path}`);
}

function ofHub(request: AzureRequest, hub: ScenarioHub, rest: string): AzureAnswer {
  const { world, now } = request;
  switch (rest) {
    case '':
      return { status: 200, body: armHub(request, hub) };
    case '/quotametrics': {
      const used = world.truth(hub, 'dailyMessageQuotaUsed', now - (now % 60_000)) ?? 0;
      return {
        status: 200,
        body: {
          value: [
            { name: 'TotalMessages', currentValue: used, maxValue: world.messagesPerDay(hub, now) },
            { name: 'TotalDeviceCount', currentValue: hub.devices, maxValue: 1_000_000 },
          ],
        },
      };
    }
    case '/providers/microsoft.resourcehealth/availabilitystatuses/current':
      return { status: 200, body: healthOf(request, hub) };
    default:
      return failure(404, 'NotFound', `The stand-in does not serve ${rest} of a hub`);
  }
}

function armHub({ world, now }: AzureRequest, hub: ScenarioHub): Record<string, unknown> {
  const { sku, units, state } = world.facts(hub, now);
  const tier = sku.startsWith('F') ? 'Free' : sku.startsWith('B') ? 'Basic' : 'Standard';
  return {
    id: hub.id,
    name: hub.name,
    type: 'Microsoft.Devices/IotHubs',
    location: hub.region,
    tags: hub.tags,
    etag: 'AAAAAA=',
    properties: {
      state,
      provisioningState: 'Succeeded',
      hostName: `${hub.name}.azure-devices.net`,
      locations: [{ location: hub.region, role: 'primary' }],
    },
    sku: { name: sku, tier, capacity: units },
  };
}

function healthOf({ world, now }: AzureRequest, hub: ScenarioHub): Record<string, unknown> {
  const since = now - world.scenario.startsAt;
  const event = world.scenario.events.findLast(
    (each) => each.kind === 'health' && concerns(each, hub.name) && isDuring(each, since),
  );
  const found = event?.kind === 'health' ? event : undefined;
  return {
    id: `${hub.id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    name: 'current',
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location: hub.region,
    properties: {
      availabilityState: found?.state ?? 'Available',
      title: found?.state ?? 'Available',
      summary: found?.summary ?? "There aren't any known Azure platform problems affecting this IoT hub.",
      reasonType: found?.reasonType ?? '',
      context: found?.context,
      occuredTime: iso(world.scenario.startsAt + (found?.at ?? 0)),
      reportedTime: iso(now),
    },
  };
}
