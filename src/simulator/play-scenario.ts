import type { Policies } from '../app/deps.ts';
import type { Log } from '../app/log.ts';
import { standInConnection } from '../azure/connection.ts';
import { azureReaders, type LogAccess } from '../azure/readers.ts';
import type { Budget } from '../azure/budget.ts';
import type { EpochMs } from '../time/time.ts';
import { startAzureStandIn, type AzureStandIn } from './azure-server.ts';
import { openPlayback, type Playback } from './playback.ts';
import type { Scenario } from './scenario.ts';
import { createWorld } from './world.ts';

/** Nobody waits for a real pause in simulated time: faults of the stand-in are met again at the next tick. */
export const impatient: Budget = { attempts: 1, perAttemptMs: 2_000, totalMs: 2_000 };

export interface ScenarioPlayback extends Playback {
  readonly azure: AzureStandIn;
  /** Evaluates every minute until the scenario is `sinceStartMs` old (default: to its end). */
  playTo(sinceStartMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Plays a scenario through the real Azure clients and a stand-in of its own, in simulated time. */
export async function playScenario(
  scenario: Scenario,
  {
    logs = { kind: 'subscriptions' },
    ...options
  }: {
    readonly policies?: Partial<Policies>;
    readonly log?: Log;
    /** Where logs are read; default: per subscription. */
    readonly logs?: LogAccess;
  } & Partial<Parameters<typeof openPlayback>[0]> = {},
): Promise<ScenarioPlayback> {
  let now: EpochMs = scenario.startsAt;
  const azure = await startAzureStandIn({ world: createWorld(scenario), now: () => now });
  const connection = standInConnection(azure.url);
  const playback = await openPlayback({
    azure: azureReaders(connection, logs, impatient),
    ...options,
  });
  const tick = async (at: EpochMs): Promise<void> => {
    now = at;
    await playback.tick(at);
  };
  return {
    ...playback,
    azure,
    tick,
    playTo: async (sinceStartMs = scenario.length) => {
      for (let at = now + 60_000; at <= scenario.startsAt + sinceStartMs; at += 60_000) await tick(at);
    },
    close: azure.close,
  };
}
