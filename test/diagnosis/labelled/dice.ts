/** Reproducible choices: the same seed always makes the same scenario. */
export interface Dice {
  /** Uniform in [from, to). */
  readonly between: (from: number, to: number) => number;
  /** Uniform on a logarithmic scale, rounded: as many hubs of hundreds as of thousands. */
  readonly size: (from: number, to: number) => number;
  readonly whole: (from: number, to: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(...from: readonly [T, ...T[]]) => T;
}

/** Dice of a seed and a story (mulberry32). */
export function diceOf(seed: number, story: string): Dice {
  let state =
    Array.from(story).reduce((hash, letter) => Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193), seed) >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const between = (from: number, to: number): number => from + (to - from) * roll();
  return {
    between,
    size: (from, to) => Math.round(Math.exp(between(Math.log(from), Math.log(to)))),
    whole: (from, to) => Math.floor(between(from, to + 1)),
    chance: (share) => roll() < share,
    pick: (...from) => from[Math.floor(roll() * from.length)] ?? from[0],
  };
}
