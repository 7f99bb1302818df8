import { expect, it } from 'vitest';
import type { InvestigationMessage } from '../../src/app/messages.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';

it('a storm in the logs is put together once per sweep, and ten of its incidents are looked into at once', async () => {
  const scenario = parseScenario(
    'log-storm',
    `title: A queue is full everywhere
about: For a test
length: 12m
hubs:
  - { name: plant, count: 20 }
events:
  - { kind: logs, at: 1m, for: 11m, code: '403004', category: C2DCommands, operation: sendC2D, perMinute: 300 }
`,
  );
  const play = await playScenario(scenario);
  const { investigation } = play.deps.queues;
  let queued: InvestigationMessage['kind'][] = [];
  Object.assign(play.deps.queues, {
    investigation: (message: InvestigationMessage, delayMs?: number) => {
      queued.push(message.kind);
      return investigation(message, delayMs);
    },
  });
  try {
    let opened = 0;
    for (let at = MINUTE; opened === 0; at += MINUTE) {
      queued = [];
      await play.playTo(at);
      opened = (await play.incidents()).length;
    }
    expect(opened).toBeGreaterThan(10);
    expect(queued.filter((kind) => kind === 'correlate')).toHaveLength(1);
    expect(queued.filter((kind) => kind === 'diagnose')).toHaveLength(10);
  } finally {
    await play.close();
  }
});
