import { quotaUsed, sendAttempts, sendsAccepted } from '../metrics/iot-hub-metrics.ts';
import type { MetricName } from '../metrics/series.ts';
import { DAY, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { newDailyUse, take } from './daily-use.ts';
import type { Evaluation, Numbers, Picture } from './evaluation.ts';
import { coarse, coarseValue, toCode, UNKNOWN } from './log-scale.ts';
import { USE_DAYS, type UsePicture } from './quota-state.ts';
import type { TelemetryRule } from './rule.ts';
import { SLOT_MS, slotOf, SLOTS_PER_DAY } from './seasonal-picture.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';
import { newTelemetryState, type TelemetryHot, type TelemetryState } from './telemetry-state.ts';
import { turnUsePages } from './use-picture.ts';

/** Metrics that tell how many messages a hub took, the best first. */
export const telemetrySources: readonly MetricName[] = [sendsAccepted.metric, sendAttempts.metric, quotaUsed.metric];

const STALE_MS = 30 * MINUTE;
/** A counter that has had nothing for a bin for so long counted nothing, if the hub was heard of otherwise. */
export const ABSENT_IS_ZERO_MS = 20 * MINUTE;
/** Messages are compared by the half hour: fleets report in pulses. */
const WINDOW_SLOTS = 6;
/** Habits move: the quietest half hour within an hour around the same time of day counts. */
const TOLERANCE_SLOTS = [-12, -6, -3, 0, 3, 6, 12];
const DAYS = [1, 2, 3, 4, 5, 6, 7, 14];
const LEAST_DAYS = 5;
/** Devices that are back send again, but the half hour that is judged still holds their absence. */
const EXPLAINS_MS = 45 * MINUTE;
/** Messages come back above this share of the fire level, for two slots: it is over. */
const CLEAR_SHARE = 1.4;
/** A silence that lasts longer than this is learned. */
const LEARN_MS = DAY;

/**
 * Judges messages per half hour, downwards only: far fewer than in the quietest of the same half hours of the last week.
 * A bin that the counter does not mention is zero only if another metric of the hub has it; otherwise it is unknown.
 */
export function evaluateTelemetry(
  rule: TelemetryRule,
  series: readonly MetricPoints[],
  maintenance: readonly Span[],
  explained: boolean,
  state: TelemetryState | undefined,
  now: EpochMs,
): { state: TelemetryState | undefined; evaluation: Evaluation } {
  const explainedAt = explained ? now : state?.hot.explainedAt;
  const still = explainedAt !== undefined && now - explainedAt < EXPLAINS_MS;
  const advanced = advance(rule, series, still ? [{ from: 0, to: now }, ...maintenance] : maintenance, state, now);
  const next = advanced && { ...advanced, hot: { ...advanced.hot, explainedAt: still ? explainedAt : undefined } };
  return { state: next, evaluation: describe(rule, still, next, now) };
}

type Draft = { -readonly [Key in keyof TelemetryHot]: TelemetryHot[Key] } & { picture: UsePicture };

function advance(
  rule: TelemetryRule,
  series: readonly MetricPoints[],
  maintenance: readonly Span[],
  before: TelemetryState | undefined,
  now: EpochMs,
): TelemetryState | undefined {
  const best = telemetrySources.find((name) => series.some((one) => one.metric === name && hasValue(one)));
  // At first sight a better source may just not have been readable yet.
  const isFirst =
    before === undefined || (best !== undefined && isBetter(best, before.hot.source) && nothingLearned(before));
  const state = isFirst ? undefined : before;
  const source = state?.hot.source ?? best;
  const read = series.find((one) => one.metric === source);
  if (source === undefined || !read) return before;
  const { grainMs } = read;
  const watermark = state?.hot.judgedUntil ?? Number.NEGATIVE_INFINITY;
  const sorted = sortOut(read.points, grainMs, watermark, rule.settleMs, now);
  const settled = new Map(sorted.settled);
  if (source !== quotaUsed.metric) addZeros(settled, read, series, watermark, now);
  if (settled.size === 0) return state;
  const first = Math.min(...settled.keys());
  const until = Math.max(...settled.keys()) + grainMs;
  const start = state ?? newTelemetryState(source, grainMs, first);
  const draft: Draft = { ...start.hot, row: start.hot.row.slice(), picture: start.picture };
  if (draft.grainMs !== grainMs) Object.assign(draft, { grainMs, recent: [] });
  recordLate(draft, sorted.late, maintenance);
  if (first - draft.judgedUntil > DAY) {
    draft.recent = [];
    draft.judgedUntil = first;
  }
  for (let at = draft.judgedUntil; at < until; at += grainMs) {
    const aside = maintenance.some((span) => at < span.to && at + grainMs > span.from);
    takeBin(draft, at, settled.get(at), aside, at < now - LEARN_MS ? undefined : rule);
  }
  const { picture, ...hot } = draft;
  return { hot, picture };
}

function nothingLearned({ picture }: TelemetryState): boolean {
  return picture.rows.every((code) => code === UNKNOWN);
}

function isBetter(one: MetricName, other: MetricName): boolean {
  return telemetrySources.indexOf(one) < telemetrySources.indexOf(other);
}

function hasValue({ points }: MetricPoints): boolean {
  return points.some(({ value }) => value !== null && value > 0);
}

function addZeros(
  settled: Map<EpochMs, number>,
  counter: MetricPoints,
  series: readonly MetricPoints[],
  watermark: EpochMs,
  now: EpochMs,
): void {
  if (!Number.isFinite(watermark)) return;
  for (const other of series) {
    if (other.metric === counter.metric || other.grainMs !== counter.grainMs) continue;
    for (const at of sortOut(other.points, other.grainMs, watermark, ABSENT_IS_ZERO_MS, now).settled.keys())
      if (!settled.has(at)) settled.set(at, 0);
  }
}

function takeBin(
  draft: Draft,
  at: EpochMs,
  value: number | undefined,
  aside: boolean,
  rule: TelemetryRule | undefined,
): void {
  const { grainMs } = draft;
  const end = at + grainMs;
  draft.picture = turnUsePages(draft, at);
  addBin(draft, at, value, aside);
  if (end % SLOT_MS !== 0) return;
  finishSlot(draft, end);
  if (rule && !aside) judge(draft, end, rule);
}

/** A slot more than the half hour that is judged, so that a slot may be written again. */
function recentBins(grainMs: number): number {
  return (WINDOW_SLOTS + 1) * Math.max(1, SLOT_MS / grainMs);
}

/** Counts that came late or were revised; of the day's count only the newest value matters. */
function recordLate(draft: Draft, late: ReadonlyMap<EpochMs, number>, maintenance: readonly Span[]): void {
  if (draft.source === quotaUsed.metric) return;
  const { grainMs, judgedUntil } = draft;
  const recent = [...draft.recent];
  for (const [at, value] of late) {
    const index = recent.length - (judgedUntil - at) / grainMs;
    if (index < 0 || index >= recent.length || maintenance.some((span) => at < span.to && at + grainMs > span.from))
      continue;
    const code = toCode(value, coarse);
    if (recent[index] === code) continue;
    recent[index] = code;
    draft.recent = recent;
    const slotStart = at - (at % SLOT_MS);
    const kept = judgedUntil - recent.length * grainMs <= slotStart && slotStart + SLOT_MS <= judgedUntil;
    if (kept && at >= draft.picture.day * DAY) finishSlot(draft, slotStart + SLOT_MS);
  }
}

/** Adds one bin; what lies aside (in maintenance) is not kept. Of the day's count a bin is the difference to the bin before; over a gap it is spread evenly. */
function addBin(draft: Draft, at: EpochMs, value: number | undefined, aside: boolean): void {
  const { grainMs } = draft;
  const recent = [...draft.recent.slice(1 - recentBins(grainMs)), UNKNOWN];
  draft.recent = recent;
  draft.judgedUntil = at + grainMs;
  if (value === undefined) return;
  if (draft.source !== quotaUsed.metric) {
    if (aside) return;
    recent[recent.length - 1] = toCode(value, coarse);
    return;
  }
  const { use, increment, sinceMs } = take(draft.use ?? newDailyUse(at), at, grainMs, value);
  draft.use = use;
  if (increment === undefined || aside) return;
  const bins = Math.max(1, Math.round(sinceMs / grainMs));
  for (let back = 1; back <= Math.min(bins, recent.length); back += 1)
    recent[recent.length - back] = toCode(increment / bins, coarse);
  // The slot before is finished already if the gap began in it.
  const slotStart = draft.judgedUntil - (draft.judgedUntil % SLOT_MS);
  if (bins > 1 && slotStart - SLOT_MS >= draft.picture.day * DAY) finishSlot(draft, slotStart);
}

function finishSlot(draft: Draft, end: EpochMs): void {
  const silent = draft.phase.kind === 'breach' && end - draft.phase.sinceAt < LEARN_MS;
  const messages = silent ? undefined : sumOfRecent(draft, end, SLOT_MS);
  draft.row[slotOf(end - 1)] = toCode(messages ?? null, coarse);
}

/** Messages in the span before `end`, unknown bins counted like the others; `undefined` if less than half is known. */
function sumOfRecent(
  { recent, grainMs, judgedUntil }: Pick<TelemetryHot, 'recent' | 'grainMs' | 'judgedUntil'>,
  end: EpochMs,
  spanMs: number,
): number | undefined {
  const bins = Math.max(1, spanMs / grainMs);
  const last = recent.length - (judgedUntil - end) / grainMs;
  let sum = 0;
  let known = 0;
  for (let i = Math.max(0, last - bins); i < last; i += 1) {
    const code = recent[i] ?? UNKNOWN;
    if (code === UNKNOWN) continue;
    sum += coarseValue(code);
    known += 1;
  }
  return known * 2 < bins ? undefined : (sum * bins) / known;
}

/** What the last half hour compares with. */
interface Comparison {
  readonly messages: number;
  /** The same if what is not known was as busy as it ever was at this time: fleets that report in pulses hide in a gap. */
  readonly atMost: number;
  readonly usual: number;
  readonly quietest: number;
}

function compare(hot: TelemetryHot, picture: UsePicture, end: EpochMs): Comparison | undefined {
  const messages = sumOfRecent(hot, end, WINDOW_SLOTS * SLOT_MS);
  if (messages === undefined) return undefined;
  const atMost = mostInWindow(hot, picture, end);
  const same: number[] = [];
  let quietest = Number.POSITIVE_INFINITY;
  let sameWeekday = false;
  for (const ago of DAYS) {
    const then = windowSum(picture.rows, ago, end);
    if (then === undefined) continue;
    if (ago % 7 === 0) sameWeekday = true;
    same.push(then);
    for (const moved of TOLERANCE_SLOTS)
      quietest = Math.min(quietest, windowSum(picture.rows, ago, end + moved * SLOT_MS) ?? then);
  }
  if (same.length < LEAST_DAYS || !sameWeekday) return undefined;
  same.sort((a, b) => a - b);
  return { messages, atMost, usual: same[same.length >> 1] ?? 0, quietest };
}

/** Messages in the window; for a bin that is not known, the most that its slot had on one of the last days. */
function mostInWindow({ recent, grainMs, judgedUntil }: TelemetryHot, picture: UsePicture, end: EpochMs): number {
  const bins = (WINDOW_SLOTS * SLOT_MS) / grainMs;
  const last = recent.length - (judgedUntil - end) / grainMs;
  let sum = 0;
  for (let back = 1; back <= bins; back += 1) {
    const code = recent[last - back] ?? UNKNOWN;
    if (code !== UNKNOWN) sum += coarseValue(code);
    else sum += (busiestSlot(picture, end - back * grainMs) * grainMs) / SLOT_MS;
  }
  return sum;
}

function busiestSlot({ rows, day }: UsePicture, at: EpochMs): number {
  const slot = Math.floor((at - day * DAY) / SLOT_MS);
  let most = 0;
  for (const ago of DAYS) {
    const code = rows[(USE_DAYS - ago) * SLOTS_PER_DAY + slot] ?? UNKNOWN;
    if (code !== UNKNOWN) most = Math.max(most, coarseValue(code));
  }
  return most;
}

function windowSum(rows: Uint16Array, daysAgo: number, end: EpochMs): number | undefined {
  const last = (USE_DAYS - daysAgo) * SLOTS_PER_DAY + Math.round((end % DAY) / SLOT_MS);
  const dayStart = end % DAY === 0 ? last + SLOTS_PER_DAY : last;
  let sum = 0;
  let known = 0;
  for (let i = dayStart - WINDOW_SLOTS; i < dayStart; i += 1) {
    const code = rows[i] ?? UNKNOWN;
    if (code === UNKNOWN) continue;
    sum += coarseValue(code);
    known += 1;
  }
  return known < WINDOW_SLOTS - 1 ? undefined : (sum * WINDOW_SLOTS) / known;
}

function isStalled(seen: Comparison | undefined, { share, leastMessages }: TelemetryRule): boolean {
  if (!seen) return false;
  const fireLevel = share * seen.quietest;
  return Math.max(seen.messages, seen.atMost) < fireLevel && fireLevel >= leastMessages;
}

/** Two slots must agree that hardly anything came. */
function judge(draft: Draft, end: EpochMs, rule: TelemetryRule): void {
  const seen = compare(draft, draft.picture, end);
  if (!seen) return;
  const fireLevel = rule.share * seen.quietest;
  const { phase } = draft;
  if (phase.kind === 'calm') {
    if (isStalled(seen, rule) && isStalled(compare(draft, draft.picture, end - SLOT_MS), rule))
      draft.phase = { kind: 'breach', sinceAt: end - WINDOW_SLOTS * SLOT_MS, calmSlots: 0, least: seen.messages };
    return;
  }
  const calmSlots = seen.messages >= CLEAR_SHARE * fireLevel ? phase.calmSlots + 1 : 0;
  draft.phase =
    calmSlots >= 2 ? { kind: 'calm' } : { ...phase, calmSlots, least: Math.min(phase.least, seen.messages) };
}

function describe(
  rule: TelemetryRule,
  explained: boolean,
  state: TelemetryState | undefined,
  now: EpochMs,
): Evaluation {
  const base = { rule: rule.id, signal: 'telemetry' as const, metric: state?.hot.source ?? sendsAccepted.metric };
  if (!state) return { ...base, verdict: 'unknown', reason: 'nothing-read-yet', severity: 'information', numbers: {} };
  const { hot, picture } = state;
  const end = hot.judgedUntil - (hot.judgedUntil % SLOT_MS);
  const seen = compare(hot, picture, end);
  const numbers: Numbers = seen
    ? {
        value: Math.round(seen.messages),
        expected: Math.round(seen.usual),
        ratio: seen.usual === 0 ? 1 : seen.messages / seen.usual,
        lower: rule.share * seen.quietest,
        fireLevel: rule.share * seen.quietest,
        clearLevel: CLEAR_SHARE * rule.share * seen.quietest,
        confidence: 0.8,
      }
    : { confidence: 0.1 };
  const judged = { ...base, settledAt: hot.judgedUntil - hot.grainMs, numbers };
  const { phase } = hot;
  if (phase.kind === 'breach' && explained)
    return { ...judged, verdict: 'normal', reason: 'explained-otherwise', severity: 'information' };
  if (phase.kind === 'breach')
    return {
      ...judged,
      picture: chart(state),
      verdict: 'breach',
      reason: 'telemetry-stall',
      severity: phase.least < 0.1 * (numbers.expected ?? 0) ? 'error' : 'warning',
      sinceAt: phase.sinceAt,
    };
  const stale = now - hot.judgedUntil > STALE_MS;
  return {
    ...judged,
    verdict: stale || !seen ? 'unknown' : 'normal',
    reason: stale ? 'stale' : seen ? 'as-usual' : 'little-history',
    severity: 'information',
  };
}

/** Messages per slot of the last four hours, and the median of the last week at the same times. */
function chart({ hot, picture }: TelemetryState): Picture {
  const slots = 48;
  const end = hot.judgedUntil - (hot.judgedUntil % SLOT_MS);
  const from = end - slots * SLOT_MS;
  const values: (number | null)[] = [];
  const expected: (number | null)[] = [];
  const code = (ago: number, at: EpochMs): number =>
    picture.rows[(USE_DAYS - ago + Math.floor(at / DAY) - picture.day) * SLOTS_PER_DAY + slotOf(at)] ?? UNKNOWN;
  for (let at = from; at < end; at += SLOT_MS) {
    const recent = end - at <= WINDOW_SLOTS * SLOT_MS ? sumOfRecent(hot, at + SLOT_MS, SLOT_MS) : undefined;
    const kept = at >= picture.day * DAY ? (hot.row[slotOf(at)] ?? UNKNOWN) : code(0, at);
    values.push(recent ?? (kept === UNKNOWN ? null : coarseValue(kept)));
    const known = DAYS.slice(0, 7)
      .map((ago) => code(ago, at))
      .filter((one) => one !== UNKNOWN)
      .sort((a, b) => a - b);
    expected.push(known.length === 0 ? null : coarseValue(known[known.length >> 1] ?? UNKNOWN));
  }
  return { grainMs: SLOT_MS, from, values, expected };
}
