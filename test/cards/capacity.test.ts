import { describe, expect, it } from 'vitest';
import { incidentCard } from '../../src/cards/incident-card.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';
import { firing, now, resolvedAt } from '../fixtures/incidents.ts';

const english = { language: 'en', silence: undefined, now } as const;
const french = { ...english, language: 'fr' } as const;
const throttled = firing({ numbers: { value: 3_000, total: 9_000, ratio: 1.8 } });
const sized = (incident: Incident, sku: string, units: number): Incident => ({
  ...incident,
  subject:
    incident.subject.kind === 'hub' ? { kind: 'hub', hub: { ...incident.subject.hub, sku, units } } : incident.subject,
});
const because = (incident: Incident, code: string): Incident => ({
  ...incident,
  diagnosis: {
    ...incident.diagnosis,
    candidates: [{ family: `${code.slice(0, 3)}xxx`, code, confidence: 'established', reason: 'throttle-metric' }],
  },
});

describe('capacity on a card', () => {
  it('names the smallest change that carries what devices ask for, as a command', () => {
    const card = incidentCard(throttled, english);
    expect(readCard(card)).toContain('\nCapacity\nThe smallest change that carries this: S1 × 17');
    expect(readCard(card)).toContain('az iot hub update --name plant-berlin --unit 17');
    expect(readCard(incidentCard(throttled, french))).toContain('S1 × 17 (aujourd’hui S1 × 2)');
    expect(lintCard(card)).toEqual([]);
  });

  it('for a quota that runs out, by what the day is expected to use', () => {
    const quota = because(
      firing({ signal: 'quota', numbers: { value: 700_000, limit: 800_000, ratio: 0.875, expected: 1_500_000 } }),
      '403002',
    );
    expect(readCard(incidentCard(quota, english))).toContain('--unit 5');
  });

  it.each([
    { what: 'one device that overdoes it', incident: because(throttled, '429005') },
    { what: 'an hour in which the rate is kept', incident: firing({ numbers: { value: 3, total: 3, ratio: 0.4 } }) },
    { what: 'what is over', incident: resolvedAt(throttled, now) },
  ])('nothing about $what', ({ incident }) => {
    expect(readCard(incidentCard(incident, english))).not.toContain('\nCapacity\n');
  });

  it('says so where there is no command', () => {
    expect(readCard(incidentCard(sized(throttled, 'F1', 1), english))).toContain('A Free hub cannot become a paid one');
    const beyond = because(
      firing({ signal: 'quota', numbers: { value: 4e9, limit: 3e9, ratio: 1.3, expected: 5e9 } }),
      '403002',
    );
    expect(readCard(incidentCard(sized(beyond, 'S3', 10), english))).toContain('several hubs');
  });
});
