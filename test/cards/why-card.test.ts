import { describe, expect, it } from 'vitest';
import { whyHubCard } from '../../src/cards/why-card.ts';
import { aHub, aHubRecord } from '../fixtures/domain.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';
import { evaluation, MINUTE, now } from '../fixtures/incidents.ts';

const context = { incidents: [], silences: [], off: [], tagFaults: [], language: 'en', now } as const;

describe('why nothing fires for a hub', () => {
  const { picture: _picture, ...breach } = evaluation();
  const quiet = {
    ...breach,
    rule: 'jobs-failed',
    signal: 'jobs-failed',
    metric: 'jobs.failed',
    verdict: 'normal',
    reason: 'as-usual',
    numbers: { value: 0, expected: 0 },
  } as const;
  const devices = {
    ...quiet,
    rule: 'connected-devices',
    signal: 'connected-devices',
    numbers: { value: 410, expected: 420, lower: 390, upper: 450, confidence: 1 },
  } as const;

  it('gives every number of the signals, what fires first, and a line for other metrics', () => {
    const record = aHubRecord(aHub('plant-berlin'), {
      readAt: now - MINUTE,
      evaluations: { 'jobs-failed': quiet, 'connected-devices': devices, throttling: breach },
    });
    const card = whyHubCard(record, context);
    const text = readCard(card);
    expect(lintCard(card)).toEqual([]);
    expect(text.indexOf('breach (sustained-throttling)')).toBeLessThan(text.indexOf('Connected devices'));
    expect(text).toContain('Lower edge of normal');
    expect(text).toContain('Other metrics\n•\nJobs failed: normal (as-usual), Measured 0, Usual 0');
  });

  it('a metric that fires gets all its numbers, too', () => {
    const fires = {
      ...quiet,
      verdict: 'breach',
      reason: 'unlike-this-time-of-day',
      numbers: { value: 80, upper: 3 },
    } as const;
    const text = readCard(whyHubCard(aHubRecord(aHub('a'), { evaluations: { 'jobs-failed': fires } }), context));
    expect(text).toContain('Upper edge of normal');
    expect(text).not.toContain('Other metrics');
  });

  it('says so where nothing has been judged, and why', () => {
    const text = readCard(whyHubCard(aHubRecord(aHub('a'), { failure: 'azure.auth' }), context));
    expect(text).toContain('It has not been judged yet.');
    expect(text).toContain('azure.auth');
  });
});
