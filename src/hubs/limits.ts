/** What one hub may do per second before IoT Hub slows it down, and what it may use per UTC day. */
export interface SkuLimits {
  readonly sendsPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly twinReadsPerSecond: number;
  readonly twinUpdatesPerSecond: number;
  readonly messagesPerDay: number;
}

interface Edition {
  /** Per unit, but never less per hub than `leastPerHub`. */
  readonly perUnit: number;
  readonly leastPerHub: number;
  readonly twinReads: { readonly perUnit: number; readonly leastPerHub: number };
  readonly twinUpdates: { readonly perUnit: number; readonly leastPerHub: number };
  readonly messagesPerUnit: number;
}

const first = {
  perUnit: 12,
  leastPerHub: 100,
  twinReads: { perUnit: 0, leastPerHub: 100 },
  twinUpdates: { perUnit: 0, leastPerHub: 50 },
};
const second = {
  perUnit: 120,
  leastPerHub: 0,
  twinReads: { perUnit: 10, leastPerHub: 100 },
  twinUpdates: { perUnit: 5, leastPerHub: 50 },
};
const third = {
  perUnit: 6_000,
  leastPerHub: 0,
  twinReads: { perUnit: 500, leastPerHub: 0 },
  twinUpdates: { perUnit: 250, leastPerHub: 0 },
};

const editions: ReadonlyMap<string, Edition> = new Map([
  ['F1', { ...first, messagesPerUnit: 8_000 }],
  ['B1', { ...first, messagesPerUnit: 400_000 }],
  ['S1', { ...first, messagesPerUnit: 400_000 }],
  ['B2', { ...second, messagesPerUnit: 6_000_000 }],
  ['S2', { ...second, messagesPerUnit: 6_000_000 }],
  ['B3', { ...third, messagesPerUnit: 300_000_000 }],
  ['S3', { ...third, messagesPerUnit: 300_000_000 }],
]);

/**
 * Limits of a hub by edition and units; `undefined` for an edition that we do not know, of which only ARM's own quota
 * numbers may be believed. Basic hubs have no twins: their twin rates mean nothing.
 * @see https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling
 */
export function limitsOf(sku: string, units: number): SkuLimits | undefined {
  const edition = editions.get(sku.toUpperCase());
  if (!edition || !(units >= 1)) return undefined;
  const { perUnit, leastPerHub, twinReads, twinUpdates, messagesPerUnit } = edition;
  const sends = Math.max(leastPerHub, perUnit * units);
  return {
    sendsPerSecond: sends,
    connectionsPerSecond: sends,
    twinReadsPerSecond: Math.max(twinReads.leastPerHub, twinReads.perUnit * units),
    twinUpdatesPerSecond: Math.max(twinUpdates.leastPerHub, twinUpdates.perUnit * units),
    messagesPerDay: messagesPerUnit * units,
  };
}
