import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { cheapestChange } from '../../src/hubs/capacity.ts';
import { limitsOf } from '../../src/hubs/limits.ts';

const hub = (sku: string, units: number) => ({ name: 'plant-berlin', sku, units });

describe('a size that is not known', () => {
  test.prop([fc.oneof(fc.string(), fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype))), fc.boolean()])(
    'has no limits, whatever it is called',
    (sku, upper) => {
      fc.pre(!/^(?:f1|[bs][123])$/i.test(sku));
      expect(limitsOf(upper ? sku.toUpperCase() : sku, 1)).toBeUndefined();
    },
  );
});

describe('the smallest change that carries a demand', () => {
  it.each([
    {
      what: 'units 2 to 8 of S1 add nothing to the send rate',
      now: hub('S1', 2),
      demand: { sendsPerSecond: 105 },
      sku: 'S1',
      units: 9,
    },
    {
      what: 'a day of 500,000 messages needs a second S1 unit',
      now: hub('S1', 1),
      demand: { messagesPerDay: 500_000 },
      sku: 'S1',
      units: 2,
    },
    {
      what: 'one S2 is cheaper than many S1',
      now: hub('S1', 1),
      demand: { messagesPerDay: 5_900_000 },
      sku: 'S2',
      units: 1,
    },
    {
      what: 'units of S1 add nothing to twin reads, and one S2 neither',
      now: hub('S1', 1),
      demand: { operationsPerSecond: { 'twin-reads': 104 } },
      sku: 'S3',
      units: 1,
    },
    {
      what: 'method calls grow with the units',
      now: hub('S1', 1),
      demand: { operationsPerSecond: { 'direct-methods': 75 } },
      sku: 'S1',
      units: 2,
    },
    { what: 'Basic stays Basic', now: hub('B1', 1), demand: { messagesPerDay: 5_900_000 }, sku: 'B2', units: 1 },
  ])('$what', ({ now, demand, sku, units }) => {
    const found = cheapestChange(now, demand);
    expect(found).toMatchObject({ kind: 'change', sku, units });
    expect(found.kind === 'change' && found.command).toBe(
      `az iot hub update --name plant-berlin${sku === now.sku ? '' : ` --sku ${sku}`} --unit ${String(units)}`,
    );
  });

  it('says that one more unit would not help where it would not', () => {
    expect(cheapestChange(hub('S1', 2), { sendsPerSecond: 105 })).toMatchObject({ unitsDoNotHelp: true });
    expect(cheapestChange(hub('S2', 1), { sendsPerSecond: 200 })).toMatchObject({ unitsDoNotHelp: false });
    expect(cheapestChange(hub('S1', 1), { operationsPerSecond: { 'twin-reads': 104 } })).toMatchObject({
      unitsDoNotHelp: true,
    });
  });

  it.each([
    { what: 'what fits needs nothing', now: hub('S1', 1), demand: { sendsPerSecond: 50 }, kind: 'enough' },
    { what: 'a free hub has no way up', now: hub('F1', 1), demand: { sendsPerSecond: 500 }, kind: 'free' },
    {
      what: 'an unknown size is not guessed',
      now: hub('X9', 1),
      demand: { sendsPerSecond: 500 },
      kind: 'unknown-size',
    },
    { what: 'nothing carries everything', now: hub('S3', 10), demand: { sendsPerSecond: 1e6 }, kind: 'beyond' },
  ])('$what', ({ now, demand, kind }) => {
    expect(cheapestChange(now, demand).kind).toBe(kind);
  });

  test.prop([
    fc.constantFrom('S1', 'S2', 'S3', 'B1', 'B2', 'B3'),
    fc.integer({ min: 1, max: 200 }),
    fc.record({
      sendsPerSecond: fc.double({ min: 0, max: 70_000, noNaN: true }),
      messagesPerDay: fc.double({ min: 0, max: 4e9, noNaN: true }),
    }),
  ])('carries what it was asked for, within the tier', (sku, units, demand) => {
    const found = cheapestChange(hub(sku, units), demand);
    if (found.kind !== 'change') return;
    const limits = limitsOf(found.sku, found.units);
    expect(limits?.sendsPerSecond).toBeGreaterThanOrEqual(demand.sendsPerSecond);
    expect(limits?.messagesPerDay).toBeGreaterThanOrEqual(demand.messagesPerDay);
    expect(found.sku[0]).toBe(sku[0]);
  });
});
