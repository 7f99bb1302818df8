import { describe, expect, it } from 'vitest';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { DAY, HOUR, MINUTE } from '../../src/time/time.ts';

// What the detectors remember between ticks, and how they come by it: from the history that Azure Monitor has.

const scenario = parseScenario(
  'remembered',
  `title: Two quiet hubs
about: Nothing happens.
length: 3d
hubs:
  - { name: plant-berlin, connected: 420, sendsPerMinute: 150 }
  - { name: plant-lyon, connected: 900, sendsPerMinute: 150 }
`,
);
const group = `${scenario.hubs[0]?.subscription ?? ''}:westeurope`;

async function play() {
  const events: { event: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const opened = await playScenario(scenario, { log: (event, fields) => void events.push({ event, fields }) });
  const of = (name: string) => events.filter(({ event }) => event === name).map(({ fields }) => fields);
  return { ...opened, of };
}

describe('what the detectors remember', () => {
  it('is learned from history at first sight, and then kept', async () => {
    const { playTo, deps, azure, of, close } = await play();
    try {
      await playTo(MINUTE);
      const records = await deps.stores.hubs.listAll();
      expect(records.map(({ learnedAt }) => learnedAt)).toEqual(records.map(() => scenario.startsAt + MINUTE));
      for (const { evaluations } of records)
        expect(evaluations?.['connected-devices']).toMatchObject({ verdict: 'normal', numbers: { confidence: 1 } });
      const first = azure.counts.batch;
      await playTo(2 * MINUTE);
      expect(of('hubs.learned')).toHaveLength(1);
      expect(azure.counts.batch - first).toBeLessThan(first);
    } finally {
      await close();
    }
  });

  it.each([
    { what: 'a damaged state', rule: 'quota', hot: '{"v":1', pictureDay: undefined },
    { what: 'a state of an older version', rule: 'connected-devices', hot: '{"v":0}', pictureDay: undefined },
    { what: 'a state whose picture is missing', rule: 'connected-devices', hot: undefined, pictureDay: 1 },
  ])('is rebuilt from history where there is $what; the other hub goes on', async ({ rule, hot, pictureDay }) => {
    const { playTo, deps, of, close } = await play();
    try {
      await playTo(2 * MINUTE);
      const record = (await deps.stores.hubs.listAll()).find(({ hub }) => hub.name === 'plant-berlin');
      const state = record?.states[rule];
      if (!record || !state) throw new Error('the hub has been judged');
      const damaged = { ...state, ...(hot === undefined ? {} : { hot }), pictureDay: pictureDay ?? state.pictureDay };
      // As another process left it, which did not get as far as its picture.
      if (pictureDay !== undefined) await deps.stores.pictures.remove(group, 'plant-berlin');
      await deps.stores.hubs.save(group, [{ ...record, states: { ...record.states, [rule]: damaged } }]);
      await playTo(4 * MINUTE);
      expect(of('states.rebuilt')).toEqual([{ hub: 'plant-berlin', rules: [rule] }]);
      expect(of('hubs.learned')).toMatchObject([{ hubs: 2 }, { hubs: 1, read: 1 }]);
      const after = (await deps.stores.hubs.listAll()).find(({ hub }) => hub.name === 'plant-berlin');
      expect(after?.evaluations?.[rule]?.verdict).toBe('normal');
    } finally {
      await close();
    }
  });

  it('is learned anew after a pause of more than a day, and read on after a shorter one', async () => {
    const { playTo, tick, of, close } = await play();
    try {
      await playTo(MINUTE);
      await tick(scenario.startsAt + 5 * HOUR);
      expect(of('hubs.learned')).toHaveLength(1);
      await tick(scenario.startsAt + 5 * HOUR + DAY + MINUTE);
      expect(of('hubs.learned')).toHaveLength(2);
    } finally {
      await close();
    }
  });
});
