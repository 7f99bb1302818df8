import { limitsOf } from './limits.ts';
import type { Hub } from './hub.ts';

/** What the hub is asked for. */
export interface Demand {
  /** Device-to-cloud sends per second, at the peak that has to be served. */
  readonly sendsPerSecond?: number;
  /** Messages per UTC day. */
  readonly messagesPerDay?: number;
}

/** The smallest change of size or units that would carry a demand. */
export type Capacity =
  | { readonly kind: 'enough' }
  /** `unitsDoNotHelp`: more units of the present size would add nothing to the send rate before the ninth. */
  | {
      readonly kind: 'change';
      readonly sku: string;
      readonly units: number;
      readonly command: string;
      readonly unitsDoNotHelp: boolean;
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
  const now = limitsOf(sku, hub.units);
  const next = limitsOf(sku, hub.units + 1);
  return {
    kind: 'change',
    sku: best.sku,
    units: best.units,
    command: `az iot hub update --name ${hub.name}${best.sku === sku ? '' : ` --sku ${best.sku}`} --unit ${String(best.units)}`,
    unitsDoNotHelp: demand.sendsPerSecond !== undefined && now?.sendsPerSecond === next?.sendsPerSecond,
  };
}

function carries(sku: string, units: number, { sendsPerSecond = 0, messagesPerDay = 0 }: Demand): boolean {
  const limits = limitsOf(sku, units);
  return limits !== undefined && limits.sendsPerSecond >= sendsPerSecond && limits.messagesPerDay >= messagesPerDay;
}

function fewestUnits({ sku, maxUnits }: Size, demand: Demand): number | undefined {
  for (let units = 1; units <= maxUnits; units++) if (carries(sku, units, demand)) return units;
  return undefined;
}
