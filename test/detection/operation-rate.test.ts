import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluateRule, type DetectorState } from '../../src/detection/evaluate-rule.ts';
import type { Evaluation } from '../../src/detection/evaluation.ts';
import { emptyRulesFile, rulesFor, sourcesOf } from '../../src/detection/resolve-rules.ts';
import { requestsOf, type OperationRateRule } from '../../src/detection/rule.ts';
import { parseRules } from '../../src/detection/rules-text.ts';
import { readState, storedState } from '../../src/detection/stored/stored-state.ts';
import type { MetricPoints } from '../../src/detection/settled-bins.ts';
import type { Operation } from '../../src/hubs/limits.ts';
import { HOUR, MINUTE, type EpochMs, type Span } from '../../src/time/time.ts';

const start: EpochMs = Date.parse('2026-03-10T08:00:00Z');
const grainMs = 5 * MINUTE;
const labels = { id: 'h', name: 'h', region: 'westeurope', tags: {} };
const s1 = { sku: 'S1', units: 1, messagesPerDay: 400_000 };

function ruleOf(operation: Operation, file = emptyRulesFile): OperationRateRule | undefined {
  return rulesFor(file, labels).find(
    (rule): rule is OperationRateRule => rule.detector === 'operation-rate' && rule.operation === operation,
  );
}

/** Calls per second by bin, shared out over the operation's counters. */
function counted(rule: OperationRateRule, perSecond: readonly number[], metrics = 2): MetricPoints[] {
  return requestsOf(rule)
    .slice(0, metrics)
    .map(({ metric }) => ({
      metric,
      grainMs,
      points: perSecond.map((each, i) => ({ at: start + i * grainMs, value: (each * 300) / metrics })),
    }));
}

/** Reads everything again every minute, as the timer does. */
function play(
  rule: OperationRateRule,
  perSecond: readonly number[],
  { hub = s1, maintenance = [], store = false }: { hub?: typeof s1; maintenance?: Span[]; store?: boolean } = {},
): Evaluation[] {
  const series = counted(rule, perSecond);
  const said: Evaluation[] = [];
  let state: DetectorState | undefined;
  for (let now = start + 10 * MINUTE; now <= start + perSecond.length * grainMs + 5 * MINUTE; now += MINUTE) {
    const before = state && store ? readState(storedState(state), undefined) : state;
    const { state: next, evaluation } = evaluateRule({ rule, hub, series, maintenance }, before, now);
    state = next;
    said.push(evaluation);
  }
  return said;
}

const twinReads = ruleOf('twin-reads');
if (!twinReads) throw new Error('twin reads are watched as shipped');

describe('an operation near its rate', () => {
  it('warns before anything is refused, with the numbers to recompute it, and ends', () => {
    const said = play(twinReads, [5, 5, 93, 94, 95, 10, 10, 10]);
    const verdicts = said.map(({ verdict }) => verdict);
    expect(verdicts.indexOf('breach')).toBeGreaterThan(0);
    expect(said.find(({ verdict }) => verdict === 'breach')).toMatchObject({
      signal: 'twin-reads',
      reason: 'near-rate',
      severity: 'warning',
      sinceAt: start + 2 * grainMs,
      numbers: { value: 94, limit: 100, ratio: 0.94, fireLevel: 90, clearLevel: 76.5, breachingBins: 2, windowBins: 2 },
      picture: { limit: 100 },
    });
    expect(verdicts.at(-1)).toBe('normal');
  });

  it.each([
    { what: 'one busy bin', perSecond: [5, 99, 5, 99, 5] },
    { what: 'far below', perSecond: [50, 50, 50, 50] },
    { what: 'nothing at all', perSecond: [0, 0, 0] },
  ])('says nothing for $what', ({ perSecond }) => {
    expect(play(twinReads, perSecond).filter(({ verdict }) => verdict === 'breach')).toEqual([]);
  });

  it('does not end by falling a little', () => {
    const said = play(twinReads, [95, 95, 85, 85, 85, 85]);
    expect(said.at(-1)?.verdict).toBe('breach');
  });

  it('is worse above the rate', () => {
    expect(play(twinReads, [120, 130, 140]).at(-1)).toMatchObject({ verdict: 'breach', severity: 'error' });
  });

  it('goes by the size of the hub, and knows nothing of sizes that have no such rate', () => {
    const busy = [95, 95, 95];
    expect(play(twinReads, busy, { hub: { ...s1, sku: 'S3' } }).at(-1)).toMatchObject({ verdict: 'normal' });
    for (const sku of ['B1', 'X9', 'constructor'])
      expect(play(twinReads, busy, { hub: { ...s1, sku } }).at(-1)).toMatchObject({
        verdict: 'normal',
        reason: 'no-known-rate',
      });
  });

  it('leaves out maintenance', () => {
    const maintenance = [{ from: start, to: start + 10 * grainMs }];
    expect(play(twinReads, [95, 95, 95, 95], { maintenance }).filter(({ verdict }) => verdict === 'breach')).toEqual(
      [],
    );
  });

  it('counts the payload of methods in blocks of four kilobytes', () => {
    const rule = ruleOf('direct-methods');
    if (!rule) throw new Error('methods are watched');
    const [calls, bytes] = [requestsOf(rule)[0]?.metric ?? '', requestsOf(rule).at(-1)?.metric ?? ''];
    const series = [
      { metric: calls, grainMs, points: [0, 1, 2].map((i) => ({ at: start + i * grainMs, value: 10 * 300 })) },
      { metric: bytes, grainMs, points: [0, 1, 2].map((i) => ({ at: start + i * grainMs, value: 38 * 300 * 4_096 })) },
    ];
    const input = { rule, hub: s1, series, maintenance: [] };
    expect(evaluateRule(input, undefined, start + HOUR / 3).evaluation).toMatchObject({
      verdict: 'breach',
      numbers: { value: 38, limit: 40 },
    });
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 40 })])(
    'a state that was stored and read again decides the same, in less than a kilobyte',
    (perSecond) => {
      expect(play(twinReads, perSecond, { store: true })).toEqual(play(twinReads, perSecond));
    },
  );

  it('fits in a kilobyte when it is full', () => {
    const calls = Array.from({ length: 120 }, (_, i) => 1e6 / (i + 1));
    const state = { grainMs: MINUTE, judgedUntil: start, calls, sinceAt: start };
    expect(storedState({ detector: 'operation-rate', state }).hot.length).toBeLessThanOrEqual(1_024);
  });

  test.prop([
    fc.array(
      fc.record({
        at: fc.oneof(fc.integer({ min: start - HOUR, max: start + 2 * HOUR }), fc.constant(Number.NaN)),
        value: fc.oneof(fc.constant(null), fc.double(), fc.integer({ min: -5, max: 1e6 })),
      }),
      { maxLength: 60 },
    ),
    fc.constantFrom(MINUTE, grainMs, HOUR),
  ])('takes any points, in any order, without throwing', (points, grain) => {
    const series = [{ metric: 'd2c.twin.read.success', grainMs: grain, points }];
    const input = { rule: twinReads, hub: s1, maintenance: [] };
    const one = evaluateRule({ ...input, series }, undefined, start + 2 * HOUR);
    const other = evaluateRule(
      { ...input, series: [{ metric: 'd2c.twin.read.success', grainMs: grain, points: points.toReversed() }] },
      undefined,
      start + 2 * HOUR,
    );
    expect(one).toEqual(other);
  });

  it('goes on after a year without news', () => {
    const first = evaluateRule(
      { rule: twinReads, hub: s1, series: counted(twinReads, [95, 95, 95]), maintenance: [] },
      undefined,
      start + HOUR,
    );
    const later = start + 365 * 24 * HOUR;
    const { evaluation } = evaluateRule(
      { rule: twinReads, hub: s1, series: [{ metric: 'd2c.twin.read.success', grainMs, points: [] }], maintenance: [] },
      first.state,
      later,
    );
    expect(evaluation).toMatchObject({ verdict: 'normal', numbers: { value: 0 } });
  });
});

describe('rules for operations', () => {
  it('can be adjusted, left out and switched off, and say where they come from', () => {
    const parsed = parseRules('version: 1\nrules: { operations: { attemptsRatio: 0.5, leaveOut: [twin-queries] } }\n');
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    expect(ruleOf('twin-reads', parsed.rules)?.attemptsRatio).toBe(0.5);
    expect(ruleOf('twin-queries', parsed.rules)).toBeUndefined();
    expect(sourcesOf(parsed.rules, labels, 'twin-reads')).toEqual(['rules']);
    expect(sourcesOf(parsed.rules, labels, 'quota')).toEqual([]);
    const off = parseRules('version: 1\nrules: { operations: { enabled: false } }\n');
    if ('faults' in off) throw new Error(JSON.stringify(off.faults));
    expect(ruleOf('twin-reads', off.rules)).toBeUndefined();
  });
});
