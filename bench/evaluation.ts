// One evaluation of many hubs: what a tick costs this process. The simulated Azure runs in a process of its own, so that
// its work is not counted; state is kept in memory, so that storage is not counted either.
import { fork, type ChildProcess } from 'node:child_process';
import { standInConnection } from '../src/azure/connection.ts';
import { azureReaders } from '../src/azure/readers.ts';
import type { HubRecord } from '../src/detection/hub-record.ts';
import { startAzureStandIn } from '../src/simulator/azure-server.ts';
import { memoryStores, openPlayback } from '../src/simulator/playback.ts';
import { parseScenario, type Scenario } from '../src/simulator/scenario.ts';
import { createWorld } from '../src/simulator/world.ts';
import { MINUTE } from '../src/time/time.ts';

const warmTicks = 3;

function scenarioOf(hubs: number): Scenario {
  return parseScenario(
    'bench',
    `title: Many hubs
about: Nothing is wrong with them.
length: 2h
hubs:
  - { name: plant, count: ${String(hubs)}, connected: 420, sendsPerMinute: 250, season: { day: 0.2 } }
`,
  );
}

/** The simulated Azure of so many hubs, told the time by its parent, whom it tells its address and its counts. */
async function serve(hubs: number): Promise<void> {
  const scenario = scenarioOf(hubs);
  let now = scenario.startsAt;
  const azure = await startAzureStandIn({ world: createWorld(scenario), now: () => now });
  process.on('message', (at: number) => {
    now = at;
    process.send?.({ calls: { ...azure.counts } });
  });
  process.send?.({ url: azure.url });
}

interface Told {
  readonly url?: string;
  readonly calls?: Readonly<Record<string, number>>;
}

function answerOf(child: ChildProcess): Promise<Told> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      resolve(message as Told);
    });
  });
}

interface Figures {
  readonly hubs: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakMegabytes: number;
  readonly calls: Readonly<Record<string, number>>;
}

async function measure(hubs: number): Promise<Figures> {
  const child = fork(import.meta.filename, ['serve', String(hubs)]);
  try {
    const { url = '' } = await answerOf(child);
    const scenario = scenarioOf(hubs);
    const at = async (now: number): Promise<Readonly<Record<string, number>>> => {
      child.send(now);
      return (await answerOf(child)).calls ?? {};
    };
    const stores = memoryStores();
    const { tick } = await openPlayback({ azure: azureReaders(standInConnection(url), { kind: 'off' }), stores });
    // A first tick finds the hubs and learns some of them; the others are given what these have learned.
    let now = scenario.startsAt + MINUTE;
    await at(now);
    await tick(now);
    const records = await stores.hubs.listAll();
    const [learned] = records.filter(({ learnedAt }) => learnedAt !== undefined);
    if (!learned) throw new Error('no hub has learned anything');
    const rules = Object.keys(learned.states);
    const group = `${learned.hub.subscriptionId}:${learned.hub.region}`;
    const pictures = await stores.pictures.read(group, learned.hub.name, rules);
    const metricStates = await stores.pictures.read(group, learned.hub.name, ['~metric-rules']);
    await stores.hubs.save(
      group,
      records.map((record): HubRecord => ({
        ...learned,
        hub: record.hub,
        ...(record.quota ? { quota: record.quota } : {}),
      })),
    );
    for (const { hub } of records)
      await stores.pictures.write(group, hub.name, new Map([...pictures, ...metricStates]));
    for (let i = 0; i < warmTicks; i++) {
      await at((now += MINUTE));
      await tick(now);
    }

    const before = await at((now += MINUTE));
    const cpu = process.cpuUsage();
    const started = performance.now();
    await tick(now);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const after = await at(now);
    return {
      hubs,
      seconds,
      cpuMs: (user + system) / 1000,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
      calls: Object.fromEntries(Object.entries(after).map(([api, count]) => [api, count - (before[api] ?? 0)])),
    };
  } finally {
    child.kill();
  }
}

/** A Markdown table: hubs a second, CPU per hub, peak memory and Azure calls of one evaluation. */
export async function evaluationTable(sizes: readonly number[] = [1_000, 10_000]): Promise<string> {
  const rows: string[] = [];
  for (const size of sizes) {
    const { hubs, seconds, cpuMs, peakMegabytes, calls } = await measure(size);
    const made = Object.entries(calls)
      .filter(([, count]) => count > 0)
      .map(([api, count]) => `${String(count)} ${api}`)
      .join(', ');
    rows.push(
      `| ${String(hubs)} | ${(hubs / seconds).toFixed(0)} | ${(cpuMs / hubs).toFixed(2)} | ${peakMegabytes.toFixed(0)} MB | ${made} |`,
    );
  }
  return [
    '| hubs | hubs/s | CPU-ms per hub | peak memory | Azure calls |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

if (process.argv[2] === 'serve') await serve(Number(process.argv[3]));
