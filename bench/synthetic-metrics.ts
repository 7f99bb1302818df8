import { DAY, HOUR, MINUTE, type EpochMs } from '../src/time/time.ts';

/** A made-up series that behaves like a metric of an IoT hub, and what can go wrong with it. */
export interface Kind {
  readonly name: string;
  readonly direction: 'up' | 'both';
  readonly emptyBin: 'zero' | 'unknown';
  readonly floor: number;
  readonly draw: (random: Random, when: When) => number;
  readonly incidents: readonly Incident[];
}

interface When {
  readonly at: EpochMs;
  readonly grainMs: number;
  /** Share of the day that is over. */
  readonly day: number;
  readonly weekend: boolean;
  /** The value before this one. */
  readonly before: number;
}

export interface Incident {
  readonly name: string;
  readonly lastsMs: number;
  readonly change: (usual: number, random: Random) => number;
}

export interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly poisson: (mean: number) => number;
}

/** Reproducible randomness (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let count = 0;
    for (let left = Math.exp(-mean), product = uniform(); product > left; product *= uniform()) count++;
    return count;
  };
  return { uniform, normal, poisson };
}

/** Where every series begins: Monday 2026-01-05. */
export const monday = Date.UTC(2026, 0, 5);

const daily = ({ day, weekend }: When): number => (1 + 0.7 * Math.sin(2 * Math.PI * (day - 0.3))) * (weekend ? 0.6 : 1);
const times =
  (factor: number) =>
  (usual: number): number =>
    usual * factor;
const plus =
  (count: number) =>
  (usual: number, random: Random): number =>
    usual + random.poisson(count);
const none = (): number => 0;
/** A lognormal level that wanders around 1 and returns within about `bins`. */
const wander = (before: number, usual: number, bins: number, spread: number, random: Random): number =>
  usual * Math.exp(Math.log(Math.max(before, 1e-9) / usual) * (1 - 1 / bins) + spread * random.normal());

export const kinds: readonly Kind[] = [
  {
    name: 'steady level, Gaussian noise',
    direction: 'both',
    emptyBin: 'unknown',
    floor: 0,
    draw: (random) => 1000 + 50 * random.normal(),
    incidents: [
      { name: 'up by a third, 1 h', lastsMs: HOUR, change: times(1.33) },
      { name: 'stuck, 12 h', lastsMs: 12 * HOUR, change: () => 1003 },
      {
        name: 'three times the noise, 3 h',
        lastsMs: 3 * HOUR,
        change: (usual, random) => usual + 150 * random.normal(),
      },
    ],
  },
  {
    name: 'latency, heavy tail',
    direction: 'up',
    emptyBin: 'unknown',
    floor: 0,
    draw: (random) => 80 * Math.exp(0.8 * random.normal()),
    incidents: [{ name: 'four times as slow, 1 h', lastsMs: HOUR, change: times(4) }],
  },
  {
    name: 'latency, wandering, daily season',
    direction: 'up',
    emptyBin: 'unknown',
    floor: 0,
    draw: (random, when) => wander(when.before, 100 * (0.6 + 0.4 * daily(when)), 20, 0.05, random),
    incidents: [{ name: 'twice as slow, 1 h', lastsMs: HOUR, change: times(2) }],
  },
  {
    name: 'deliveries, daily and weekly season',
    direction: 'both',
    emptyBin: 'zero',
    floor: 0,
    draw: (random, when) =>
      random.poisson(20 * (when.grainMs / MINUTE) * daily(when) * Math.exp(0.05 * random.normal())),
    incidents: [
      { name: 'none, 30 min', lastsMs: 30 * MINUTE, change: none },
      { name: 'half, 2 h', lastsMs: 2 * HOUR, change: times(0.5) },
      { name: 'twice, 1 h', lastsMs: HOUR, change: times(2) },
    ],
  },
  {
    name: 'deliveries, growing 2 % a day',
    direction: 'both',
    emptyBin: 'zero',
    floor: 0,
    draw: (random, when) =>
      random.poisson(10 * (when.grainMs / MINUTE) * daily(when) * 1.02 ** ((when.at - monday) / DAY)),
    incidents: [{ name: 'none, 1 h', lastsMs: HOUR, change: none }],
  },
  {
    name: 'method failures, daily season',
    direction: 'up',
    emptyBin: 'zero',
    floor: 5,
    draw: (random, when) => random.poisson(0.6 * (when.grainMs / MINUTE) * daily(when)),
    incidents: [{ name: 'ten times, 1 h', lastsMs: HOUR, change: (usual, random) => usual + random.poisson(30) }],
  },
  {
    name: 'twin failures, mostly zero',
    direction: 'up',
    emptyBin: 'zero',
    floor: 5,
    draw: (random, when) => random.poisson(0.002 * (when.grainMs / MINUTE)),
    incidents: [{ name: '10 a bin, 30 min', lastsMs: 30 * MINUTE, change: plus(10) }],
  },
  {
    name: 'twin failures, rare bursts',
    direction: 'up',
    emptyBin: 'zero',
    floor: 5,
    draw: (random, { before }) =>
      random.uniform() < (before > 0 ? 0.4 : 0.006) ? 1 + Math.round(-15 * Math.log(1 - random.uniform())) : 0,
    incidents: [{ name: '60 a bin, 1 h', lastsMs: HOUR, change: plus(60) }],
  },
  {
    name: 'twin reads, a job on the hour',
    direction: 'both',
    emptyBin: 'zero',
    floor: 0,
    draw: (random, { at, grainMs }) => random.poisson(at % HOUR < grainMs ? 300 : 10),
    incidents: [{ name: 'the job fails to end, 1 h', lastsMs: HOUR, change: plus(300) }],
  },
  {
    name: 'writes, a batch on Sundays',
    direction: 'both',
    emptyBin: 'zero',
    floor: 0,
    draw: (random, { at }) => random.poisson(Math.floor(at / HOUR) % (7 * 24) === 74 ? 500 : 40),
    incidents: [{ name: 'a second batch, 1 h', lastsMs: HOUR, change: plus(460) }],
  },
];

export interface Synthetic {
  readonly at: readonly EpochMs[];
  readonly values: readonly number[];
}

/** `days` of one kind, with an incident in it if one is given. */
export function synthesise(
  kind: Kind,
  seed: number,
  grainMs: number,
  days: number,
  incident?: Incident & { readonly from: EpochMs },
): Synthetic {
  const random = seeded(seed);
  const from = monday;
  const at: number[] = [];
  const values: number[] = [];
  let before = 0;
  for (let now = from; now < from + days * DAY; now += grainMs) {
    const day = (now % DAY) / DAY;
    const weekend = Math.floor((now - from) / DAY) % 7 >= 5;
    before = kind.draw(random, { at: now, grainMs, day, weekend, before });
    const broken = incident && now >= incident.from && now < incident.from + incident.lastsMs;
    at.push(now);
    values.push(broken ? incident.change(before, random) : before);
  }
  return { at, values };
}
