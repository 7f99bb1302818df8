import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/detection/evaluation.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import {
  attempts,
  devices,
  firing,
  grainMs,
  monday,
  noise,
  play,
  pointsOf,
  reasonsOf,
  shipped,
  used,
} from './series.ts';

const rule = shipped('telemetry');
const stall = monday + 8 * DAY + 10 * HOUR;
const to = monday + 9 * DAY;
const stalled = (at: EpochMs): boolean => at >= stall && at < stall + 3 * HOUR;
const messages = (at: EpochMs): number => Math.round(2_000 * (1 + 0.1 * noise(at / grainMs)));

describe('devices that are there and say nothing', () => {
  it('are told once, by what they send', () => {
    const series = { [attempts]: pointsOf(monday, to, (at) => (stalled(at) ? 0 : messages(at))) };
    const [first, ...others] = firing(play({ rule, series, from: monday, to }));
    expect(others).toEqual([]);
    expect(first?.evaluation).toMatchObject({ reason: 'telemetry-stall', metric: attempts });
    expect((first?.at ?? Infinity) - stall).toBeLessThan(HOUR);
  });

  it("are told by the day's count where nothing else is read", () => {
    let sent = 0;
    const count = pointsOf(monday, to, (at) => {
      if (at % DAY === 0) sent = 0;
      sent += stalled(at) ? 0 : messages(at);
      return sent;
    });
    expect(reasonsOf(play({ rule, series: { [used]: count }, from: monday, to }))).toEqual(['telemetry-stall']);
  });

  it('are not told when the devices are gone as well: that is told already', () => {
    const gone: Evaluation = {
      rule: 'connected-devices',
      signal: 'connected-devices',
      metric: devices,
      verdict: 'breach',
      reason: 'sudden-drop',
      severity: 'critical',
      numbers: { ratio: 0.05 },
    };
    const series = { [attempts]: pointsOf(monday, to, (at) => (stalled(at) ? 0 : messages(at))) };
    expect(firing(play({ rule, series, from: monday, to, others: [gone] }))).toEqual([]);
  });
});

it('fleets that report in pulses are not stalled when the pulses are missing', () => {
  const pulse = (at: EpochMs): boolean => at % (15 * MINUTE) === 0;
  const late = (at: EpochMs): boolean => pulse(at) && at >= stall && at < stall + HOUR;
  const series = {
    [attempts]: pointsOf(monday, to, (at) => (late(at) ? null : Math.round((pulse(at) ? 2 : 0.05) * messages(at)))),
  };
  expect(firing(play({ rule, series, from: monday, to }))).toEqual([]);
});

it('a better source that was not readable at first sight is taken', () => {
  const count = pointsOf(monday, to, (at) => Math.round((at % DAY) / MINUTE) * 400);
  const sent = pointsOf(monday, to, (at) => (at < monday + HOUR ? null : stalled(at) ? 0 : messages(at)));
  const [first] = firing(play({ rule, series: { [used]: count, [attempts]: sent }, from: monday, to }));
  expect(first?.evaluation.metric).toBe(attempts);
});

it('a surge of messages is none of its business', () => {
  const series = { [attempts]: pointsOf(monday, to, (at) => (stalled(at) ? 20 : 1) * messages(at)) };
  expect(firing(play({ rule, series, from: monday, to }))).toEqual([]);
});
