import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startAzureStandIn, type AzureStandIn } from '../../src/simulator/azure-server.ts';
import { startAzurite, type LocalStorage } from '../../src/simulator/azurite.ts';
import { startFunctions, type FunctionsRunner } from '../../src/simulator/functions-runner.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { tableIncidents } from '../../src/state/table-stores.ts';
import { iso, MINUTE } from '../../src/time/time.ts';
import { startConnector, type FakeConnector } from '../fixtures/fake-connector.ts';

// What `npm run build` makes, loaded as the Functions host loads it: from its settings alone, on the machine's own clock.

describe('the built app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hubwatch-build-'));
  let azure: AzureStandIn;
  let storage: LocalStorage;
  let connector: FakeConnector;
  let functions: FunctionsRunner;
  const failures: string[] = [];

  beforeAll(async () => {
    const built = spawnSync(process.execPath, [join(import.meta.dirname, '../../build/build.ts'), folder], {
      encoding: 'utf8',
    });
    expect(built.status, built.stderr).toBe(0);
    const scenario = parseScenario(
      'built',
      [
        'title: Throttled for half an hour already',
        'about: For the built app',
        `startsAt: ${iso(Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE)}`,
        'length: 2h',
        'hubs: [{ name: hub-a, quotaUsed: 0.1 }, { name: hub-b }]',
        'events: [{ kind: sends, hubs: [hub-a], at: 0m, perMinute: 20000 }]',
      ].join('\n'),
    );
    azure = await startAzureStandIn({ world: createWorld(scenario), now: Date.now });
    storage = await startAzurite();
    connector = await startConnector();
    Object.assign(process.env, {
      HUBWATCH_LOCAL: 'true',
      BOT_AUTH: 'anonymous',
      AzureWebJobsStorage: storage.connectionString,
      HUBWATCH_AZURE_STANDIN: azure.url,
      HUBWATCH_TEAMS_STANDIN: connector.origin,
    });
    functions = await startFunctions({
      connectionString: storage.connectionString,
      onError: (name, error) => failures.push(`${name}: ${String(error)}`),
      load: (name) => import(pathToFileURL(join(folder, 'functions', `${name}.js`)).href),
    });
  });
  afterAll(async () => {
    await functions.close();
    await Promise.all([azure.close(), storage.close(), connector.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers Teams, finds the hubs, opens the incident and posts its card', async () => {
    const conversation = { id: '19:alerts@thread.tacv2', conversationType: 'channel', tenantId: 't' };
    const added = await fetch(`${functions.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'installationUpdate',
        action: 'add',
        channelId: 'msteams',
        serviceUrl: connector.serviceUrl,
        conversation,
        from: { id: '29:x' },
        recipient: { id: '28:bot' },
      }),
    });
    expect(added.status).toBe(200);
    await functions.fireTimers();
    await functions.drain();
    // The card waits for others of the same storm; the next tick sends it.
    await functions.fireTimers();
    await vi.waitFor(() => {
      expect(connector.calls.find(({ kind }) => kind === 'create')).toBeDefined();
    }, 20_000);
    await functions.drain();
    const live = await tableIncidents({
      kind: 'connection-string',
      connectionString: storage.connectionString,
    }).listLive();
    expect(live.map(({ value }) => [value.signal, value.status])).toContainEqual(['throttling', 'firing']);
    expect(failures).toStrictEqual([]);

    const health = await fetch(`${functions.url}/api/health`);
    expect(await health.json()).toStrictEqual({
      status: 'ok',
      checks: { storage: 'ok', timer: 'ok', inventory: 'ok', metrics: 'ok', channels: 'ok' },
    });
  });
});
