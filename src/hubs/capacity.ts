import { limitsOf, operations, type Operation, type SkuLimits } from './limits.ts';
import type { Hub } from './hub.ts';

/** What the hub is asked for. */
export interface Demand {
  /** Device-to-cloud sends per second, at the peak that has to be served. */
  readonly sendsPerSecond?: number;
  /** Messages per UTC day. */
  readonly messagesPerDay?: number;
  /** Calls per second, of operations that have a rate of their own. */
  readonly operationsPerSecond?: Partial<Readonly<Record<Operation, number>>>;
}

/** The smallest change of size or units that would carry a demand. */
export type Capacity =
  | { readonly kind: 'enough' }
  /** `unitsDoNotHelp`: one more unit of the present size would add nothing to the rates that are asked for. */
  | {
      readonly kind: 'change';
      readonly sku: string;
      readonly units: number;
      readonly command: string;
      readonly unitsDoNotHelp: boolean;
      /** The price of the change as a multiple of the price now. */
      readonly timesPrice: number;
    }
  /** A free hub cannot become a paid one: a new hub is needed. */
  | { readonly kind: 'free' }
  /** No size of this tier carries it. */
  | { readonly kind: 'beyond' }
  /** A size that we do not know: only Azure's own numbers hold. */
  | { readonly kind: 'unknown-size' };

interface Size {
  readonly sku: string;
  /** Price of a unit relative to the smallest of its tier. @see https://azure.microsoft.com/pricing/details/iot-hub/ */
  readonly price: number;
  readonly maxUnits: number;
}

const tiers: readonly (readonly Size[])[] = [
  [
    { sku: 'S1', price: 1, maxUnits: 200 },
    { sku: 'S2', price: 10, maxUnits: 200 },
    { sku: 'S3', price: 100, maxUnits: 10 },
  ],
  [
    { sku: 'B1', price: 1, maxUnits: 200 },
    { sku: 'B2', price: 5, maxUnits: 200 },
    { sku: 'B3', price: 50, maxUnits: 10 },
  ],
];

/**
 * The cheapest number of units and size, within the hub's tier, that carries the demand. Never fewer units' worth than
 * the hub has now: this answers "what would clear it", not "what could be saved".
 */
export function cheapestChange(hub: Pick<Hub, 'name' | 'sku' | 'units'>, demand: Demand): Capacity {
  const sku = hub.sku.toUpperCase();
  if (sku === 'F1') return { kind: 'free' };
  const tier = tiers.find((sizes) => sizes.some((size) => size.sku === sku));
  if (!tier) return { kind: 'unknown-size' };
  if (carries(sku, hub.units, demand)) return { kind: 'enough' };
  const options = tier.flatMap((size) => {
    const units = fewestUnits(size, demand);
    return units === undefined ? [] : [{ ...size, units, cost: units * size.price }];
  });
  const [best] = options.toSorted((a, b) => a.cost - b.cost || a.units - b.units);
  if (!best) return { kind: 'beyond' };
  const price = tier.find((size) => size.sku === sku)?.price ?? best.price;
  const now = limitsOf(sku, hub.units);
  const next = limitsOf(sku, hub.units + 1);
  return {
    kind: 'change',
    sku: best.sku,
    units: best.units,
    command: `az iot hub update --name ${hub.name}${best.sku === sku ? '' : ` --sku ${best.sku}`} --unit ${String(best.units)}`,
    timesPrice: best.cost / (price * hub.units),
    unitsDoNotHelp: now !== undefined && next !== undefined && isSameRate(demand, now, next),
  };
}

function carries(sku: string, units: number, demand: Demand): boolean {
  const limits = limitsOf(sku, units);
  const { sendsPerSecond = 0, messagesPerDay = 0, operationsPerSecond = {} } = demand;
  return (
    limits !== undefined &&
    limits.sendsPerSecond >= sendsPerSecond &&
    limits.messagesPerDay >= messagesPerDay &&
    operations.every((each) => (limits.operationsPerSecond?.[each] ?? 0) >= (operationsPerSecond[each] ?? 0))
  );
}

/** Whether two sizes have the same rates for what is asked for; a demand per day alone has no rate. */
function isSameRate({ sendsPerSecond, operationsPerSecond = {} }: Demand, a: SkuLimits, b: SkuLimits): boolean {
  const asked = operations.filter((each) => operationsPerSecond[each] !== undefined);
  if (sendsPerSecond === undefined && asked.length === 0) return false;
  return (
    (sendsPerSecond === undefined || a.sendsPerSecond === b.sendsPerSecond) &&
    asked.every((each) => a.operationsPerSecond?.[each] === b.operationsPerSecond?.[each])
  );
}

function fewestUnits({ sku, maxUnits }: Size, demand: Demand): number | undefined {
  for (let units = 1; units <= maxUnits; units++) if (carries(sku, units, demand)) return units;
  return undefined;
}
