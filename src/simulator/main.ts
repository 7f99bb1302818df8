import { parseArgs } from 'node:util';
import { SettingsFault } from '../app/wire.ts';
import { describeFaults, readSettings } from '../config/settings.ts';
import { MINUTE } from '../time/time.ts';
import { banner, consoleLog } from './console.ts';
import { differences } from './expectations.ts';
import { loadScenario, scenarioNames } from './load-scenario.ts';
import { startLocalStack, type LocalStack } from './local-stack.ts';
import { stage } from './playground.ts';
import { ScenarioFault } from './scenario.ts';

// `npm start`: the whole of Hubwatch on this machine.

const usage = `npm start -- [--scenario NAME|FILE] [--list] [--speed N] [--headless] [--state FOLDER]

  --scenario NAME|FILE  what happens; default: throttling
  --list                the scenarios that come with Hubwatch
  --speed N             simulated minutes per real second; default: 1
  --headless            without waiting for a page: play the scenario as fast as it goes, compare
                        the incidents with what it expects, and exit with 0 or 1
  --state FOLDER        keep incidents and simulated time there, and go on from them next time
`;

/** Runs until it is interrupted (or, headless, until the scenario is over). @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string', default: 'throttling' },
        list: { type: 'boolean', default: false },
        speed: { type: 'string', default: '1' },
        headless: { type: 'boolean', default: false },
        state: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  if (options.list) {
    for (const name of scenarioNames()) console.log(`${name.padEnd(16)} ${loadScenario(name).title}`);
    return 0;
  }
  const speed = Number(options.speed);
  if (!(speed > 0 && speed <= 1000)) {
    console.error(
      `--speed must be a number of simulated minutes per second, from above 0 to 1000, not "${options.speed}".`,
    );
    return 2;
  }
  const standIn = process.env['HUBWATCH_AZURE_STANDIN'];
  const faults = settingFaults(standIn);
  if (faults !== undefined) {
    console.error(faults);
    return 2;
  }

  let added: () => void = () => undefined;
  const page = new Promise<void>((resolve) => (added = resolve));
  const print = consoleLog(console.log);
  let stack: LocalStack;
  const scenario = loadScenario(options.scenario);
  try {
    stack = await startLocalStack({
      scenario,
      azureStandIn: standIn,
      speed: options.headless ? 0 : speed,
      stateFolder: options.state,
      log: (event, fields) => {
        if (event === 'channel.added') added();
        print(event, fields);
      },
    });
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error;
    console.error(error.message);
    return 2;
  }

  const stopped = new Promise<number>((resolve) => {
    // Whoever read our lines has gone (a closed terminal, `| head`).
    process.stdout.once('error', () => {
      resolve(0);
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        resolve(signal === 'SIGINT' ? 130 : 143);
      });
  });
  try {
    if (options.headless) return await Promise.race([stopped, playThrough(stack)]);
    console.log(banner({ url: stack.playground.url, scenario, speed, standIn, azureUrl: stack.azure?.url }));
    const running = { on: true };
    const playing = page.then(() => play(stack, standIn === undefined ? 1000 / speed : MINUTE, running));
    await Promise.race([stopped, playing]);
    running.on = false;
    return 0;
  } finally {
    await stack.close();
  }

  async function play({ tick, now }: LocalStack, pauseMs: number, running: { on: boolean }): Promise<void> {
    const end = scenario.startsAt + scenario.length;
    let over = false;
    while (running.on) {
      const began = performance.now();
      await tick();
      if (!over && standIn === undefined && now() >= end) {
        over = true;
        console.log('\n  The scenario is over; time goes on. Stop with Ctrl-C.\n');
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, pauseMs - (performance.now() - began))));
    }
  }

  async function playThrough(local: LocalStack): Promise<number> {
    await fetch(`${local.playground.url}/_debug/conversation/${encodeURIComponent(stage.channelId)}/installation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    await page;
    const end = scenario.startsAt + scenario.length;
    while (local.now() < end) await local.tick();
    const incidents = await local.incidents();
    const wrong = differences(scenario, incidents);
    console.log(
      wrong.length === 0
        ? `\n${scenario.name}: ${String(incidents.length)} incidents, as expected.`
        : `\n${scenario.name}:\n${wrong.map((fault) => `  ${fault}`).join('\n')}`,
    );
    return wrong.length === 0 ? 0 : 1;
  }
}

/** Faults in the settings that a local run takes from the environment, before anything is started. */
function settingFaults(standIn: string | undefined): string | undefined {
  const settings = readSettings({
    ...process.env,
    HUBWATCH_LOCAL: 'true',
    BOT_AUTH: 'anonymous',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    HUBWATCH_AZURE_STANDIN: standIn,
  });
  return 'faults' in settings ? describeFaults(settings.faults) : undefined;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof ScenarioFault;
  console.error(known ? error.message : error);
  process.exitCode = known ? 2 : 1;
}
