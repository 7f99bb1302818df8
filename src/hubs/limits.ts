/** Operations of devices and back ends that have a rate of their own, and that metrics count. */
export const operations = ['twin-reads', 'twin-updates', 'direct-methods', 'twin-queries'] as const;
export type Operation = (typeof operations)[number];

export function isOperation(name: string): name is Operation {
  return operations.some((operation) => operation === name);
}

/** What one hub may do per second before IoT Hub slows it down, and what it may use per UTC day. */
export interface SkuLimits {
  readonly sendsPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly messagesPerDay: number;
  /** Calls per second; `undefined` for Basic hubs, which have none of these. A method call of over 4 kB counts as several. */
  readonly operationsPerSecond: Readonly<Record<Operation, number>> | undefined;
}

/** Per unit, but never less per hub than `leastPerHub`. */
interface Rate {
  readonly perUnit: number;
  readonly leastPerHub: number;
}

interface Size {
  readonly sends: Rate;
  readonly operations: Readonly<Record<Operation, Rate>>;
}

const perHub = (leastPerHub: number): Rate => ({ perUnit: 0, leastPerHub });
const perUnit = (rate: number, leastPerHub = 0): Rate => ({ perUnit: rate, leastPerHub });

const sizes: Readonly<Record<'1' | '2' | '3', Size>> = {
  1: {
    sends: perUnit(12, 100),
    operations: {
      'twin-reads': perHub(100),
      'twin-updates': perHub(50),
      'direct-methods': perUnit(40),
      'twin-queries': perUnit(20 / 60),
    },
  },
  2: {
    sends: perUnit(120),
    operations: {
      'twin-reads': perUnit(10, 100),
      'twin-updates': perUnit(5, 50),
      'direct-methods': perUnit(120),
      'twin-queries': perUnit(20 / 60),
    },
  },
  3: {
    sends: perUnit(6_000),
    operations: {
      'twin-reads': perUnit(500),
      'twin-updates': perUnit(250),
      'direct-methods': perUnit(6_000),
      'twin-queries': perUnit(1_000 / 60),
    },
  },
};

interface Edition {
  readonly size: Size;
  readonly basic: boolean;
  readonly messagesPerUnit: number;
}

const editions: ReadonlyMap<string, Edition> = new Map([
  ['F1', { size: sizes[1], basic: false, messagesPerUnit: 8_000 }],
  ['S1', { size: sizes[1], basic: false, messagesPerUnit: 400_000 }],
  ['S2', { size: sizes[2], basic: false, messagesPerUnit: 6_000_000 }],
  ['S3', { size: sizes[3], basic: false, messagesPerUnit: 300_000_000 }],
  ['B1', { size: sizes[1], basic: true, messagesPerUnit: 400_000 }],
  ['B2', { size: sizes[2], basic: true, messagesPerUnit: 6_000_000 }],
  ['B3', { size: sizes[3], basic: true, messagesPerUnit: 300_000_000 }],
]);

/**
 * Limits of a hub by edition and units; `undefined` for an edition that we do not know, of which only ARM's own quota
 * numbers may be believed.
 * @see https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling
 */
export function limitsOf(sku: string, units: number): SkuLimits | undefined {
  const edition = editions.get(sku.toUpperCase());
  if (!edition || !(units >= 1)) return undefined;
  const { size, basic, messagesPerUnit } = edition;
  const rate = ({ perUnit: each, leastPerHub }: Rate): number => Math.max(leastPerHub, each * units);
  const sends = rate(size.sends);
  return {
    sendsPerSecond: sends,
    connectionsPerSecond: sends,
    messagesPerDay: messagesPerUnit * units,
    operationsPerSecond: basic
      ? undefined
      : {
          'twin-reads': rate(size.operations['twin-reads']),
          'twin-updates': rate(size.operations['twin-updates']),
          'direct-methods': rate(size.operations['direct-methods']),
          'twin-queries': rate(size.operations['twin-queries']),
        },
  };
}
