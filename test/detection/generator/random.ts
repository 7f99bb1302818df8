/** Reproducible chance: the same seed gives the same recording on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  (): number;
}

export function randomOf(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next: Random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 8; i += 1) next();
  return next;
}

export function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random();
}

/** Uniform on the logarithm: as many small as large ones. */
export function scaleBetween(random: Random, least: number, most: number): number {
  return Math.exp(between(random, Math.log(least), Math.log(most)));
}

export function whole(random: Random, least: number, most: number): number {
  return Math.floor(between(random, least, most + 1));
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** Standard normal. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Poisson; by the normal approximation for large means. */
export function poisson(random: Random, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
  return count;
}

/** Starts of events at a mean rate per week within a span, in time order. */
export function arrivals(random: Random, from: number, to: number, perWeek: number): number[] {
  const week = 7 * 24 * 3_600_000;
  const found: number[] = [];
  if (perWeek <= 0) return found;
  for (let at = from; ;) {
    at += (-Math.log(1 - random()) * week) / perWeek;
    if (at >= to) return found;
    found.push(Math.floor(at / 60_000) * 60_000);
  }
}
