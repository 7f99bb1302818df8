import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectorState } from '../../src/detection/evaluate-rule.ts';
import { RECENT_BINS, type GaugePhase } from '../../src/detection/gauge-state.ts';
import { rememberedDays } from '../../src/detection/generic/day-memory.ts';
import { learnRule } from '../../src/detection/learn-rule.ts';
import { emptyRulesFile, rulesFor } from '../../src/detection/resolve-rules.ts';
import { isSlow } from '../../src/detection/rule.ts';
import { readPicture, readState, storedPicture, storedState } from '../../src/detection/stored/stored-state.ts';
import { rememberedBins } from '../../src/detection/throttling-state.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { attempts, devices, firing, grainMs, hub, monday, noise, play, pointsOf, refused, used } from './series.ts';

const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} }).filter(
  (rule) => !isSlow(rule) || rule.id === 'method-failures' || rule.id === 'twin-reads',
);
const to = monday + 9 * DAY + 5 * HOUR;
const wave = (at: EpochMs, size: number): number =>
  Math.round(size * (0.6 + 0.4 * Math.sin((2 * Math.PI * at) / DAY)) * (1 + 0.01 * noise(at / MINUTE)));
const series = {
  [devices]: pointsOf(monday, to, (at) => (at >= to - HOUR ? 1_000 : wave(at, 98_765))),
  [refused]: pointsOf(monday, to, (at) => (at >= to - HOUR ? 4_321 : Math.max(0, Math.round(300 * noise(at))))),
  [attempts]: pointsOf(monday, to, (at) => wave(at, 9_876_543)),
  [used]: pointsOf(monday, to, (at) => Math.round(((at % DAY) / DAY) * 123_456_789)),
  'c2d.twin.read.success': pointsOf(monday, to, (at) => wave(at, 8_000)),
  'c2d.methods.failure': pointsOf(monday, to, (at) => wave(at, 40)),
};
const states = new Map<string, DetectorState>();

beforeAll(() => {
  for (const rule of rules) {
    const { state } = play({ rule, series, from: monday, to });
    if (state) states.set(rule.id, state);
  }
});

const again = (state: DetectorState): DetectorState | undefined =>
  readState(storedState(state), readPicture(state.detector, storedPicture(state) ?? ''));

/** The same with everything filled that can be: an incident, pauses, lists of the finest grain, names. */
function fullest(known: DetectorState): DetectorState {
  const { detector, state } = known;
  const at = to - 7 * MINUTE;
  switch (detector) {
    case 'connected-devices': {
      const phase: GaugePhase = {
        kind: 'breach',
        cause: 'fourHours',
        direction: 'above',
        sinceAt: at,
        firedAt: at,
        peak: -1 / 3,
        last: 1 / 3,
        unrest: 1 / 7,
        from: 123_456.7,
        level: -1 / 7,
        calmBins: 1_000,
        steady: [1, 2, 3, 4].map((level) => ({ level: -level / 9, sinceAt: at })),
      };
      const flagged = [0, 1, 2, 3].map((span): [number, number] => [60 * span, 60 * span + 50]);
      const hot = { phase, flagged, shift: 1 / 3, leak: { sinceAt: at, loss: 1 / 3, endedAt: at } };
      const recent = Array.from({ length: RECENT_BINS }, (_, bin) => 200_000 + bin);
      const formerLevels = [1, 2, 3].map((level) => ({ offset: level / 7, untilDay: 30_000 }));
      return {
        detector,
        state: { hot: { ...state.hot, ...hot, recent }, picture: { ...state.picture, formerLevels } },
      };
    }
    case 'quota': {
      const use = { ...state.hot.use, used: 123_456_789, usedYesterday: 123_456_789, fallenSince: at };
      const phase = { kind: 'breach', cause: 'critical', sinceAt: at, calmChecks: 1_000 } as const;
      return { detector, state: { ...state, hot: { ...state.hot, use, phase, slotUsed: 123_456_789.5 } } };
    }
    case 'telemetry': {
      const use = { day: 30_000, used: 123_456_789, usedAt: at, usedYesterday: 123_456_789, fallenSince: at };
      const phase = { kind: 'breach', sinceAt: at, calmSlots: 1, least: 1 / 3 } as const;
      const recent = Array.from({ length: 35 }, () => 4_000);
      return { detector, state: { ...state, hot: { ...state.hot, use, phase, recent, explainedAt: at } } };
    }
    case 'throttling': {
      const bins = rememberedBins(MINUTE);
      const much = 1_234_567.8;
      const full = {
        refused: much,
        refusedTwice: much,
        refusedThrice: much,
        busyShort: 30,
        busyLong: 120,
        attempts: much,
      };
      return {
        detector,
        state: {
          ...state,
          refused: Array.from({ length: bins.refused }, () => 4_000),
          attempts: Array.from({ length: bins.attempts }, () => 4_000),
          today: full,
          yesterday: full,
          past: full,
          phase: { kind: 'breach', cause: 'recurring', sinceAt: at, firedAt: at, refused: 1e9, attempts: 1e9 },
        },
      };
    }
    case 'operation-rate': {
      const calls = Array.from({ length: 120 }, (_, i) => 1e6 / (i + 1));
      return { detector, state: { grainMs: MINUTE, judgedUntil: at, calls, sinceAt: at } };
    }
    case 'no-data': {
      const one = { until: at, value: 1 / 3, sameSince: at, longestSameMs: 1e9, longestGapMs: 1e9, since: at };
      const metrics = [devices, refused, attempts, used, 'd2c.telemetry.ingress.success'];
      return {
        detector,
        state: {
          heard: Object.fromEntries(metrics.map((metric) => [metric, one])),
          phase: { kind: 'breach', cause: 'silent-metric', metric: devices, sinceAt: at },
        },
      };
    }
    case 'metric': {
      const { scorer } = state;
      const newest = scorer.memory?.days.at(-1);
      if (!scorer.memory || !newest) throw new Error('nothing was learned');
      const values = Array.from({ length: 288 }, (_, slot) => slot ** 2 / 7);
      const days = Array.from({ length: rememberedDays + 1 }, (_, ago) => ({
        day: newest.day - ago,
        values,
      })).reverse();
      const range = { highest: 12_345.6, second: 1_234.5, secondLowest: 1 / 7, lowest: 1 / 9 };
      const limits = { ...scorer.limits, range, rangeBefore: range, calmest: 1 / 3 };
      const unusual = Array.from({ length: 62 }, () => true);
      const cause = { size: 1 / 3, kind: 'unlike-usual', measure: 6 } as const;
      return {
        detector,
        state: {
          ...state,
          scorer: { ...scorer, memory: { ...scorer.memory, days }, limits, sinceAlarm: 1_000 },
          episode: { sinceAt: at, bins: 1_000, cause, unusual, confirmed: true, limits },
        },
      };
    }
  }
}

function expectToFit(state: DetectorState): void {
  // As a property of a stored record: what JSON has to escape counts twice.
  expect(JSON.stringify(storedState(state).hot).length - 2).toBeLessThanOrEqual(1_024);
  expect(JSON.stringify(storedPicture(state) ?? '').length - 2).toBeLessThanOrEqual(16 * 1_024);
}

describe.each(rules.map(({ id }) => id))('%s', (id) => {
  const state = (): DetectorState => {
    const known = states.get(id);
    if (!known) throw new Error(`nothing was learned by ${id}`);
    return known;
  };

  it('comes back from text as it was, and judges alike', () => {
    const read = again(state());
    expect(read && storedState(read)).toEqual(storedState(state()));
    expect(read && storedPicture(read)).toEqual(storedPicture(state()));
    const rule = rules.find((one) => one.id === id);
    if (!rule) throw new Error(id);
    const later = to + 3 * HOUR;
    const next = Object.fromEntries(
      Object.keys(series).map((metric) => [metric, pointsOf(to, later, (at) => wave(at, 900))]),
    );
    const judged = (from: DetectorState | undefined): unknown =>
      play({ rule, series: next, from: to, to: later, state: from }).told.map(({ at, transition, evaluation }) => [
        at,
        transition,
        evaluation.reason,
      ]);
    expect(judged(read)).toEqual(judged(state()));
  });

  it('takes a kilobyte as stored, its picture at most sixteen', () => {
    expectToFit(state());
    const full = fullest(state());
    expectToFit(full);
    const read = again(full);
    expect(read && storedState(read)).toEqual(storedState(full));
    expect(read && storedPicture(read)).toEqual(storedPicture(full));
  });

  it('is not believed if it is damaged, of another version, or belongs to another picture', () => {
    const stored = storedState(state());
    const picture = readPicture(stored.detector, storedPicture(state()) ?? '');
    for (const hot of [
      '',
      '{',
      'null',
      '[]',
      // As they were written before: JSON, and the bytes of a metric rule.
      '{"v":1,"day":20579}',
      'AQAAAAAAAAAAAAAAAAAAAADAfwAAwH8AAMB/AADAfwAAwH8AAMB/AADAfwAAwH8AAAAAAAD4f///AAAAAAAA+H8A6rqkGg==',
      stored.hot.slice(0, -20),
      stored.hot.replace(/^.{8}/, 'AAAAAAAA'),
    ])
      expect(readState({ ...stored, hot }, picture)).toBeUndefined();
    if (stored.pictureDay !== undefined) expect(readState(stored, undefined)).toBeUndefined();
  });
});

it.each(['', '{', 'null', '{"v":1}', '{"v":99,"day":1}', 'AAAA'])('a picture that reads %s is none', (text) => {
  for (const detector of ['connected-devices', 'quota', 'telemetry', 'metric'] as const)
    expect(readPicture(detector, text)).toBeUndefined();
});

describe('first sight', () => {
  it.each([5 * MINUTE, 15 * MINUTE])('weeks of history at %d ms make day one as good as any', (grain) => {
    const rule = rules.find(({ detector }) => detector === 'connected-devices');
    if (!rule) throw new Error('no rule');
    const now = monday + 28 * DAY + 10 * HOUR;
    const history = pointsOf(monday, now, (at) => wave(at, 5_000), grain);
    const state = learnRule(
      { rule, hub, series: [{ metric: devices, grainMs: grain, points: history }], maintenance: [] },
      now,
    );
    const outage = now + HOUR;
    const value = (at: EpochMs): number => Math.round(wave(at, 5_000) * (at >= outage ? 0.75 : 1));
    const played = play({
      rule,
      series: { [devices]: pointsOf(now, now + 3 * HOUR, value) },
      from: now,
      to: now + 3 * HOUR,
      state,
    });
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({ reason: 'sudden-drop', numbers: { confidence: 1 } });
    expect((first?.at ?? Infinity) - outage).toBeLessThan(30 * MINUTE);
    expect(grainMs).toBe(5 * MINUTE);
  });
});
