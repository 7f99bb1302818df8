import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { loadScenario } from '../../src/simulator/load-scenario.ts';
import { startLocalStack, type LocalStack } from '../../src/simulator/local-stack.ts';
import { MINUTE } from '../../src/time/time.ts';

// `npm start -- --state FOLDER`, stopped and started again.

const folder = mkdtempSync(join(tmpdir(), 'hubwatch-state-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const scenario = loadScenario('throttling');
const events: { event: string; fields: Readonly<Record<string, unknown>> }[] = [];

function start(): Promise<LocalStack> {
  const log = (event: string, fields: Readonly<Record<string, unknown>>): void => void events.push({ event, fields });
  return startLocalStack({ scenario, speed: 0, stateFolder: folder, env: {}, log });
}

async function untilFiring(stack: LocalStack): Promise<Incident | undefined> {
  while ((await stack.incidents()).length === 0 && stack.now() < scenario.startsAt + 20 * MINUTE) await stack.tick();
  return (await stack.incidents())[0];
}

it('an incident is still known, time goes on, and nothing is learned again', async () => {
  const first = await start();
  const before = await untilFiring(first);
  const stoppedAt = first.now();
  await first.close();
  expect(before).toMatchObject({ status: 'firing', signal: 'throttling' });

  events.length = 0;
  const second = await start();
  try {
    expect(second.now()).toBe(stoppedAt);
    expect((await second.incidents()).map(({ id }) => id)).toEqual([before?.id]);
    await second.tick();
    expect((await second.incidents()).map(({ id, status }) => [id, status])).toEqual([[before?.id, 'firing']]);
    expect(events.filter(({ event }) => /learned|rebuilt|failed/.test(event))).toEqual([]);
  } finally {
    await second.close();
  }
});
