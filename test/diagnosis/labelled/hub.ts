import type { Dice } from './dice.ts';

/** A hub as a scenario file has it, with the limits that its SKU and units give (quotas and throttling, Azure docs). */
export interface LabelledHub {
  readonly name: string;
  readonly sku: string;
  readonly units: number;
  readonly connected: number;
  readonly sendsPerMinute: number;
  readonly noise: number;
  readonly diagnostics: boolean;
  readonly season: { readonly day: number };
  readonly presence: { readonly day: number };
  /** Device-to-cloud sends that it takes per minute. */
  readonly limitPerMinute: number;
  readonly quota: number;
}

const editions: Readonly<Record<string, { readonly quota: number; readonly limit: (units: number) => number }>> = {
  F1: { quota: 8_000, limit: () => 100 },
  S1: { quota: 400_000, limit: (units) => Math.max(100, 12 * units) },
  B1: { quota: 400_000, limit: (units) => Math.max(100, 12 * units) },
  S2: { quota: 6_000_000, limit: (units) => 120 * units },
  B2: { quota: 6_000_000, limit: (units) => 120 * units },
  S3: { quota: 300_000_000, limit: (units) => 6_000 * units },
};

/** A hub of any size from 50 to 50,000 devices, of an edition that carries it. */
export function drawHub(dice: Dice, diagnostics: boolean): LabelledHub {
  const connected = dice.size(50, 50_000);
  const sku =
    connected < 100
      ? dice.pick('F1', 'S1')
      : connected < 4_000
        ? dice.pick('S1', 'S1', 'B1', 'S2')
        : connected < 20_000
          ? dice.pick('S2', 'B2', 'S1')
          : dice.pick('S2', 'S3');
  const units = sku === 'F1' || sku === 'S3' ? 1 : sku === 'S2' || sku === 'B2' ? dice.whole(1, 3) : dice.whole(1, 12);
  const edition = editions[sku] ?? editions['S1'];
  const limitPerMinute = (edition?.limit(units) ?? 100) * 60;
  const quota = (edition?.quota ?? 400_000) * units;
  const most = Math.min(limitPerMinute * 0.3, (quota * 0.45) / 1_440);
  return {
    name: `${dice.pick('plant', 'fleet', 'site', 'meters')}-${dice.pick('berlin', 'lyon', 'delft', 'porto', 'turin')}`,
    sku,
    units,
    connected,
    sendsPerMinute: Math.max(1, Math.round(Math.min(connected * dice.between(0.1, 1), most))),
    noise: dice.pick(0.005, 0.01, 0.02, 0.03),
    diagnostics,
    season: { day: dice.pick(0, 0.1, 0.25) },
    presence: { day: dice.pick(0, 0, 0.05, 0.12) },
    limitPerMinute,
    quota,
  };
}
