import { afterEach, expect, it } from 'vitest';
import { hubsPerSweep, type LogSource } from '../../src/diagnosis/log-source.ts';
import { OperationalError } from '../../src/failure/operational-error.ts';
import { azureLogs } from '../../src/azure/logs.ts';
import { azureLogQueries } from '../../src/azure/monitor-query.ts';
import { standInConnection } from '../../src/azure/connection.ts';
import { impatient, playScenario, type ScenarioPlayback } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// An identity that may read each hub's logs, but not those of the subscription as a whole.

let play: ScenarioPlayback;
afterEach(() => play.close());

/** The stand-in refuses nobody, so the refusal is put before it. */
async function withoutSubscription(events: string, hubs: number, closed = '') {
  const scenario = parseScenario(
    'turns',
    `title: Hubs in turn
about: For a test.
length: 60m
hubs: [{ name: plant, count: ${String(hubs)}, connected: 200 }]
events: ${events}
`,
  );
  play = await playScenario(scenario);
  const ask = azureLogQueries(standInConnection(play.azure.url), impatient);
  const asked: string[] = [];
  const source = azureLogs(async (target, query, span) => {
    if (
      !('resourceId' in target) ||
      !target.resourceId.includes('iothubs') ||
      target.resourceId.endsWith(closed || '?')
    )
      throw new OperationalError('azure.auth', 'The logs may not be read', { hint: 'Give a role.' });
    asked.push(target.resourceId);
    return ask(target, query, span);
  });
  const azure = play.deps.azure as { logs: LogSource };
  azure.logs = { ...source, inspect: azure.logs.inspect.bind(azure.logs) };
  return asked;
}

it('asks for a few hubs in each sweep, in turn, and finds what none of the metrics shows', async () => {
  const asked = await withoutSubscription(
    `[{ kind: logs, hubs: [plant-012], at: 10m, for: 20m, code: '429002', category: TwinQueries, perMinute: 20 }]`,
    12,
  );
  await play.playTo(6 * MINUTE);
  expect(asked).toHaveLength(6 * hubsPerSweep);
  expect(new Set(asked).size).toBe(12);
  await play.playTo();
  expect(await play.incidents()).toMatchObject([
    { signal: 'logs-429', status: 'resolved', subject: { hub: { name: 'plant-012' } } },
  ]);
  expect(play.sent.filter(({ action }) => action === 'post')).toHaveLength(1);
});

it('goes on with the others when one of them is closed', async () => {
  await withoutSubscription(
    `[{ kind: logs, hubs: [plant-002], at: 10m, for: 20m, code: '429002', category: TwinQueries, perMinute: 20 }]`,
    3,
    'plant-001',
  );
  await play.playTo(25 * MINUTE);
  expect((await play.incidents()).map(({ signal }) => signal)).toEqual(['logs-429']);
});
