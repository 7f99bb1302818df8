import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/cli/evaluate.ts';
import { startAzureStandIn, type AzureStandIn } from '../../src/simulator/azure-server.ts';
import { loadScenario } from '../../src/simulator/load-scenario.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { iso } from '../../src/time/time.ts';

interface Line {
  readonly hub: string | null;
  readonly signal: string;
  readonly code: string | null;
  readonly confidence: string;
  readonly start: string;
  readonly end: string | null;
  readonly evidence: readonly { readonly source: string; readonly code: string; readonly count: number }[];
  readonly candidates: readonly { readonly reason: string }[];
  readonly notifications: readonly { readonly action: string; readonly at: string }[];
}

describe('evaluate', () => {
  let folder = '';
  let azure: AzureStandIn | undefined;
  const said = { out: '', err: '' };
  const io = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
    said.out = '';
    said.err = '';
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    await azure?.close();
    azure = undefined;
  });
  async function run(...args: string[]): Promise<{ code: number; lines: readonly Line[] }> {
    said.out = '';
    const code = await evaluate(args, io);
    const lines = args.includes('--json') ? said.out.split('\n').filter((line) => line !== '') : [];
    return { code, lines: lines.map((line) => JSON.parse(line) as Line) };
  }

  const story = `
title: twins
about: a back end reads all twins
length: 30m
hubs: [{ name: fleet-vans, connected: 800 }, { name: plant-a, connected: 200 }]
events:
  - { kind: logs, hubs: [fleet-vans], at: 6m, for: 20m, code: '429002', category: TwinQueries, operation: query, perMinute: 25 }
`;

  it('finds the same from a server that speaks the wire format as from the scenario itself', async () => {
    const file = join(folder, 'twins.yaml');
    await writeFile(file, story);
    const own = await run('--scenario', file, '--json');
    expect(own.code).toBe(0);
    expect(own.lines).toMatchObject([
      {
        hub: 'fleet-vans',
        signal: 'logs-429',
        code: '429002',
        confidence: 'established',
      },
    ]);
    expect(own.lines[0]?.notifications[0]).toMatchObject({ action: 'post' });
    expect(
      own.lines[0]?.evidence.some(({ source, code, count }) => source === 'log' && code === '429002' && count > 10),
    ).toBe(true);

    // The server's own clock is far past the span: it shows everything that was ever published.
    const scenario = loadScenario(file);
    const end = scenario.startsAt + scenario.length;
    azure = await startAzureStandIn({ world: createWorld(scenario), now: () => end + 3_600_000 });
    const span = ['--from', iso(scenario.startsAt), '--to', iso(end)];
    const served = await run('--standin', azure.url, ...span, '--json');
    expect(served.code).toBe(0);
    const told = (lines: readonly Line[]): unknown =>
      lines.map(({ hub, signal, code, confidence }) => ({ hub, signal, code, confidence }));
    expect(told(served.lines)).toEqual(told(own.lines));
    expect(said.err).toBe('');
  });

  it.each([
    { args: [], says: 'hubwatch evaluate' },
    { args: ['--standin', 'http://127.0.0.1:1'], says: '--from and --to' },
    { args: ['--standin', 'http://127.0.0.1:1', '--from', 'noon', '--to', 'later'], says: '--from and --to' },
    {
      args: ['--standin', 'http://127.0.0.1:1', '--from', '2026-03-10T09:00:00Z', '--to', '2026-03-10T08:00:00Z'],
      says: '--to must be after --from',
    },
    {
      args: ['--standin', 'http://example.com', '--from', '2026-03-10T09:00:00Z', '--to', '2026-03-10T10:00:00Z'],
      says: 'on this machine',
    },
    { args: ['--scenario', '/nowhere.yaml'], says: 'There is no scenario' },
  ])('refuses $args', async ({ args, says }) => {
    expect((await run(...args)).code).toBe(2);
    expect(said.err).toContain(says);
  });
});
