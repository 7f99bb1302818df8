import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRecording } from '../../src/backtest/write-recording.ts';
import { backtest, type BacktestWorld } from '../../src/cli/backtest.ts';
import { DAY, MINUTE } from '../../src/time/time.ts';
import { generate } from '../detection/generator/generate.ts';

let folder = '';
const recording = generate(3, 5 * MINUTE, 3);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  await writeRecording(folder, [recording.hub], recording.points, recording.labels);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(
  args: readonly string[],
  world?: BacktestWorld,
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: (text: string) => (err += text) } };
  return { code: await backtest(args, io, world), out, err };
}

describe('a recording', () => {
  it('is told per hub and week, scored, compared, written as lines and drawn', async () => {
    const strict = join(folder, 'strict.yaml');
    await writeFile(strict, 'version: 1\nrules:\n  connected-devices: { enabled: false }\n');
    const [alerts, svg] = [join(folder, 'alerts.jsonl'), join(folder, 'pictures')];
    const labels = join(folder, 'labels.jsonl');
    const { code, out, err } = await run([
      '--recording',
      folder,
      '--labels',
      labels,
      '--against',
      strict,
      '--alerts',
      alerts,
      '--svg',
      svg,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/hub-3 {2}2026-03/);
    expect(out).toMatch(/week of 2026-03-\d\d {2}\d+ incidents?, .* in alert, \d+ flaps?/);
    expect(out).toMatch(/incidents found .* of /);
    expect(out).toMatch(/the other rules add \d+ incidents? and remove \d+/);
    const lines = (await readFile(alerts, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const parsed = JSON.parse(line) as Record<string, string>;
      expect(Object.keys(parsed)).toEqual(['hub', 'metric', 'at', 'kind', 'transition']);
      expect(['firing', 'resolved']).toContain(parsed['transition']);
    }
    const picture = await readFile(join(svg, 'hub-3.svg'), 'utf8');
    expect(picture).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('with damaged lines says how many, and reads the others', async () => {
    const damaged = await mkdtemp(join(tmpdir(), 'damaged-'));
    const few = recording.points.slice(0, 2_000);
    await writeRecording(damaged, [recording.hub], few);
    await appendFile(
      join(damaged, 'points.jsonl'),
      '{"hub":"hub-3"}\nnot json\n\n[1]\n{"hub":"hub-3","metric":"m","at":"never","value":1,"readableAt":"x"}\n',
    );
    const { code, out, err } = await run(['--recording', damaged]);
    expect(code).toBe(0);
    expect(err).toBe('points.jsonl: 4 lines are no points and were left out, the first is line 2001\n');
    expect(out).toMatch(/hub-3/);
    await rm(damaged, { recursive: true });
  });

  it.each([
    { what: 'hubs.json that is not JSON', text: '{', message: /is not JSON/ },
    { what: 'hubs.json that is no list of hubs', text: '[{"name":"x"}]', message: /hubs\.json: 0\.hub/ },
  ])('with $what is refused in words', async ({ text, message }) => {
    const broken = await mkdtemp(join(tmpdir(), 'broken-'));
    await writeFile(join(broken, 'hubs.json'), text);
    const { code, err } = await run(['--recording', broken]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    await rm(broken, { recursive: true });
  });

  it('that is not there, or rules with faults, end with 1 and a place', async () => {
    expect(await run(['--recording', join(folder, 'nowhere')])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/hubs\.json does not exist/) as string,
    });
    expect(await run(['--recording', folder, '--rules', join(folder, 'none.yaml')])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/none\.yaml cannot be read \(ENOENT\)\. Name a file/) as string,
    });
    const faulty = join(folder, 'faulty.yaml');
    await writeFile(faulty, 'version: 1\nrules:\n  qouta: {}\n');
    expect(await run(['--recording', folder, '--rules', faulty])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/faulty\.yaml:3: .*qouta.*Known here/) as string,
    });
  });
});

describe('arguments', () => {
  it.each([
    { args: [], message: /one of --recording DIR and --hub NAME/ },
    { args: ['--recording', 'x', '--hub', 'y'], message: /one of/ },
    { args: ['--hub', 'y', '--days', 'many'], message: /--days/ },
    { args: ['--hub', 'y', '--days', '99'], message: /--days/ },
    { args: ['--nonsense'], message: /nonsense/ },
  ])('$args make no sense: 2, and the usage', async ({ args, message }) => {
    const { code, err } = await run(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toMatch(/usage: backtest/);
  });

  it('--help is the usage', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/^usage: backtest/) as string });
  });
});

describe('a hub', () => {
  const now = recording.story.span.to;

  it('is replayed from what Azure Monitor still has; only the days that were asked for are told', async () => {
    const asked: unknown[] = [];
    const world: BacktestWorld = {
      now: () => now,
      historyFrom: (standin) => (name, from, to) => {
        asked.push([standin, name, from, to]);
        return Promise.resolve({ hub: recording.hub, points: recording.points });
      },
    };
    const { code, out } = await run(['--hub', 'hub-3', '--days', '7', '--standin', 'http://localhost:1'], world);
    expect(code).toBe(0);
    expect(asked).toEqual([['http://localhost:1', 'hub-3', now - 21 * DAY, now]]);
    expect(out.match(/week of/g)).toHaveLength(1);
  });

  it('of which there is nothing, or without access, ends with 1', async () => {
    const world: BacktestWorld = {
      now: () => now,
      historyFrom: () => () => Promise.resolve({ hub: recording.hub, points: [] }),
    };
    expect(await run(['--hub', 'hub-3'], world)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/nothing of hub-3/) as string,
    });
    expect(await run(['--hub', 'hub-3'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--recording/) as string,
    });
  });
});
