import { limitsOf } from '../hubs/limits.ts';
import { quotaUsed } from '../metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import { take, turned } from './daily-use.ts';
import type { Evaluation, Numbers, Picture, Severity } from './evaluation.ts';
import type { HubFacts } from './hub-facts.ts';
import { coarse, coarseValue, toCode, UNKNOWN } from './log-scale.ts';
import { forecast, type QuotaForecast } from './quota-forecast.ts';
import {
  newQuotaState,
  USE_DAYS,
  type QuotaHot,
  type QuotaPhase,
  type QuotaState,
  type UsePicture,
} from './quota-state.ts';
import type { QuotaRule } from './rule.ts';
import { SLOT_MS, slotOf, SLOTS_PER_DAY } from './seasonal-picture.ts';
import { turnUsePages } from './use-picture.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';

/** Slots in a row that must agree before a forecast is believed, or is believed to be over. */
const FORECAST_CHECKS = 3;
const MOST_CHECKS = 18;
/** Of what is as near as this, nobody can wait to be sure. */
const NEAR_MS = HOUR;
/** Without days to compare with, nobody knows how long the busy hours last: only what is as near as this can be told. */
const BLIND_MS = 30 * MINUTE;
const CALM_CHECKS = 12;
/** The forecast must hold even if the rest of the day is so much quieter than expected. */
const REST_MARGIN = 0.06;
/** And by so much more while little of the day has been seen. */
const EARLY_MARGIN = 0.45;
const STALE_MS = 30 * MINUTE;

/** Judges newly read points of `dailyMessageQuotaUsed` against what the hub may use per day. */
export function evaluateQuota(
  rule: QuotaRule,
  series: MetricPoints | undefined,
  hub: HubFacts,
  state: QuotaState | undefined,
  now: EpochMs,
): { state: QuotaState | undefined; evaluation: Evaluation } {
  const limit = hub.messagesPerDay ?? limitsOf(hub.sku, hub.units)?.messagesPerDay;
  const next = advance(rule, series, limit, state, now);
  return { state: next, evaluation: describe(rule, limit, next, now) };
}

type Draft = { -readonly [Key in keyof QuotaHot]: QuotaHot[Key] } & { picture: UsePicture };

function advance(
  rule: QuotaRule,
  series: MetricPoints | undefined,
  limit: number | undefined,
  state: QuotaState | undefined,
  now: EpochMs,
): QuotaState | undefined {
  if (!series || series.points.length === 0) return state;
  const { grainMs, points } = series;
  const watermark = state?.hot.judgedUntil ?? Number.NEGATIVE_INFINITY;
  const sorted = sortOut(points, grainMs, watermark, rule.settleMs, now);
  if (sorted.settled.size === 0) return state;
  const bins = [...sorted.settled].sort(([a], [b]) => a - b);
  const start = state ?? newQuotaState(grainMs, bins[0]?.[0] ?? 0);
  const draft: Draft = { ...start.hot, grainMs, row: start.hot.row.slice(), picture: start.picture };
  // What is more than a day old is history: it is learned, and nobody would be told any more.
  for (const [at, value] of bins) takeBin(draft, at, value, rule, at < now - DAY ? undefined : limit, limit);
  const { picture, ...hot } = draft;
  return { hot, picture };
}

function takeBin(
  draft: Draft,
  at: EpochMs,
  value: number,
  rule: QuotaRule,
  judgedBy: number | undefined,
  limit: number | undefined,
): void {
  const end = at + draft.grainMs;
  turnPages(draft, at);
  const { use, increment, sinceMs } = take(draft.use, at, draft.grainMs, value);
  draft.use = use;
  draft.judgedUntil = end;
  // Nothing is counted beyond the limit, so what would have been used then is not known.
  const exhausted = limit !== undefined && use.used >= limit;
  if (increment !== undefined && !exhausted) spread(draft, end, increment, sinceMs);
  if (judgedBy !== undefined && judgedBy > 0) judge(draft, at, rule, judgedBy);
}

/** Writes what was used into the slots that it was used in; over a gap, evenly. */
function spread(draft: Draft, end: EpochMs, increment: number, sinceMs: number): void {
  const start = Math.max(end - sinceMs, draft.picture.day * DAY);
  const usedAt = (at: EpochMs): number => draft.use.used - (increment * (end - at)) / (end - start);
  for (let from = start; from < end;) {
    const to = Math.min(end, from - (from % SLOT_MS) + SLOT_MS);
    if (from % SLOT_MS === 0 || Number.isNaN(draft.slotUsed)) draft.slotUsed = usedAt(from);
    draft.row[slotOf(from)] = toCode(Math.max(0, usedAt(to) - draft.slotUsed), coarse);
    from = to;
  }
}

/** Midnight UTC: the count starts anew, and yesterday becomes part of the picture. */
function turnPages(draft: Draft, at: EpochMs): void {
  const picture = turnUsePages(draft, at);
  if (picture === draft.picture) return;
  draft.picture = picture;
  draft.use = turned(draft.use, at);
  draft.riskyChecks = 0;
}

function judge(draft: Draft, at: EpochMs, rule: QuotaRule, limit: number): void {
  const { use, phase } = draft;
  const end = at + draft.grainMs;
  if (use.used === 0 && phase.kind === 'calm') return;
  const ratio = use.used / limit;
  if (ratio >= rule.levels.critical) {
    enter(draft, phase, 'critical', at);
    return;
  }
  const checks = end % SLOT_MS === 0;
  if (!checks) return;
  const ahead = forecast(draft.picture, { at: end, used: use.used, row: draft.row, limit });
  const risky = isRisky(rule, ahead, end, ratio, use.used, limit);
  draft.riskyChecks = risky ? draft.riskyChecks + 1 : 0;
  const level = ratio >= rule.levels.error ? 'error' : ratio >= rule.levels.warning ? 'warning' : undefined;
  if (level && rule.levelsAlways) enter(draft, phase, level, at);
  else if (draft.riskyChecks >= checksFor(ahead, end, level !== undefined) && (level ?? mayForecast(draft, rule)))
    enter(draft, phase, level ?? 'forecast', at);
  else if (phase.kind === 'breach') {
    const calm = !risky && ahead.certainty < 0.3 && (!level || !rule.levelsAlways);
    const calmChecks = calm ? phase.calmChecks + 1 : 0;
    // At midnight the count is small again: that alone ends what was about yesterday.
    const newDay = phase.sinceAt < draft.picture.day * DAY && ratio < rule.levels.warning;
    draft.phase =
      calmChecks >= CALM_CHECKS || newDay
        ? { kind: 'calm', warnedOn: newDay ? undefined : draft.picture.day }
        : { ...phase, calmChecks };
  }
}

/** What is near is told at once; what is many hours away must hold for longer: a day that starts early is not yet a day that needs more. */
function checksFor(ahead: QuotaForecast, at: EpochMs, high: boolean): number {
  const lead = ahead.at === undefined ? 0 : ahead.at - at;
  // Just after midnight the count may still be yesterday's.
  if (high && ahead.at !== undefined && lead < NEAR_MS && at % DAY > FORECAST_CHECKS * SLOT_MS) return 1;
  return Math.max(FORECAST_CHECKS, Math.min(MOST_CHECKS, Math.round(lead / SLOT_MS / 8)));
}

/** One warning by forecast alone is enough for a day; after that a level must be reached. */
function mayForecast({ phase, picture }: Draft, rule: QuotaRule): boolean {
  return rule.forecast && (phase.kind === 'breach' || phase.warnedOn !== picture.day);
}

function isRisky(
  rule: QuotaRule,
  ahead: QuotaForecast,
  at: EpochMs,
  ratio: number,
  used: number,
  limit: number,
): boolean {
  // Without two days to compare with, only what is near can be told.
  if (ahead.days < 2) return ratio >= rule.levels.warning && ahead.at !== undefined && ahead.at - at < BLIND_MS;
  const margin = REST_MARGIN + EARLY_MARGIN * (1 - Math.min(1, used / ahead.total));
  const cautious = used + (1 - margin) * (ahead.total - used);
  return ahead.certainty >= rule.forecastCertainty && cautious >= limit;
}

const order = ['forecast', 'warning', 'error', 'critical'] as const;

function enter(draft: Draft, phase: QuotaPhase, cause: (typeof order)[number], at: EpochMs): void {
  if (phase.kind === 'calm') {
    draft.phase = { kind: 'breach', cause, sinceAt: at, calmChecks: 0 };
    return;
  }
  const worse = order.indexOf(cause) > order.indexOf(phase.cause) ? cause : phase.cause;
  draft.phase = { ...phase, cause: worse, calmChecks: 0 };
}

const reasons = {
  forecast: 'quota-will-run-out',
  warning: 'quota-warning-level',
  error: 'quota-error-level',
  critical: 'quota-exhausted',
} as const;

function describe(rule: QuotaRule, limit: number | undefined, state: QuotaState | undefined, now: EpochMs): Evaluation {
  const base = { rule: rule.id, signal: 'quota' as const, metric: quotaUsed.metric };
  if (!state || limit === undefined)
    return {
      ...base,
      verdict: 'unknown',
      reason: state ? 'quota-not-known' : 'nothing-read-yet',
      severity: 'information',
      numbers: {},
    };
  const { hot, picture } = state;
  const { use, judgedUntil, phase } = hot;
  const used = Number.isNaN(use.used) ? 0 : use.used;
  const ahead = forecast(picture, { at: judgedUntil, used, row: hot.row, limit });
  const numbers: Numbers = {
    value: used,
    limit,
    ratio: used / limit,
    expected: ahead.total,
    fireLevel: rule.levels.warning,
    ...(used >= limit ? { exhaustedAt: exhaustedAt(hot) } : {}),
    ...(ahead.at === undefined || used >= limit ? {} : { forecastAt: ahead.at }),
    ...(ahead.earliestAt === undefined || used >= limit ? {} : { forecastEarliestAt: ahead.earliestAt }),
    ...(ahead.latestAt === undefined || used >= limit ? {} : { forecastLatestAt: ahead.latestAt }),
    confidence: Math.min(1, 0.2 + ahead.days / 8),
  };
  const settled = { settledAt: judgedUntil - hot.grainMs, numbers };
  if (phase.kind === 'breach')
    return {
      ...base,
      ...settled,
      picture: chart(state, limit),
      verdict: 'breach',
      reason: reasons[phase.cause],
      severity: severityOf(phase.cause, ahead, judgedUntil),
      sinceAt: phase.sinceAt,
    };
  const stale = now - judgedUntil > STALE_MS;
  return {
    ...base,
    ...settled,
    verdict: stale ? 'unknown' : 'normal',
    reason: stale ? 'stale' : 'quota-lasts',
    severity: 'information',
  };
}

/** Nothing is counted beyond the limit: end of the last slot of today in which anything was. */
function exhaustedAt({ row, judgedUntil }: QuotaHot): EpochMs {
  const last = row.findLastIndex((code) => coarseValue(code) > 0);
  return Math.min(judgedUntil, Math.floor((judgedUntil - 1) / DAY) * DAY + (last + 1) * SLOT_MS);
}

function severityOf(cause: (typeof order)[number], ahead: QuotaForecast, at: EpochMs): Severity {
  if (cause === 'critical') return 'critical';
  const soon = ahead.at !== undefined && ahead.at - at < 2 * HOUR;
  return cause === 'error' || soon ? 'error' : 'warning';
}

/** Today's cumulative use by half hours, with the median day's for comparison. */
function chart({ hot, picture }: QuotaState, limit: number): Picture {
  const perBin = 6;
  const from = picture.day * DAY;
  const doneSlots = Math.ceil((hot.judgedUntil - from) / SLOT_MS);
  const values: (number | null)[] = [];
  const expected: (number | null)[] = [];
  let sum = 0;
  let usual = 0;
  const days = [1, 2, 3, 4, 5, 6, 7].map((ago) => (USE_DAYS - ago) * SLOTS_PER_DAY);
  for (let slot = 0; slot < SLOTS_PER_DAY; slot += 1) {
    sum += coarseValue(hot.row[slot] ?? UNKNOWN) || 0;
    const known = days
      .map((start) => picture.rows[start + slot] ?? UNKNOWN)
      .filter((code) => code !== UNKNOWN)
      .sort((a, b) => a - b);
    usual += known.length === 0 ? 0 : coarseValue(known[known.length >> 1] ?? UNKNOWN);
    if (slot % perBin !== perBin - 1) continue;
    values.push(slot < doneSlots ? Math.round(sum) : null);
    expected.push(usual > 0 ? Math.round(usual) : null);
  }
  return { grainMs: perBin * SLOT_MS, from, values, expected, limit };
}
