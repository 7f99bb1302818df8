import { DAY, type EpochMs } from '../time/time.ts';
import { coarseValue, UNKNOWN } from './log-scale.ts';
import { USE_DAYS, type UsePicture } from './quota-state.ts';
import { SLOT_MS, SLOTS_PER_DAY } from './seasonal-picture.ts';

/** What the rest of the day may bring. */
export interface QuotaForecast {
  /** Share (0–1) of the recent days' courses that reach the limit when today runs on like them. */
  readonly certainty: number;
  /** When the limit is reached, and between when and when; absent if most courses do not reach it today. */
  readonly at: EpochMs | undefined;
  readonly earliestAt: EpochMs | undefined;
  readonly latestAt: EpochMs | undefined;
  /** What today is expected to end with. */
  readonly total: number;
  /** Days that the forecast rests on. */
  readonly days: number;
}

export interface UseSoFar {
  /** End of the newest judged bin. */
  readonly at: EpochMs;
  readonly used: number;
  /** Codes of today's slots so far. */
  readonly row: Uint16Array;
  readonly limit: number;
}

const PACE_SLOTS = 18;
/** How much of a pace that differs from other days lasts for the rest of the day. */
const PACE_LASTS = 0.9;

/**
 * Every recent day is a possible course of today: its remaining use, scaled by how today's last 90 minutes compare with
 * the same minutes of that day. Days that run like today and days of the same weekday weigh more. Without such days the
 * last 90 minutes simply go on.
 */
export function forecast(picture: UsePicture, { at, used, row, limit }: UseSoFar): QuotaForecast {
  const midnight = Math.floor(at / DAY) * DAY;
  const slot = Math.min(SLOTS_PER_DAY, Math.floor((at - midnight) / SLOT_MS));
  const first = Math.max(0, slot - PACE_SLOTS);
  const recent = usedBetween(row, 0, first, slot);
  const courses: { weight: number; factor: number; start: number }[] = [];
  for (let ago = 1; ago <= USE_DAYS; ago += 1) {
    if (ago > 7 && ago !== 14) continue;
    const start = (USE_DAYS - ago) * SLOTS_PER_DAY;
    if (knownShare(picture.rows, start) < 0.9) continue;
    const then = usedBetween(picture.rows, start, first, slot);
    const usual = (usedBetween(picture.rows, start, 0, SLOTS_PER_DAY) / SLOTS_PER_DAY) * PACE_SLOTS;
    const pace = (recent + 0.5 * usual) / (then + 0.5 * usual);
    if (!Number.isFinite(pace)) continue;
    const weight = (ago % 7 === 0 ? 2 : 1) * Math.exp(-Math.abs(Math.log(pace)) / 0.4);
    courses.push({ weight, factor: 1 + PACE_LASTS * (pace - 1), start });
  }
  if (courses.length === 0) return straightOn(at, midnight, used, recent, Math.max(1, slot - first), limit);

  const ends = courses.map(({ weight, factor, start }) => {
    const reachedAt = reaches(picture.rows, start, slot, at, midnight, factor, limit - used);
    const rest = factor * usedBetween(picture.rows, start, slot, SLOTS_PER_DAY);
    return { weight, reachedAt, total: used + rest };
  });
  const whole = ends.reduce((sum, end) => sum + end.weight, 0);
  const certainty = ends.reduce((sum, end) => sum + (end.reachedAt === undefined ? 0 : end.weight), 0) / whole;
  const times = ends.map((end) => ({ weight: end.weight, value: end.reachedAt ?? Number.POSITIVE_INFINITY }));
  return {
    certainty,
    at: finite(weightedQuantile(times, 0.5)),
    earliestAt: finite(weightedQuantile(times, 0.05)),
    latestAt: finite(weightedQuantile(times, 0.95)),
    total: weightedQuantile(
      ends.map((end) => ({ weight: end.weight, value: end.total })),
      0.5,
    ),
    days: courses.length,
  };
}

function straightOn(
  at: EpochMs,
  midnight: EpochMs,
  used: number,
  recent: number,
  slots: number,
  limit: number,
): QuotaForecast {
  const perMs = recent / (slots * SLOT_MS);
  const total = used + perMs * (midnight + DAY - at);
  const reachedAt = perMs > 0 && total >= limit ? at + Math.max(0, limit - used) / perMs : undefined;
  return {
    certainty: total >= limit ? 0.5 : 0,
    at: reachedAt,
    earliestAt: reachedAt,
    latestAt: undefined,
    total,
    days: 0,
  };
}

/** When a day's course, scaled, has used `left` more messages. */
function reaches(
  rows: Uint16Array,
  start: number,
  slot: number,
  at: EpochMs,
  midnight: EpochMs,
  factor: number,
  left: number,
): EpochMs | undefined {
  if (left <= 0) return at;
  let sum = 0;
  for (let s = slot; s < SLOTS_PER_DAY; s += 1) {
    const more = factor * known(rows[start + s]);
    if (sum + more >= left) return Math.max(at, midnight + (s + (left - sum) / more) * SLOT_MS);
    sum += more;
  }
  return undefined;
}

function usedBetween(rows: Uint16Array, start: number, from: number, to: number): number {
  let sum = 0;
  for (let s = from; s < to; s += 1) sum += known(rows[start + s]);
  return sum;
}

function knownShare(rows: Uint16Array, start: number): number {
  let count = 0;
  for (let s = 0; s < SLOTS_PER_DAY; s += 1) if (rows[start + s] !== UNKNOWN) count += 1;
  return count / SLOTS_PER_DAY;
}

function known(code: number | undefined): number {
  return code === undefined || code === UNKNOWN ? 0 : coarseValue(code);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function weightedQuantile(values: readonly { weight: number; value: number }[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const whole = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  for (const { weight, value } of sorted) {
    sum += weight;
    if (sum >= quantile * whole) return value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
}
