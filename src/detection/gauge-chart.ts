import type { Picture } from './evaluation.ts';
import { planOf } from './expectation.ts';
import { bandAround, slotValue } from './gauge-reading.ts';
import type { GaugeDraft } from './gauge-state.ts';
import type { GaugeSettings } from './limits-of-past.ts';
import { SLOT_MS, TAIL_SLOTS } from './seasonal-picture.ts';

/** The last four hours in slots: values, what was expected, and the band around it. */
export function gaugeChart(draft: GaugeDraft, settings: GaugeSettings): Picture {
  const until = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  const from = until - TAIL_SLOTS * SLOT_MS;
  const { offset } = planOf(draft.picture);
  const values: (number | null)[] = [];
  const expected: (number | null)[] = [];
  const lower: (number | null)[] = [];
  const upper: (number | null)[] = [];
  let band = { lower: 0, upper: 0, expected: Number.NaN };
  for (let i = 0; i < TAIL_SLOTS; i += 1) {
    const value = slotValue(draft, from + i * SLOT_MS) ?? null;
    const residual = draft.residuals[i] ?? Number.NaN;
    values.push(value);
    if (value === null || Number.isNaN(residual)) {
      expected.push(null);
      lower.push(null);
      upper.push(null);
      continue;
    }
    const usual = Math.max(0, (value + offset) * Math.exp(-residual) - offset);
    if (band.expected !== usual) band = { ...bandAround(draft, settings, usual), expected: usual };
    expected.push(usual);
    lower.push(band.lower);
    upper.push(band.upper);
  }
  return { grainMs: SLOT_MS, from, values, expected, lower, upper };
}
