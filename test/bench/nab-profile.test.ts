import { describe, expect, it } from 'vitest';
import { normalised, optimum, profiles, rawAt, type ScoredFile } from '../../bench/nab-profile.ts';

const profile = profiles.standard;

/** 1000 rows, a window from row 500 to 599; an alarm of the given strength on some rows. */
function file(alarms: Readonly<Record<number, number>>): ScoredFile {
  const at = Array.from({ length: 1000 }, (_, row) => row * 300_000);
  return {
    at,
    scores: at.map((_, row) => alarms[row] ?? 0),
    windows: [{ from: 500 * 300_000, to: 599 * 300_000 }],
  };
}

describe('the standard profile', () => {
  it.each([
    { alarm: 'none', alarms: {}, score: 0 },
    { alarm: 'on the first row of the window', alarms: { 500: 1 }, score: 100 },
    { alarm: 'on every row of it, which is worth no more', alarms: { 500: 1, 501: 1, 502: 1, 560: 1 }, score: 100 },
    // (tanh(5/4) / tanh(5/2) + 1) / 2
    { alarm: 'in its middle', alarms: { 550: 1 }, score: 92.99 },
    { alarm: 'on its last row', alarms: { 599: 1 }, score: 51.27 },
    { alarm: 'far before it as well', alarms: { 300: 1, 500: 1 }, score: 94.5 },
    { alarm: 'soon after it as well', alarms: { 610: 1, 500: 1 }, score: 98.51 },
    { alarm: 'while the detector may still learn', alarms: { 20: 1, 149: 1, 500: 1 }, score: 100 },
  ])('an alarm $alarm: $score', ({ alarms, score }) => {
    expect(normalised(rawAt(0.5, [file(alarms)], profile), 1, profile)).toBeCloseTo(score, 1);
  });

  it('chooses one threshold for all files', () => {
    const files = [file({ 500: 0.4, 200: 0.3 }), file({ 500: 0.9, 250: 0.35, 260: 0.3 })];
    expect(optimum(files, profile).threshold).toBe(0.4);
    expect(optimum(files, profile).raw).toBeCloseTo(2);
    expect(optimum([file({ 200: 1 })], profile).threshold).toBeGreaterThan(1);
  });

  it('counts at a threshold that no row has exactly', () => {
    const files = [file({ 500: 0.4, 200: 0.3 })];
    expect(rawAt(0.35, files, profile)).toBeCloseTo(1);
    expect(rawAt(0.3, files, profile)).toBeCloseTo(0.89);
    expect(rawAt(0.5, files, profile)).toBe(-1);
  });
});
