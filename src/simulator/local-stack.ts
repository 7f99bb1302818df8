import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, setHost, type App } from '../app/wire.ts';
import type { Log } from '../app/log.ts';
import type { Incident } from '../incidents/incident.ts';
import { tableIncidents } from '../state/table-stores.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';
import { startAzureStandIn, type AzureStandIn } from './azure-server.ts';
import { startAzurite } from './azurite.ts';
import { simulatedClock } from './clock.ts';
import { startFunctions } from './functions-runner.ts';
import { startPlayground, type Playground } from './playground.ts';
import { freePort } from './ports.ts';
import type { Scenario } from './scenario.ts';
import { createWorld } from './world.ts';

/** Everything of Hubwatch on this machine, without Azure and without Teams. */
export interface LocalStack {
  readonly app: App;
  readonly azure: AzureStandIn | undefined;
  readonly playground: Playground;
  readonly functionsUrl: string;
  now(): EpochMs;
  /** The next minute begins: the timer fires, and what it puts on the queues is worked off. */
  tick(): Promise<void>;
  /** Every incident so far, live or in history. */
  incidents(): Promise<readonly Incident[]>;
  /** Waits until nothing is left on the queues. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface LocalStackOptions {
  readonly scenario: Scenario;
  /** A server that speaks Azure's formats, instead of the simulator; time is then real. */
  readonly azureStandIn?: string | undefined;
  /** Simulated minutes per real second; 0: time stands still between ticks. */
  readonly speed: number;
  /** Where state is kept; absent: in memory. */
  readonly stateFolder?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

/**
 * Starts Azurite, the simulated Azure, the functions and the Agents Playground on loopback.
 * @throws {SettingsFault} if the settings in `env` are wrong
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { scenario, azureStandIn, stateFolder } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    while (closers.length > 0) await closers.pop()?.();
  };
  try {
    const simulated = azureStandIn === undefined;
    const clock = simulatedClock(resumeAt(stateFolder, scenario), options.speed);
    const now = simulated ? clock.now : Date.now;
    const azure = simulated ? await startAzureStandIn({ world: createWorld(scenario), now }) : undefined;
    if (azure) closers.push(azure.close);
    const storage = await startAzurite(stateFolder === undefined ? undefined : join(stateFolder, 'azurite'));
    closers.push(storage.close);

    const access = { kind: 'connection-string', connectionString: storage.connectionString } as const;
    const [functionsPort, playgroundPort] = [await freePort(7071), await freePort(56150)];
    const app = createApp(
      {
        HUBWATCH_ALERT_SCOPES: 'channel,group,personal',
        ...(options.env ?? process.env),
        HUBWATCH_LOCAL: 'true',
        BOT_AUTH: 'anonymous',
        AzureWebJobsStorage: storage.connectionString,
        HUBWATCH_AZURE_STANDIN: azure?.url ?? azureStandIn,
        HUBWATCH_TEAMS_STANDIN: `http://localhost:${String(playgroundPort)}`,
      },
      options.log,
    );
    setHost({ app, now });
    const functions = await startFunctions({
      connectionString: storage.connectionString,
      port: functionsPort,
      onError: (name, error) => {
        options.log('function.failed', { function: name, error: String(error) });
      },
    });
    closers.push(functions.close);
    const playground = await startPlayground(`${functions.url}/api/messages`, playgroundPort);
    closers.push(playground.close);

    return {
      app,
      azure,
      playground,
      functionsUrl: functions.url,
      now,
      tick: async () => {
        if (simulated) remember(stateFolder, scenario, clock.advance());
        await functions.fireTimers();
        await functions.drain();
      },
      incidents: async () => {
        const store = tableIncidents(access);
        const [live, archived] = await Promise.all([
          store.listLive(),
          store.listArchived(0, Date.parse('9999-01-01T00:00:00Z'), 100_000),
        ]);
        return [...live.map(({ value }) => value), ...archived];
      },
      settle: functions.drain,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the simulated time of an earlier run with the same folder and scenario stopped, else the scenario's start. */
function resumeAt(folder: string | undefined, scenario: Scenario): EpochMs {
  if (folder === undefined) return scenario.startsAt;
  try {
    const { name, at } = JSON.parse(readFileSync(join(folder, 'clock.json'), 'utf8')) as {
      name?: unknown;
      at?: unknown;
    };
    return name === scenario.name && typeof at === 'number' && at >= scenario.startsAt
      ? at - (at % MINUTE)
      : scenario.startsAt;
  } catch {
    return scenario.startsAt; // no earlier run
  }
}

function remember(folder: string | undefined, scenario: Scenario, at: EpochMs): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ name: scenario.name, at }));
}
