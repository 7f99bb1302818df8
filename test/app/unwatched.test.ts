import { afterEach, describe, expect, it } from 'vitest';
import type { Policies } from '../../src/app/deps.ts';
import { incidentMessage } from '../../src/cards/incident-card.ts';
import { parseRules } from '../../src/detection/rules-text.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { playScenario, type ScenarioPlayback } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

// An incident whose rule is switched off, or whose hub is deleted, ends; but nobody claims that it is over.

let play: ScenarioPlayback;
afterEach(() => play.close());

async function open(hubs: readonly string[], events: readonly string[]): Promise<void> {
  const list = (items: readonly string[]): string => items.map((item) => `\n  - ${item}`).join('');
  play = await playScenario(
    parseScenario(
      'unwatched',
      `title: Nobody watches any more\nabout: For a test\nlength: 1h\nhubs:${list(hubs)}\nevents:${list(events)}`,
    ),
  );
}

/** What a restart with other settings does. */
const restartWith = (changed: Partial<Policies>): unknown => Object.assign(play.deps.policies, changed);

function rulesOf(text: string): Policies['rules'] {
  const parsed = parseRules(text);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.rules;
}

const only = async (): Promise<Incident | undefined> => {
  const [incident, ...more] = await play.incidents();
  expect(more).toEqual([]);
  return incident;
};

const refused = [
  '{ kind: sends, hubs: [plant-berlin], at: 2m, for: 50m, perMinute: 15500 }',
  '{ kind: azure, api: metrics, answer: 503, at: 25m, for: 30m }',
  '{ kind: azure, api: batch, answer: 503, at: 25m, for: 30m }',
];
const berlin = '{ name: plant-berlin, units: 2, messagesPerDay: 40000000, connected: 420, sendsPerMinute: 250 }';
const lyon = '{ name: plant-lyon, connected: 900, sendsPerMinute: 150 }';

describe('an open incident', () => {
  it('ends when its rule is switched off, says why, and is not called resolved', async () => {
    await open([berlin, lyon], refused);
    await play.playTo(20 * MINUTE);
    const before = await only();
    expect(before).toMatchObject({ signal: 'throttling', status: 'firing' });

    restartWith({ rules: rulesOf('version: 1\nrules: { throttling: { enabled: false } }\n') });
    await play.playTo(21 * MINUTE);
    const after = await only();
    expect(after).toMatchObject({ id: before?.id, status: 'resolved', endReason: 'no-longer-watched' });
    expect(after?.evaluation.verdict).toBe('unknown');
    const told = JSON.stringify(play.sent.at(-1)?.message);
    expect(told).toContain('Not watched any more');
    expect(told).not.toMatch(/Resolved|Over since|"good"/i);
    const french = after && incidentMessage(after, { language: 'fr', silence: undefined, now: after.updatedAt });
    expect(JSON.stringify(french)).toMatch(/N’est plus surveillé depuis/);
    expect(JSON.stringify(french)).not.toMatch(/Résolu|Terminé/);
  });

  it('opens again when its rule is switched on again', async () => {
    await open([berlin, lyon], refused.slice(0, 1));
    await play.playTo(20 * MINUTE);
    restartWith({ rules: rulesOf('version: 1\nrules: { throttling: { enabled: false } }\n') });
    await play.playTo(22 * MINUTE);
    restartWith({ rules: { version: 1 } });
    await play.playTo(40 * MINUTE);
    const again = await only();
    expect(again).toMatchObject({ status: 'firing' });
    expect(again).not.toHaveProperty('endReason');
  });

  it('stays when its hub cannot be read, as long as its rule is in force', async () => {
    await open([berlin, lyon], refused);
    await play.playTo(45 * MINUTE);
    const incident = (await play.incidents()).find(({ signal }) => signal === 'throttling');
    expect(incident).toMatchObject({ status: 'firing' });
  });

  it.each([
    { of: 'one of several hubs', hubs: [berlin, lyon] },
    { of: 'the last hub of its region', hubs: [berlin] },
  ])('ends when its hub is deleted: $of', async ({ hubs }) => {
    await open(hubs, [...refused.slice(0, 1), '{ kind: deleted, hubs: [plant-berlin], at: 20m }']);
    await play.playTo(19 * MINUTE);
    expect(await only()).toMatchObject({ status: 'firing' });
    await play.playTo(22 * MINUTE);
    expect(await only()).toMatchObject({ status: 'resolved', endReason: 'no-longer-watched' });
    expect((await play.deps.stores.hubs.listAll()).map(({ hub }) => hub.name)).not.toContain('plant-berlin');
  });

  it('of the logs ends when logs are not looked through any more', async () => {
    await open(
      [lyon],
      ['{ kind: logs, at: 4m, for: 50m, code: "403004", category: C2DCommands, operation: sendC2D, perMinute: 30 }'],
    );
    await play.playTo(15 * MINUTE);
    expect(await only()).toMatchObject({ signal: 'logs-403004', status: 'firing' });
    restartWith({ logSweepMs: 0 });
    await play.playTo(16 * MINUTE);
    expect(await only()).toMatchObject({ status: 'resolved', endReason: 'no-longer-watched' });
  });
});

it('what is said of a hub comes from the rules in force', async () => {
  await open([lyon], ['{ kind: sends, at: 2m, for: 2m, perMinute: 200 }']);
  await play.playTo(6 * MINUTE);
  const said = async () => (await play.deps.stores.hubs.listAll()).flatMap(({ verdicts }) => Object.keys(verdicts));
  expect(await said()).toContain('jobs-failed');
  restartWith({ rules: rulesOf('version: 1\nrules: { metrics: { jobs-failed: { enabled: false } } }\n') });
  await play.playTo(7 * MINUTE);
  expect(await said()).toContain('routing-latency');
  expect(await said()).not.toContain('jobs-failed');
});
