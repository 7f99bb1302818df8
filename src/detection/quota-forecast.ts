import { DAY, HOUR, type EpochMs } from '../time/time.ts';
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
/** How much of a pace that differs from other days lasts: all of it for two hours, less and less for the next six. */
const LASTS_SLOTS = (2 * HOUR) / SLOT_MS;
const FADES_SLOTS = (6 * HOUR) / SLOT_MS;
const PACE_LASTS = 0.85;
/** In quiet hours a few messages more are a large pace that means little: then so much of a usual stretch is added. */
const QUIET_SHARE = 0.5;

/** A day that today may run like, and what it used in a usual stretch of so many slots as the pace is taken from. */
interface WholeDay {
  readonly ago: number;
  readonly start: number;
  readonly usual: number;
}

const wholeDays = new WeakMap<UsePicture, readonly WholeDay[]>();

/** The days of a picture that are known as a whole; remembered for as long as the picture itself is. */
function wholeDaysOf(picture: UsePicture): readonly WholeDay[] {
  let days = wholeDays.get(picture);
  if (!days) {
    const { rows } = picture;
    days = [1, 2, 3, 4, 5, 6, 7, 14]
      .map((ago) => ({ ago, start: (USE_DAYS - ago) * SLOTS_PER_DAY }))
      .filter(({ start }) => knownShare(rows, start) >= 0.9)
      .map(({ ago, start }) => {
        const usual = (usedBetween(rows, start, 0, SLOTS_PER_DAY) / SLOTS_PER_DAY) * PACE_SLOTS;
        return { ago, start, usual };
      });
    wholeDays.set(picture, days);
  }
  return days;
}

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
  const courses: { weight: number; pace: number; start: number }[] = [];
  for (const { ago, start, usual } of wholeDaysOf(picture)) {
    const then = usedBetween(picture.rows, start, first, slot);
    const quiet = QUIET_SHARE * Math.max(0, usual - then);
    const pace = (recent + quiet) / (then + quiet);
    if (!Number.isFinite(pace)) continue;
    const weight = (ago % 7 === 0 ? 2 : 1) * Math.exp(-Math.abs(Math.log(pace)) / 0.4);
    courses.push({ weight, pace, start });
  }
  if (courses.length === 0) return straightOn(at, midnight, used, recent, Math.max(1, slot - first), limit);

  const ends = courses.map(({ weight, pace, start }) => {
    const { rest, reachedSlot } = runsOn(picture.rows, start, slot, pace, limit - used);
    const reachedAt = reachedSlot === undefined ? undefined : Math.max(at, midnight + reachedSlot * SLOT_MS);
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

/** A day's course from a slot on, at a pace that fades: what it still uses, and when it has used `left` more messages. */
function runsOn(
  rows: Uint16Array,
  start: number,
  slot: number,
  pace: number,
  left: number,
): { readonly rest: number; readonly reachedSlot: number | undefined } {
  let rest = 0;
  let reachedSlot = left <= 0 ? slot : undefined;
  for (let s = slot; s < SLOTS_PER_DAY; s += 1) {
    const faded = Math.min(1, Math.max(0, (s - slot - LASTS_SLOTS) / FADES_SLOTS));
    const more = (1 + (1 - (1 - PACE_LASTS) * faded) * (pace - 1)) * known(rows[start + s]);
    if (reachedSlot === undefined && more > 0 && rest + more >= left) reachedSlot = s + (left - rest) / more;
    rest += more;
  }
  return { rest, reachedSlot };
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
