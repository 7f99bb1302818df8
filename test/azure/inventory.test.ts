import { afterEach, describe, expect, it } from 'vitest';
import { azureInventory } from '../../src/azure/inventory.ts';
import { listSubscriptions } from '../../src/azure/subscriptions.ts';
import type { Hub } from '../../src/hubs/hub.ts';
import { patient, scriptedAzure, startAzure } from '../fixtures/azure.ts';
import { aHub, now, subscriptionId } from '../fixtures/domain.ts';
import type { Answer, Seen } from '../fixtures/http-server.ts';

let close: () => Promise<void>;
afterEach(() => close());

async function azure(answer: (seen: Seen) => Answer) {
  const server = await scriptedAzure(answer);
  ({ close } = server);
  return server;
}
const hubOf = (name: string, fields: object = {}): object => ({
  id: `/subscriptions/${subscriptionId}/resourceGroups/rg-IoT/providers/Microsoft.Devices/IotHubs/${name}`,
  name,
  type: 'Microsoft.Devices/IotHubs',
  location: 'West Europe',
  properties: { state: 'Active' },
  sku: { name: 'S1', tier: 'Standard', capacity: 2 },
  ...fields,
});
async function listed(items: readonly unknown[]): Promise<readonly Hub[]> {
  const { connection } = await azure(() => ({ body: { value: items } }));
  return azureInventory(connection, patient({ attempts: 1 })).listHubs(subscriptionId);
}

describe('the hubs of a subscription', () => {
  it('are listed over all pages', async () => {
    const standIn = await startAzure(['{ name: plant, count: 250 }']);
    ({ close } = standIn);
    const hubs = await azureInventory(standIn.connection).listHubs(subscriptionId);
    expect(hubs.map(({ name }) => name)).toEqual(standIn.hubs.map(({ name }) => name));
    expect(standIn.counts.inventory).toBe(3);
  });

  it('are what Azure says of them, their id in lower case and their region as in host names', async () => {
    expect(await listed([hubOf('Plant-A', { tags: { Owner: 'ops' } })])).toEqual([
      {
        id: aHub('plant-a').id,
        name: 'Plant-A',
        subscriptionId,
        resourceGroup: 'rg-IoT',
        region: 'westeurope',
        sku: 'S1',
        units: 2,
        tags: { Owner: 'ops' },
        state: 'Active',
      },
    ]);
  });

  it.each([
    ['an unknown SKU', { sku: { name: 'S9', tier: 'Future', capacity: 3 } }, { sku: 'S9', units: 3 }],
    ['no capacity', { sku: { name: 'F1' } }, { sku: 'F1', units: 1 }],
    ['a capacity of null', { sku: { name: 'F1', capacity: null } }, { units: 1 }],
    ['no SKU', { sku: undefined }, { sku: 'unknown', units: 1 }],
    ['no properties', { properties: undefined }, { state: 'Active' }],
    ['another state', { properties: { state: 'Suspended' } }, { state: 'Suspended' }],
    ['tags that are null', { tags: null }, { tags: {} }],
    ['a tag without a value', { tags: { a: null, b: 'x', c: 7 } }, { tags: { b: 'x' } }],
    ['more than we know', { identity: { type: 'None' }, zones: [1] }, { sku: 'S1' }],
  ])('are watched with %s, too', async (_, fields, expected) => {
    expect(await listed([hubOf('plant-a', fields)])).toMatchObject([expected]);
  });

  it.each([
    ['no id', hubOf('plant-b', { id: undefined })],
    ['the id of something else', hubOf('plant-b', { id: '/subscriptions/x/resourceGroups/y/providers/Z/a' })],
    ['an id with quotes', hubOf('plant-b', { id: aHub('plant-b').id.replace('rg-iot', 'rg"-iot') })],
    ['no location', hubOf('plant-b', { location: undefined })],
    ['a location of signs', hubOf('plant-b', { location: '/../' })],
    ['nothing', {}],
  ])('are the others where one has %s', async (_, broken) => {
    expect((await listed([hubOf('plant-a'), broken, hubOf('plant-c')])).map(({ name }) => name)).toEqual([
      'plant-a',
      'plant-c',
    ]);
  });

  it.each([
    [401, 'azure.auth', 'Azure refuses the list of IoT hubs in subscription'],
    [403, 'azure.auth', 'Azure refuses the list of IoT hubs in subscription'],
    [404, 'azure.not-found', 'Azure does not know the list of IoT hubs in subscription'],
    [429, 'azure.throttled', 'Azure throttles the list of IoT hubs in subscription'],
    [500, 'azure.unavailable', 'Azure does not answer for the list of IoT hubs in subscription'],
  ] as const)('%i is %s', async (status, code, words) => {
    const { connection } = await azure(() => ({ status, body: { error: { code: 'X', message: 'secret' } } }));
    const listing = azureInventory(connection, patient()).listHubs(subscriptionId);
    await expect(listing).rejects.toMatchObject({ code, message: `${words} ${subscriptionId} (${String(status)} X)` });
  });

  it.each([
    ['to another host', 'https://evil.example/next'],
    ['to a host whose name begins like ours', 'https://management.azure.com.evil.example/next'],
    ['to another port', 'https://management.azure.com:8443/next'],
    ['with a user', 'https://management.azure.com@evil.example/next'],
  ])('the token does not follow a link %s', async (_, nextLink) => {
    const { connection, seen } = await azure(() => ({ body: { value: [hubOf('plant-a')], nextLink } }));
    await expect(azureInventory(connection, patient({ attempts: 1 })).listHubs(subscriptionId)).rejects.toMatchObject({
      code: 'azure.malformed',
      message: expect.stringContaining('a link to another host') as string,
    });
    expect(seen).toHaveLength(1);
  });

  it('are not half a list if the second page fails', async () => {
    const { connection } = await azure(({ query }) =>
      query.has('page')
        ? { status: 500 }
        : { body: { value: [hubOf('plant-a')], nextLink: 'https://management.azure.com/subscriptions/s?page=2' } },
    );
    await expect(azureInventory(connection, patient()).listHubs(subscriptionId)).rejects.toMatchObject({
      code: 'azure.unavailable',
    });
  });
});

describe('the quota of a hub', () => {
  const quota = async (value: unknown) => {
    const { connection } = await azure(() => ({ body: { value } }));
    return azureInventory(connection, patient({ attempts: 1 })).readQuota(aHub(), now);
  };

  it('is the limit that Azure names, however much is used', async () => {
    const standIn = await startAzure(['{ name: plant-a, sku: S1, units: 2 }']);
    ({ close } = standIn);
    const [hub = aHub()] = standIn.hubs;
    expect(await azureInventory(standIn.connection).readQuota(hub, now)).toEqual({
      messagesPerDay: 800_000,
      devices: 1_000_000,
      readAt: now,
    });
  });

  it('may leave out the devices', async () => {
    expect(await quota([{ name: 'TotalMessages', currentValue: 1, maxValue: 8_000 }])).toEqual({
      messagesPerDay: 8_000,
      devices: undefined,
      readAt: now,
    });
  });

  it.each([
    ['no TotalMessages', [{ name: 'TotalDeviceCount', maxValue: 5 }]],
    ['an empty list', []],
    ['a limit of zero', [{ name: 'TotalMessages', maxValue: 0 }]],
    ['a limit below zero', [{ name: 'TotalMessages', maxValue: -1 }]],
    ['a limit of null', [{ name: 'TotalMessages', maxValue: null }]],
    ['a limit that is no number', [{ name: 'TotalMessages', maxValue: 'NaN' }]],
  ])('is not known with %s: nobody divides by it', async (_, value) => {
    await expect(quota(value)).rejects.toMatchObject({
      code: 'azure.malformed',
      message: "Azure's answer to the quota of hub-a names no daily limit",
    });
  });
});

describe('the subscriptions that can be read', () => {
  const other = '22222222-2222-4222-8222-222222222222';
  const page = (ids: readonly string[], nextLink?: string): Answer => ({
    body: { value: ids.map((id) => ({ subscriptionId: id, state: 'Enabled' })), ...(nextLink ? { nextLink } : {}) },
  });
  const ask = async (answer: (seen: Seen) => Answer) => {
    const server = await azure(answer);
    return { ids: listSubscriptions(server.connection, patient({ attempts: 1 })), seen: server.seen };
  };
  const isGraph = ({ path }: Seen): boolean => path === '/providers/Microsoft.ResourceGraph/resources';

  it('are the enabled ones, over all pages, in lower case', async () => {
    const { ids } = await ask(({ query }) =>
      query.has('page')
        ? page([other.toUpperCase()])
        : {
            body: {
              value: [
                { subscriptionId, state: 'Enabled' },
                { subscriptionId: other.replace(/2/g, '3'), state: 'Disabled' },
                { subscriptionId: other.replace(/2/g, '4'), state: null },
              ],
              nextLink: 'https://management.azure.com/subscriptions?page=2',
            },
          },
    );
    expect(await ids).toEqual([subscriptionId, other.replace(/2/g, '4'), other]);
  });

  it.each([
    ['may not be listed', { status: 403 }],
    ['are none', page([])],
  ] as [string, Answer][])('are those with hubs in Resource Graph where they %s', async (_, first) => {
    const { ids, seen } = await ask((request) =>
      isGraph(request) ? { body: { data: [{ subscriptionId: other.toUpperCase() }, { subscriptionId }, {}] } } : first,
    );
    expect(await ids).toEqual([other, subscriptionId]);
    expect(seen.find(isGraph)?.body).toMatchObject({
      query: expect.stringContaining('distinct subscriptionId') as string,
    });
  });

  it.each([
    ['both are refused', 403, 403, 'azure.auth'],
    ['Azure does not answer', 500, 200, 'azure.unavailable'],
    ['Azure throttles', 429, 200, 'azure.throttled'],
  ])('%s: nobody knows', async (_, list, graph, code) => {
    const { ids } = await ask((request) => ({ status: isGraph(request) ? graph : list, body: {} }));
    await expect(ids).rejects.toMatchObject({ name: 'OperationalError', code });
  });

  it.each([
    ['of another shape', { body: { value: [{ id: 'x' }] } }],
    ['without a list', { body: {} }],
    ['no JSON', { body: '<html>secret</html>' }],
    ['empty', { body: '' }],
  ] as [string, Answer][])('an answer that cannot be read is azure.malformed: %s', async (_, answer) => {
    const { ids } = await ask(() => answer);
    await expect(ids).rejects.toMatchObject({ name: 'OperationalError', code: 'azure.malformed', retryable: true });
  });

  it.each([
    ['to another host', 'https://evil.example/subscriptions?page=2'],
    ['in the clear', 'http://management.azure.com/subscriptions?page=2'],
    ['as a user of another host', 'https://management.azure.com@evil.example/subscriptions'],
  ])('the token does not follow a link %s', async (_, nextLink) => {
    const { ids, seen } = await ask(() => page([subscriptionId], nextLink));
    await expect(ids).rejects.toMatchObject({ code: 'azure.malformed' });
    expect(seen).toHaveLength(1);
  });

  it('a list that never ends is given up', async () => {
    const { ids, seen } = await ask(() => page([subscriptionId], 'https://management.azure.com/subscriptions?page=2'));
    await expect(ids).rejects.toMatchObject({ code: 'azure.malformed' });
    expect(seen.length).toBeLessThanOrEqual(100);
  });
});
