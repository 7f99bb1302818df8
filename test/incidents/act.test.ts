import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { acknowledge, noteSilence, resolve } from '../../src/incidents/act.ts';
import { fingerprint, incidentId, parseIncidentId } from '../../src/incidents/incident.ts';
import { silenceOf, type Silence } from '../../src/incidents/silence.ts';
import { diego, firing, HOUR, megan, now, resolvedAt, subject } from '../fixtures/incidents.ts';

describe('acknowledging', () => {
  it('is won by the first, and the second learns who that was', () => {
    const first = acknowledge(firing(), megan, now);
    expect(first).toMatchObject({ kind: 'changed', incident: { status: 'acknowledged', acknowledgedBy: megan } });
    expect(acknowledge(first.incident, diego, now)).toMatchObject({
      kind: 'unchanged',
      incident: { acknowledgedBy: megan },
    });
  });

  it('does nothing to an incident that is over', () => {
    const over = resolvedAt(firing(), now);
    expect(acknowledge(over, megan, now)).toStrictEqual({ kind: 'unchanged', incident: over });
    expect(resolve(over, megan, now)).toStrictEqual({ kind: 'unchanged', incident: over });
  });
});

describe('a silence', () => {
  const silence: Silence = {
    id: 's',
    fingerprint: fingerprint(subject, 'throttling'),
    from: now,
    until: now + HOUR,
    by: megan,
  };

  it.each([
    { at: now - 1, covered: false },
    { at: now, covered: true },
    { at: now + HOUR - 1, covered: true },
    { at: now + HOUR, covered: false },
  ])('covers its incident from its beginning until just before its end ($at: $covered)', ({ at, covered }) => {
    expect(silenceOf([silence], firing(), at) !== undefined).toBe(covered);
  });

  it('does not cover another signal of the same hub', () => {
    expect(silenceOf([silence], { fingerprint: fingerprint(subject, 'quota') }, now)).toBeUndefined();
  });

  it('is no status: the incident goes on firing, with a new revision for its cards', () => {
    expect(noteSilence(firing(), 'silenced', now, megan)).toMatchObject({ status: 'firing', revision: 2 });
  });
});

describe('an incident id', () => {
  test.prop([fc.string(), fc.integer({ min: 0, max: 4_000_000_000_000 })])(
    'is seven letters that can be typed back in any dress',
    (print, at) => {
      const id = incidentId(print, at);
      expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{7}$/);
      expect(parseIncidentId(` #${id.toLowerCase()} `)).toBe(id);
      expect(parseIncidentId(id.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(id);
    },
  );

  it.each(['', '429001', 'K7Q2M4', 'K7Q2M4DD', 'K7Q2M4U', '../../x', "' or 1"])('is not %j', (text) => {
    expect(parseIncidentId(text)).toBeUndefined();
  });
});
