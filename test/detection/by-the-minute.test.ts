import { beforeAll, describe, expect, it } from 'vitest';
import type { DetectorState } from '../../src/detection/evaluate-rule.ts';
import { confirmBins } from '../../src/detection/gauge-jump.ts';
import { draftOf, newGaugeHot } from '../../src/detection/gauge-state.ts';
import { dayOf, emptyPicture } from '../../src/detection/seasonal-picture.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { devices, firing, monday, noise, play, pointsOf, shipped, type Played } from './series.ts';

const rule = shipped('connected-devices');
const learned = monday + 15 * DAY;
const noon = learned + 12 * HOUR;

/** Gateways that report for a quarter of an hour, every hour on the hour: 2,000 of them, and 950 in between. */
function pulses(at: EpochMs): number {
  return Math.round(((at / MINUTE) % 60 < 15 ? 2_000 : 950) * (1 + 0.004 * noise(at / MINUTE)));
}

function byTheMinute(
  from: EpochMs,
  to: EpochMs,
  value: (at: EpochMs) => number | null,
  more: Partial<Parameters<typeof play>[0]> = {},
): Played {
  const series = { [devices]: pointsOf(from, to, value, MINUTE) };
  return play({ rule, series, from, to, grain: MINUTE, ...more });
}

/** A fleet that is always on, a little larger by day. */
function steady(at: EpochMs): number {
  return Math.round((3_000 + 200 * Math.sin((2 * Math.PI * at) / DAY)) * (1 + 0.003 * noise(at / MINUTE)));
}

/** Two weeks of a fleet, in bins of five minutes. */
function seasonOf(fleet: (at: EpochMs) => number): DetectorState | undefined {
  const played = play({ rule, series: { [devices]: pointsOf(monday, learned, fleet) }, from: monday, to: learned });
  expect(firing(played)).toEqual([]);
  return played.state;
}

describe('with a season', () => {
  let ofSteady: DetectorState | undefined;
  let ofPulses: DetectorState | undefined;

  beforeAll(() => {
    ofSteady = seasonOf(steady);
    ofPulses = seasonOf(pulses);
  });

  it('a cliff is told as soon as its bins are confirmed and settled', () => {
    const from = noon + 27 * MINUTE;
    const value = (at: EpochMs): number => Math.round(steady(at) * (at >= from ? 0.3 : 1));
    const [first] = firing(byTheMinute(learned, learned + DAY, value, { state: ofSteady }));
    expect(first?.evaluation.reason).toBe('sudden-drop');
    // Five bins, settled two minutes after the last one ended.
    expect((first?.at ?? Infinity) - from).toBeLessThanOrEqual(8 * MINUTE);
  });

  it('between two slots of a pulse little is expected that counts: the peak of a breach is that of whole slots', () => {
    const value = (at: EpochMs): number => Math.round(pulses(at) * (at >= noon ? 0.85 : 1));
    const { state } = byTheMinute(learned, noon + 3 * HOUR, value, { state: ofPulses });
    const phase = state?.detector === 'connected-devices' ? state.state.hot.phase : undefined;
    expect(phase?.kind).toBe('breach');
    expect(phase?.kind === 'breach' ? phase.peak : 0).toBeCloseTo(-Math.log(0.85), 1);
  });

  it('a breach that has lasted does not end because all looks well for a quarter of an hour', () => {
    const isBack = (at: EpochMs): boolean => at >= noon + 2 * HOUR && at < noon + 2.25 * HOUR;
    const isGone = (at: EpochMs): boolean => at >= noon && at < noon + 4 * HOUR && !isBack(at);
    const value = (at: EpochMs): number => Math.round(steady(at) * (isGone(at) ? 0.7 : 1));
    const { told } = byTheMinute(learned, learned + DAY, value, { state: ofSteady });
    expect(told.map(({ transition }) => transition)).toEqual(['firing', 'resolved']);
    expect((told[1]?.at ?? 0) - (noon + 4 * HOUR)).toBeLessThanOrEqual(30 * MINUTE);
  });

  it('bins that Azure fills seven minutes later are no cliff', () => {
    const isPartial = (at: EpochMs): boolean => at >= noon + 21 * MINUTE && at < noon + 45 * MINUTE;
    const played = byTheMinute(learned, learned + DAY, steady, {
      state: ofSteady,
      asRead: (point, now) =>
        isPartial(point.at) && now < point.at + 7 * MINUTE
          ? { ...point, value: Math.round((point.value ?? 0) * 0.4) }
          : point,
    });
    expect(firing(played)).toEqual([]);
  });

  it('where bins were wrong together, half as many more and one must agree', () => {
    const draft = { ...draftOf({ hot: newGaugeHot(MINUTE, noon), picture: emptyPicture(dayOf(noon)) }) };
    const confirmedBy = (together: number): number =>
      confirmBins({ ...draft, wrong: { together, wrong: 0, judged: 10_000 } }, rule.settings);
    expect([0, 3, 4, 5].map(confirmedBy)).toEqual([5, 5, 7, 8]);
  });
});

describe('in the first hours', () => {
  it('a cliff of a fleet that reports in pulses is found', () => {
    const outage = monday + 4 * HOUR + 30 * MINUTE;
    const played = byTheMinute(monday, monday + 6 * HOUR, (at) => Math.round(pulses(at) * (at >= outage ? 0.12 : 1)));
    const [first, ...others] = firing(played);
    expect(others).toEqual([]);
    expect(first?.evaluation.reason).toBe('sudden-drop');
    expect((first?.at ?? Infinity) - outage).toBeLessThanOrEqual(15 * MINUTE);
  });

  it('the pulses themselves are no surges', () => {
    expect(firing(byTheMinute(monday, monday + 8 * HOUR, pulses))).toEqual([]);
  });

  it('a cliff of which single minutes are missing is found', () => {
    const outage = monday + 4 * HOUR + 7 * MINUTE;
    const isMissing = (at: EpochMs): boolean => at >= outage && (at / MINUTE) % 4 === 1 && at < outage + 12 * MINUTE;
    const played = byTheMinute(monday, monday + 6 * HOUR, (at) =>
      isMissing(at) ? null : Math.round((at >= outage ? 6 : 85) + noise(at / MINUTE)),
    );
    expect(firing(played)).toHaveLength(1);
  });
});
