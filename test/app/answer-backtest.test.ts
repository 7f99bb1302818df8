import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerBacktest } from '../../src/app/answer-backtest.ts';
import { parseText } from '../../src/bot/command.ts';
import { standInConnection } from '../../src/azure/connection.ts';
import { azureReaders } from '../../src/azure/readers.ts';
import { azureWorld } from '../../src/cli/azure-world.ts';
import { backtest } from '../../src/cli/backtest.ts';
import { startAzureStandIn, type AzureStandIn } from '../../src/simulator/azure-server.ts';
import { openPlayback } from '../../src/simulator/playback.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { HOUR, MINUTE } from '../../src/time/time.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';

// The history that Azure Monitor has of a hub, replayed: in chat as a card, on the command line as a report.

const scenario = parseScenario(
  'replayed',
  `title: A drop yesterday
about: Devices were away for three hours.
length: 8h
hubs:
  - { name: plant-berlin, connected: 420, sendsPerMinute: 150, tags: { env: test } }
events:
  - { kind: devices, at: 2h, for: 3h, share: 0.3 }
`,
);
const now = scenario.startsAt + 7 * HOUR;

let azure: AzureStandIn;
beforeAll(async () => {
  azure = await startAzureStandIn({ world: createWorld(scenario), now: () => now });
});
afterAll(() => azure.close());

describe('what the rules would have made of a hub', () => {
  it('is a card with its devices and its incidents, replayed once for all who ask', async () => {
    const play = await openPlayback({ azure: azureReaders(standInConnection(azure.url), { kind: 'off' }) });
    await play.tick(now);
    const before = azure.counts.quota;
    const [reply, french] = await Promise.all([
      answerBacktest(play.deps, 'Plant-Berlin', 'en', now),
      answerBacktest(play.deps, 'plant-berlin', 'fr', now + MINUTE),
    ]);
    expect(azure.counts.quota - before).toBe(1);
    const card = reply.kind === 'card' ? reply.card : {};
    expect(lintCard(card)).toEqual([]);
    const text = readCard(card);
    expect(text).toContain('With the rules of now, the last 14 days of plant-berlin would have made 1 incident.');
    expect(text).toMatch(/10 Mar, 11:\d\d UTC: Sudden drop \(connectedDeviceCount\), for 3\sh/);
    expect(JSON.stringify(card)).toContain('Chart.Line');
    expect(JSON.stringify(french)).toContain('1 incident');
    expect(await answerBacktest(play.deps, 'nobody', 'en', now)).toMatchObject({ kind: 'words' });
  });

  it('is asked for by name, in both languages', () => {
    expect(parseText('backtest plant-berlin')).toEqual({ kind: 'backtest', hub: 'plant-berlin' });
    expect(parseText('rejouer plant-berlin')).toEqual({ kind: 'backtest', hub: 'plant-berlin' });
  });
});

describe('the command backtest, against a stand-in of Azure', () => {
  async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
    };
    return { code: await backtest(args, io, azureWorld), out, err };
  }

  it('reads the history in the time of the stand-in', async () => {
    const { code, out, err } = await run('--hub', 'plant-berlin', '--days', '3', '--standin', azure.url);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^plant-berlin {2}2026-03-07 to 2026-03-10/);
    expect(out).toMatch(/1 incident, 3\.\d h in alert/);
    expect(out).toMatch(/sudden-drop/);
  });

  it('knows the tags of the hub', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rules-'));
    const rules = join(folder, 'rules.yaml');
    await writeFile(
      rules,
      'version: 1\noverrides: [{ hubs: { tags: { env: test } }, rules: { connected-devices: { enabled: false } } }]\n',
    );
    const { code, out } = await run('--hub', 'plant-berlin', '--days', '3', '--standin', azure.url, '--rules', rules);
    await rm(folder, { recursive: true });
    expect(code).toBe(0);
    expect(out).toMatch(/1 incident/);
    expect(out).not.toMatch(/sudden-drop/);
  });

  it.each([
    { what: 'a hub that nobody lists', hub: 'nobody', url: undefined, says: 'no hub named nobody' },
    {
      what: 'a stand-in elsewhere',
      hub: 'plant-berlin',
      url: 'http://example.org',
      says: 'must be an address on this machine',
    },
    { what: 'nobody at the address', hub: 'plant-berlin', url: 'http://127.0.0.1:1', says: 'nobody answers' },
  ])('says so of $what', async ({ hub, url, says }) => {
    const { code, err } = await run('--hub', hub, '--standin', url ?? azure.url);
    expect(code).toBe(1);
    expect(err).toContain(says);
  });
});
