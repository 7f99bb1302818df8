import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/simulator/load-scenario.ts';
import { parseScenario, ScenarioFault } from '../../src/simulator/scenario.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { MINUTE } from '../../src/time/time.ts';

const minimal = ['title: A title', 'about: What happens', 'length: 10m', 'hubs:', '  - { name: hub-a }'].join('\n');

function faultsOf(text: string): readonly string[] {
  try {
    parseScenario('mine', text);
    return [];
  } catch (error) {
    if (error instanceof ScenarioFault) return error.faults;
    throw error;
  }
}

describe('a scenario file', () => {
  it('needs no more than a title, a length and a hub', () => {
    expect(parseScenario('mine', minimal)).toMatchObject({
      name: 'mine',
      length: 10 * MINUTE,
      hubs: [{ name: 'hub-a', sku: 'S1', units: 1, devices: 550 }],
    });
  });

  it('may ask for many hubs of a kind', () => {
    const { hubs } = parseScenario('mine', minimal.replace('hub-a }', 'hub-a, count: 12 }'));
    expect(hubs).toHaveLength(12);
    expect(hubs[11]).toMatchObject({ name: 'hub-a-012', index: 11 });
  });

  it.each([
    { fault: 'unknown key', text: `${minimal}\ncolour: red`, says: /colour/ },
    {
      fault: 'bad duration',
      text: minimal.replace('10m', 'ten minutes'),
      says: /line 3: length: must be a duration such as 90s, 5m or 1h30m, not "ten minutes"/,
    },
    { fault: 'bad YAML', text: `${minimal}\n  : [`, says: /line 6/ },
    {
      fault: 'unknown kind of event',
      text: `${minimal}\nevents:\n  - { kind: earthquake, at: 1m }`,
      says: /line 7: events.0.kind/,
    },
    {
      fault: 'event of a hub that is not there',
      text: `${minimal}\nevents:\n  - { kind: sends, at: 1m, factor: 2, hubs: [hub-b] }`,
      says: /no hub is named hub-b/,
    },
    {
      fault: 'negative rate',
      text: `${minimal}\nevents:\n  - { kind: sends, at: 1m, perMinute: -2 }`,
      says: /line 7: events.0.perMinute/,
    },
  ])('with an $fault is refused with the line', ({ text, says }) => {
    expect(faultsOf(text).join('\n')).toMatch(says);
  });

  it('that does not exist is named', () => {
    expect(() => loadScenario('./nowhere.yaml')).toThrow(ScenarioFault);
    expect(() => loadScenario('./nowhere.yaml')).toThrow(/There is no scenario .\/nowhere.yaml/);
  });
});

describe('the simulated hub', () => {
  const minuteByMinute = (name: string, metric: string, minutes: number): readonly number[] => {
    const scenario = loadScenario(name);
    const world = createWorld(scenario);
    const [hub] = scenario.hubs;
    if (!hub) throw new Error('a scenario has a hub');
    return Array.from({ length: minutes }, (_, i) => world.truth(hub, metric, scenario.startsAt + i * MINUTE) ?? 0);
  };

  it('queues what is above its rate for two minutes before it refuses anything', () => {
    const refused = minuteByMinute('throttling', 'd2c.telemetry.ingress.sendThrottle', 10);
    const accepted = minuteByMinute('throttling', 'd2c.telemetry.ingress.success', 10);
    expect(refused.slice(0, 3)).toStrictEqual([0, 0, 0]);
    expect(refused.slice(4).every((count) => count > 5_000)).toBe(true);
    expect(Math.max(...accepted)).toBe(6_000);
  });

  it('stops taking messages when the daily quota is used up', () => {
    const used = minuteByMinute('quota', 'dailyMessageQuotaUsed', 80);
    const accepted = minuteByMinute('quota', 'd2c.telemetry.ingress.success', 80);
    expect(used.at(-1)).toBe(400_000);
    expect(accepted.at(-1)).toBe(0);
  });

  it('is the same every time', () => {
    expect(minuteByMinute('partial-drop', 'connectedDeviceCount', 60)).toStrictEqual(
      minuteByMinute('partial-drop', 'connectedDeviceCount', 60),
    );
  });
});
