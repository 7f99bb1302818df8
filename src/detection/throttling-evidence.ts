import { HOUR, MINUTE, SECOND } from '../time/time.ts';
import { coarseValue, UNKNOWN } from './log-scale.ts';
import type { ThrottlingRule } from './rule.ts';
import { SLOT_MS } from './seasonal-picture.ts';
import { harmless, type Harmless, type ThrottlingState } from './throttling-state.ts';

/** Fewer refused sends than this within 20 minutes are not worth anybody's attention. */
export const LEAST_REFUSED = 20;
/** Minutes that the newest judgement looks back over. */
export const SHORTEST_WINDOW = 20;
/** A bin is busy if it has this share of the busiest one beside it. */
const BUSY_SHARE = 0.05;
/** What lasts refuses in none of three bins in a row less than this share of the busiest. */
const EVEN_SHARE = 0.25;
/** What was harmless counts from the second midnight on. */
const PAST_DAYS = 2;

/** No burst that traffic shaping absorbs refuses as much as the edition takes in so many minutes. */
const BURST_MINUTES = 3;
/** A burst lies in two bins only if it falls on their border: the shorter the bins, the more often. */
const TWICE_MINUTES = 0.4;
/** In three bins there is something anyhow only where a hub is throttled all the time. */
const THRICE_MINUTES = 0.15;

/** What the newest bins say. */
export interface Seen {
  readonly cause: 'sustained' | 'recurring' | undefined;
  /** Refused in the bins that say so, and how many they are. */
  readonly refused: number;
  readonly bins: number;
  /** What will count as harmless if this is no incident. */
  readonly harmless: Harmless;
}

/**
 * Persistence, not size: in how many minutes was anything refused? `fresh` is how many of the bins belong to no incident
 * that has ended.
 */
export function seenByMinutes(state: ThrottlingState, rule: ThrottlingRule, fresh: number): Seen {
  const { refused, grainMs, past, daysSeen } = state;
  const twenty = lastMinutes(refused, SHORTEST_WINDOW, grainMs, fresh);
  const short = lastMinutes(refused, 30, grainMs, fresh);
  const long = lastMinutes(refused, 120, grainMs, fresh);
  const lasts = grainMs < SLOT_MS ? twenty.busy >= 11 : lastsInSlots(state, fresh);
  const sustained =
    (daysSeen > 0 && lasts && twenty.sum > rule.burstMargin * past.refused) ||
    (short.busy >= needed(grainMs, 17, 25) && short.busy > 1.3 * past.busyShort);
  const recurring =
    long.busy >= needed(grainMs, 24, 45) && long.busy > 1.5 * past.busyLong && long.sum >= 2 * LEAST_REFUSED;
  const cause = sustained ? 'sustained' : recurring ? 'recurring' : undefined;
  return {
    cause: twenty.sum >= LEAST_REFUSED ? cause : undefined,
    refused: cause === 'recurring' ? long.sum : short.sum,
    bins: Math.floor(((cause === 'recurring' ? 120 : 30) * MINUTE) / grainMs),
    harmless: { ...harmless, refused: twenty.sum, busyShort: short.busy, busyLong: long.busy },
  };
}

/**
 * Bins of five minutes hide how short a burst was, and two bursts may touch four of them: three in a row that are about
 * alike last, or four of five.
 */
function lastsInSlots({ refused, grainMs }: ThrottlingState, fresh: number): boolean {
  const newest = refused.slice(-Math.max(1, Math.min(3, fresh))).map((code) => coarseValue(code) || 0);
  if (newest.length === 3 && Math.min(...newest) > EVEN_SHARE * Math.max(...newest)) return true;
  return lastMinutes(refused, 25, grainMs, fresh).busy >= 20;
}

/**
 * Bins longer than five minutes do not tell for how long they were busy, only how much was refused: too much for bursts, in
 * one bin or in each of several in a row, and more than this hub is used to. `rate` is how many sends per second its
 * edition takes; where that is not known, only the hub's own past can tell.
 */
export function seenByAmounts(
  state: ThrottlingState,
  rule: ThrottlingRule,
  fresh: number,
  rate: number | undefined,
): Seen {
  const { refused, grainMs, past, daysSeen } = state;
  const newest = refused.slice(-Math.max(1, Math.min(3, fresh))).map((code) => coarseValue(code) || 0);
  const inEach = (bins: number): number => (newest.length < bins ? 0 : Math.min(...newest.slice(-bins)));
  const exceeds = (bins: number, minutes: number, before: number): boolean =>
    inEach(bins) >= Math.max(LEAST_REFUSED, minutes * MINUTE * ((rate ?? 0) / SECOND), rule.burstMargin * before);
  const once = rate !== undefined && inEach(1) >= leastInOneBin(state, rule, rate);
  const hasPast = daysSeen >= PAST_DAYS;
  const twice = (rate !== undefined || hasPast) && exceeds(2, (TWICE_MINUTES * HOUR) / grainMs, past.refusedTwice);
  const thrice = hasPast && exceeds(3, (THRICE_MINUTES * grainMs) / HOUR, past.refusedThrice);
  const bins = once ? 1 : twice ? 2 : thrice ? 3 : 0;
  return {
    cause: bins > 0 ? 'sustained' : undefined,
    refused: newest.slice(-bins).reduce((sum, value) => sum + value, 0),
    bins,
    harmless: { ...harmless, refused: inEach(1), refusedTwice: inEach(2), refusedThrice: inEach(3) },
  };
}

/** What must be refused at least in a short time, so that it may be more than a burst. */
export function leastInOneBin(
  { grainMs, past }: ThrottlingState,
  rule: ThrottlingRule,
  rate: number | undefined,
): number {
  const burst = grainMs > SLOT_MS && rate !== undefined ? (BURST_MINUTES * MINUTE * rate) / SECOND : 0;
  return Math.max(LEAST_REFUSED, burst, rule.burstMargin * past.refused);
}

/** How many minutes must be busy. A bin of five minutes is busy as a whole, so such bins must show more of them. */
export function needed(grainMs: number, minutes: number, inSlots: number): number {
  return grainMs < SLOT_MS ? minutes : inSlots;
}

/**
 * The last so many minutes of a list of bins, one bin at least: how much, and in how many minutes there was any worth
 * mentioning beside the busiest: one burst and a few stragglers do not last.
 */
export function lastMinutes(
  codes: readonly number[],
  minutes: number,
  grainMs: number,
  atMost = codes.length,
): { readonly sum: number; readonly busy: number } {
  const bins = Math.min(codes.length, atMost, Math.max(1, Math.floor((minutes * MINUTE) / grainMs)));
  let sum = 0;
  let busyBins = 0;
  let most = 0;
  for (let i = codes.length - bins; i < codes.length; i += 1) most = Math.max(most, codes[i] ?? UNKNOWN);
  const least = Math.max(0, BUSY_SHARE * coarseValue(most));
  for (let i = codes.length - bins; i < codes.length; i += 1) {
    const value = coarseValue(codes[i] ?? UNKNOWN);
    if (!(value > 0)) continue;
    sum += value;
    if (value >= least) busyBins += 1;
  }
  return { sum, busy: (busyBins * grainMs) / MINUTE };
}
