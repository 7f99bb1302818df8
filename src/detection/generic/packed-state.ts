import { DAY, type EpochMs } from '../../time/time.ts';
import { reading, writing, type Reading, type Writing } from './bytes.ts';
import type { RememberedDay } from './day-memory.ts';
import type { Episode } from './episode.ts';
import type { MetricState } from './judge-metric.ts';
import { knownRange, measures, type Extremes, type Limits } from './limits.ts';
import type { ScorerState } from './scorer.ts';
import type { Strangeness } from './strangeness.ts';

/**
 * A state as bytes, in two parts that together give it back, all but for rounding. The hot part (at most 1 kB) is written
 * with every evaluation. The picture (at most 16 kB) holds the days before the newest: it changes once a day, and once
 * unpacked may be kept in memory for as long.
 */
export interface SeasonalPicture {
  readonly knownSince: EpochMs | null;
  readonly limits: Pick<Limits, 'knownSince' | 'rangeFrom' | 'rangeBefore'>;
  readonly days: readonly RememberedDay[];
}

const version = 1;
const strangenessKinds: readonly Strangeness['kind'][] = ['beyond-range', 'unlike-usual', 'calmer-than-ever'];

/** While this stays the same, the picture that was written before is still good. */
export const pictureDay = ({ scorer }: MetricState): number | null => scorer.memory?.days.at(-1)?.day ?? null;

export function packPicture({ knownSince, scorer }: MetricState): Uint8Array {
  const to = writing();
  to.u8(version);
  to.time(knownSince);
  to.time(scorer.limits.knownSince);
  to.f64(scorer.limits.rangeFrom);
  writeExtremes(to, scorer.limits.rangeBefore);
  const days = scorer.memory?.days.slice(0, -1) ?? [];
  to.u8(days.length);
  for (const { day, values } of days) {
    to.i32(day);
    to.u16(values.length);
    for (const value of values) to.f32(value);
  }
  return to.bytes();
}

/** `null` if it is damaged or of another version: then the state is rebuilt from history. */
export function unpackPicture(bytes: Uint8Array): SeasonalPicture | null {
  return unpacked(bytes, (from) => ({
    knownSince: from.time(),
    limits: { knownSince: from.time(), rangeFrom: from.f64(), rangeBefore: readExtremes(from) },
    days: Array.from({ length: from.u8() }, () => ({
      day: from.i32(),
      values: Array.from({ length: from.u16() }, () => from.f32()),
    })),
  }));
}

export function packHot({ scorer, episode, judgedAt }: MetricState): Uint8Array {
  const newest = scorer.memory?.days.at(-1);
  const to = writing();
  to.u8(version);
  to.u16(scorer.memory ? DAY / scorer.memory.slotMs : 0);
  if (newest) {
    to.i32(newest.day);
    to.row(newest.values);
  } else {
    to.u8(scorer.first.length);
    for (const { at, value } of scorer.first) {
      to.f64(at);
      to.f64(value);
    }
  }
  to.logarithms(scorer.absolute);
  to.logarithms(scorer.relative);
  to.f32(scorer.variation.mean);
  to.u16(scorer.variation.count);
  to.u16(Math.min(scorer.limits.points, 0xffff));
  writeExtremes(to, scorer.limits.range);
  writeFarthest(to, scorer.limits);
  to.time(scorer.lastAt);
  to.u16(scorer.sinceAlarm === null ? 0xffff : Math.min(scorer.sinceAlarm, 0xfffe));
  to.time(judgedAt);
  to.u8(episode ? 1 : 0);
  if (episode) writeEpisode(to, episode);
  return to.bytes();
}

/** `null` if the hot part is damaged or of another version. */
export function unpackHot(bytes: Uint8Array, picture: SeasonalPicture): MetricState | null {
  return unpacked(bytes, (from) => readState(from, picture));
}

function unpacked<T>(bytes: Uint8Array, read: (from: Reading) => T): T | null {
  const from = reading(bytes);
  try {
    return from?.u8() === version ? read(from) : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function writeEpisode(to: Writing, { sinceAt, bins, cause, unusual, confirmed, limits }: Episode): void {
  to.f64(sinceAt);
  to.u16(Math.min(bins, 0xffff));
  to.f32(cause.size);
  to.u8(strangenessKinds.indexOf(cause.kind));
  to.u8(cause.measure ?? 0xff);
  to.flags(unusual);
  to.u8(confirmed ? 1 : 0);
  writeExtremes(to, knownRange(limits));
  writeFarthest(to, limits);
}

function writeExtremes(to: Writing, range: Extremes | null): void {
  to.u8(range ? 1 : 0);
  if (!range) return;
  for (const value of [range.highest, range.second, range.lowest, range.secondLowest]) to.f64(value);
}

function writeFarthest(to: Writing, { farthest, calmest }: Limits): void {
  for (const far of farthest) to.f32(far);
  to.f32(calmest);
}

function readState(hot: Reading, { knownSince, limits, days }: SeasonalPicture): MetricState {
  const slots = hot.u16();
  const newest = slots > 0 ? { day: hot.i32(), values: hot.row(slots) } : null;
  const first = newest ? [] : Array.from({ length: hot.u8() }, () => ({ at: hot.f64(), value: hot.f64() }));
  const earlier = days.filter(({ day, values }) => day < (newest?.day ?? 0) && values.length === slots);
  const readLimits = (points: number): Limits => {
    const range = readExtremes(hot);
    return { ...limits, points, range, farthest: measures.map(() => hot.f32()), calmest: hot.f32() };
  };
  const scorer: ScorerState = {
    memory: newest && { slotMs: DAY / slots, days: [...earlier, newest] },
    first,
    absolute: hot.logarithms(),
    relative: hot.logarithms(),
    variation: { mean: hot.f32() ?? 0, count: hot.u16() },
    limits: readLimits(hot.u16()),
    lastAt: hot.time(),
    sinceAlarm: sinceAlarmOf(hot.u16()),
  };
  const judgedAt = hot.time();
  return { scorer, judgedAt, knownSince, episode: hot.u8() === 1 ? readEpisode(hot, readLimits) : null };
}

const sinceAlarmOf = (points: number): number | null => (points === 0xffff ? null : points);

function readEpisode(from: Reading, readLimits: (points: number) => Limits): Episode {
  const [sinceAt, bins, size] = [from.f64(), from.u16(), from.f32() ?? 0];
  const kind = strangenessKinds[from.u8()] ?? 'beyond-range';
  const measure = from.u8();
  return {
    sinceAt,
    bins,
    cause: { size, kind, ...(measure < measures.length ? { measure } : {}) },
    unusual: from.flags(),
    confirmed: from.u8() === 1,
    // Its range was written as known over both terms.
    limits: { ...readLimits(0), rangeBefore: null },
  };
}

function readExtremes(from: Reading): Extremes | null {
  if (from.u8() === 0) return null;
  return { highest: from.f64(), second: from.f64(), lowest: from.f64(), secondLowest: from.f64() };
}
