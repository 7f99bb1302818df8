import { limitsOf } from '../hubs/limits.ts';
import { sendAttempts, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE, SECOND, type EpochMs, type Span } from '../time/time.ts';
import type { Evaluation, Picture, Severity } from './evaluation.ts';
import type { HubFacts } from './hub-facts.ts';
import { coarse, coarseValue, toCode, UNKNOWN } from './log-scale.ts';
import type { ThrottlingRule } from './rule.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';
import {
  harmless,
  newThrottlingState,
  rememberedBins,
  type Harmless,
  type ThrottlingPhase,
  type ThrottlingState,
} from './throttling-state.ts';

/** A bin that nobody published counts as zero once it is so old, or once a newer bin was published. */
const ABSENT_IS_ZERO_MS = 20 * MINUTE;
/** Fewer refused sends than this within 20 minutes are not worth anybody's attention. */
const LEAST_REFUSED = 20;
/** A bin is busy if it has this share of the busiest one beside it. */
const BUSY_SHARE = 0.05;

/** Newly read points that the throttling detector understands. */
export interface ThrottlingInput {
  readonly refused: MetricPoints | undefined;
  readonly attempts: MetricPoints | undefined;
  readonly hub: HubFacts;
  readonly maintenance: readonly Span[];
}

/** Judges newly read points of `sendThrottle`, and of `allProtocol` against the edition's send rate. */
export function evaluateThrottling(
  rule: ThrottlingRule,
  input: ThrottlingInput,
  state: ThrottlingState | undefined,
  now: EpochMs,
): { state: ThrottlingState | undefined; evaluation: Evaluation } {
  const next = advance(rule, input, state, now);
  return { state: next, evaluation: describe(rule, input, next, now) };
}

type Draft = { -readonly [Key in keyof ThrottlingState]: ThrottlingState[Key] } & {
  refused: number[];
  attempts: number[];
};

function advance(
  rule: ThrottlingRule,
  { refused, attempts, hub, maintenance }: ThrottlingInput,
  state: ThrottlingState | undefined,
  now: EpochMs,
): ThrottlingState | undefined {
  const grainMs = refused?.grainMs ?? attempts?.grainMs;
  if (grainMs === undefined) return state;
  // Bins of another grain are not comparable; what was harmless before still is.
  const fitting = state?.grainMs === grainMs ? state : state && { ...state, grainMs, refused: [], attempts: [] };
  const watermark = fitting?.judgedUntil ?? Number.NEGATIVE_INFINITY;
  const sends = sortOut(refused?.points ?? [], grainMs, watermark, rule.settleMs, now);
  const asks = sortOut(attempts?.grainMs === grainMs ? attempts.points : [], grainMs, watermark, rule.settleMs, now);
  const first = Math.min(...sends.settled.keys(), ...asks.settled.keys());
  const from = fitting?.judgedUntil ?? first;
  if (!Number.isFinite(from)) return state;
  const until = Math.max(
    sends.settledUntil,
    asks.settledUntil,
    Math.floor((now - ABSENT_IS_ZERO_MS) / grainMs) * grainMs,
  );
  const start = fitting ?? newThrottlingState(grainMs, from, Math.floor(from / DAY));
  const draft: Draft = { ...start, refused: [...start.refused], attempts: [...start.attempts] };
  recordLate(draft, sends.late, draft.refused);
  recordLate(draft, asks.late, draft.attempts);
  const kept = rememberedBins(grainMs);
  if (until - draft.judgedUntil > 2 * DAY) {
    turnPages(draft, until - DAY);
    draft.judgedUntil = until - DAY;
    draft.refused = [];
    draft.attempts = [];
  }
  for (let at = draft.judgedUntil; at < until; at += grainMs) {
    turnPages(draft, at);
    const aside = maintenance.some((span) => at < span.to && at + grainMs > span.from);
    push(draft.refused, toCode(aside ? 0 : (sends.settled.get(at) ?? 0), coarse), kept.refused);
    push(draft.attempts, aside ? UNKNOWN : toCode(asks.settled.get(at) ?? null, coarse), kept.attempts);
    draft.judgedUntil = at + grainMs;
    if (!aside) judge(draft, rule, hub, at);
  }
  return draft;
}

function push(codes: number[], code: number, kept: number): void {
  codes.push(code);
  if (codes.length > kept) codes.shift();
}

function recordLate(draft: Draft, late: ReadonlyMap<EpochMs, number>, codes: number[]): void {
  for (const [at, value] of late) {
    const index = codes.length - (draft.judgedUntil - at) / draft.grainMs;
    if (index >= 0 && index < codes.length) codes[index] = toCode(value, coarse);
  }
}

/** Midnight UTC: what was harmless yesterday counts from now on; what was harmless today, from the next midnight. */
function turnPages(draft: Draft, at: EpochMs): void {
  const day = Math.floor(at / DAY);
  if (day - draft.day > 60) {
    Object.assign(draft, { past: harmless, yesterday: harmless, today: harmless, day, daysSeen: 0 });
    return;
  }
  for (; draft.day < day; draft.day += 1) {
    draft.past = worse(faded(draft.past), draft.yesterday);
    draft.yesterday = draft.today;
    draft.today = harmless;
    draft.daysSeen += 1;
  }
}

function worse(a: Harmless, b: Harmless): Harmless {
  return {
    refused: Math.max(a.refused, b.refused),
    busyShort: Math.max(a.busyShort, b.busyShort),
    busyLong: Math.max(a.busyLong, b.busyLong),
    attempts: Math.max(a.attempts, b.attempts),
  };
}

function faded(past: Harmless): Harmless {
  const left = Math.exp(-1 / 14);
  return {
    refused: past.refused * left,
    busyShort: past.busyShort * left,
    busyLong: past.busyLong * left,
    attempts: past.attempts * left,
  };
}

/**
 * The last so many minutes of a list of bins: how much, and in how many minutes there was any worth mentioning beside the
 * busiest: one burst and a few stragglers do not last.
 */
function lastMinutes(
  codes: readonly number[],
  minutes: number,
  grainMs: number,
  atMost = codes.length,
): { sum: number; busy: number } {
  const bins = Math.min(codes.length, atMost, Math.floor((minutes * MINUTE) / grainMs));
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

/** Minutes; three bins if they are coarse, for one alone does not tell a burst from what lasts. */
function shortestWindow(grainMs: number): number {
  return Math.max(20, grainMs > 5 * MINUTE ? (3 * grainMs) / MINUTE : 0);
}

/** How many minutes must be busy. A bin of five minutes is busy as a whole, so coarse bins must show more of them. */
function needed({ grainMs }: Draft, minutes: number, coarseMinutes: number, coarseBins: number): number {
  if (grainMs < 5 * MINUTE) return minutes;
  return grainMs === 5 * MINUTE ? coarseMinutes : Math.max(coarseMinutes, (coarseBins * grainMs) / MINUTE);
}

function judge(draft: Draft, rule: ThrottlingRule, hub: HubFacts, at: EpochMs): void {
  const { grainMs, past } = draft;
  // What belonged to an incident that has ended is no evidence of another.
  const fresh =
    draft.phase.kind === 'calm'
      ? Math.floor((draft.judgedUntil - draft.phase.since) / grainMs)
      : Number.POSITIVE_INFINITY;
  const twenty = lastMinutes(draft.refused, shortestWindow(grainMs), grainMs, fresh);
  const short = lastMinutes(draft.refused, Math.max(30, shortestWindow(grainMs)), grainMs, fresh);
  const long = lastMinutes(draft.refused, Math.max(120, (5 * grainMs) / MINUTE), grainMs, fresh);
  const rate = limitsOf(hub.sku, hub.units)?.sendsPerSecond;
  const asked = attemptsPerSecond(draft);
  const worth = twenty.sum >= LEAST_REFUSED;

  const sustained =
    (draft.daysSeen > 0 && twenty.busy >= needed(draft, 11, 15, 2) && twenty.sum > rule.burstMargin * past.refused) ||
    (short.busy >= needed(draft, 17, 25, 3) && short.busy > 1.3 * past.busyShort);
  const recurring = long.busy >= needed(draft, 24, 45, 4) && long.busy > 1.5 * past.busyLong;
  const tooMany =
    rate !== undefined && asked !== undefined && asked >= Math.max(rate * rule.attemptsRatio, 1.1 * past.attempts);

  const cause = !worth
    ? undefined
    : sustained
      ? 'sustained'
      : recurring && long.sum >= 2 * LEAST_REFUSED
        ? 'recurring'
        : undefined;
  const { phase } = draft;
  if (phase.kind === 'breach') {
    follow(draft, phase, at, cause, tooMany);
    return;
  }
  if (cause !== undefined || tooMany) {
    draft.phase = {
      kind: 'breach',
      cause: cause ?? 'attempts',
      sinceAt: startOfRun(draft, cause === 'recurring' ? 120 : 30),
      firedAt: at + grainMs,
      refused: cause === undefined ? 0 : cause === 'recurring' ? long.sum : short.sum,
      attempts: 0,
    };
    return;
  }
  draft.today = worse(draft.today, {
    refused: twenty.sum,
    busyShort: short.busy,
    busyLong: long.busy,
    attempts: asked ?? 0,
  });
}

/** Attempts per second that every one of the last ten minutes (or two bins) reached on average; `undefined` if unknown. */
function attemptsPerSecond(draft: Draft): number | undefined {
  const bins = Math.max(2, Math.floor((5 * MINUTE) / draft.grainMs));
  if (draft.attempts.length < bins) return undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const code of draft.attempts.slice(-bins)) {
    if (code === UNKNOWN) return undefined;
    least = Math.min(least, coarseValue(code));
  }
  return least / (draft.grainMs / SECOND);
}

type Breach = Extract<ThrottlingPhase, { kind: 'breach' }>;

function follow(draft: Draft, phase: Breach, at: EpochMs, cause: Breach['cause'] | undefined, tooMany: boolean): void {
  const { grainMs } = draft;
  const refused = phase.refused + coarseValue(draft.refused.at(-1) ?? UNKNOWN);
  const asked = coarseValue(draft.attempts.at(-1) ?? UNKNOWN);
  const attempts = phase.attempts + (Number.isNaN(asked) ? 0 : asked);
  if (phase.cause === 'attempts') {
    if (cause !== undefined) draft.phase = { ...phase, cause, refused, attempts };
    else if (tooMany || lastMinutes(draft.refused, 15, grainMs).busy > 0) draft.phase = { ...phase, refused, attempts };
    else if (at - phase.firedAt > 10 * MINUTE && quietAttempts(draft))
      draft.phase = { kind: 'calm', since: draft.judgedUntil };
    return;
  }
  const quietFor = Math.max(phase.cause === 'recurring' ? 45 : 20, shortestWindow(grainMs));
  const recent = lastMinutes(draft.refused, quietFor, grainMs);
  const calm = recent.busy <= (phase.cause === 'recurring' ? needed(draft, 3, 5, 1) : needed(draft, 1, 0, 0));
  const tiny = recent.sum < LEAST_REFUSED / 2 || (cause === undefined && recent.sum < draft.past.refused);
  draft.phase =
    calm || (tiny && at - phase.firedAt > HOUR)
      ? { kind: 'calm', since: draft.judgedUntil }
      : { ...phase, refused, attempts };
}

/** No attempts near the limit for ten minutes. */
function quietAttempts(draft: Draft): boolean {
  const known = draft.attempts.slice(-Math.max(2, Math.floor((10 * MINUTE) / draft.grainMs)));
  const level = Math.max(...known.map((code) => coarseValue(code)).filter((value) => !Number.isNaN(value)), 0);
  return level / (draft.grainMs / SECOND) < 0.97 * Math.max(draft.past.attempts, level) || level === 0;
}

/** Start of the first busy bin of the last so many minutes. */
function startOfRun({ refused, judgedUntil, grainMs }: Draft, minutes: number): EpochMs {
  const bins = Math.min(refused.length, Math.floor((minutes * MINUTE) / grainMs));
  for (let back = bins; back > 1; back -= 1)
    if (coarseValue(refused[refused.length - back] ?? UNKNOWN) > 0) return judgedUntil - back * grainMs;
  return judgedUntil - grainMs;
}

const reasons = {
  sustained: 'sustained-throttling',
  recurring: 'recurring-throttling',
  attempts: 'attempts-above-rate',
} as const;

function describe(
  rule: ThrottlingRule,
  { hub }: ThrottlingInput,
  state: ThrottlingState | undefined,
  now: EpochMs,
): Evaluation {
  const base = { rule: rule.id, signal: 'throttling' as const, metric: sendThrottle.metric };
  if (!state) return { ...base, verdict: 'unknown', reason: 'nothing-read-yet', severity: 'information', numbers: {} };
  const { grainMs, refused, judgedUntil, phase } = state;
  const rate = limitsOf(hub.sku, hub.units)?.sendsPerSecond;
  const limit = rate === undefined ? undefined : rate * (grainMs / SECOND);
  const twenty = lastMinutes(refused, shortestWindow(grainMs), grainMs);
  const windowBins = Math.floor((shortestWindow(grainMs) * MINUTE) / grainMs);
  const asked = coarseValue(state.attempts.at(-1) ?? UNKNOWN);
  const numbers = {
    value: coarseValue(refused.at(-1) ?? UNKNOWN) || 0,
    ...(limit === undefined ? {} : { limit }),
    ...(limit === undefined || Number.isNaN(asked) ? {} : { ratio: asked / limit }),
    fireLevel: Math.max(LEAST_REFUSED, rule.burstMargin * state.past.refused),
    breachingBins: (twenty.busy * MINUTE) / grainMs,
    windowBins,
    confidence: Math.min(1, 0.3 + state.daysSeen / 10),
  };
  const settled = { settledAt: judgedUntil - grainMs };
  if (phase.kind === 'breach')
    return {
      ...base,
      ...settled,
      picture: chart(state),
      metric: phase.cause === 'attempts' ? sendAttempts.metric : sendThrottle.metric,
      verdict: 'breach',
      reason: reasons[phase.cause],
      severity: severityOf(phase, judgedUntil),
      sinceAt: phase.sinceAt,
      numbers: { ...numbers, total: Math.round(phase.refused) },
    };
  const stale = now - judgedUntil > 2 * ABSENT_IS_ZERO_MS;
  return {
    ...base,
    ...settled,
    verdict: stale ? 'unknown' : 'normal',
    reason: stale ? 'stale' : twenty.sum > 0 ? 'short-burst' : 'nothing-refused',
    severity: 'information',
    numbers,
  };
}

/** By the share of sends that was refused, and by how long. */
function severityOf(phase: Breach, until: EpochMs): Severity {
  if (phase.cause === 'attempts') return 'warning';
  const share = phase.attempts > 0 ? phase.refused / (phase.attempts + phase.refused) : 0;
  const lasted = until - phase.sinceAt;
  if (share >= 0.5 && lasted >= 30 * MINUTE) return 'critical';
  return share >= 0.2 || lasted >= HOUR ? 'error' : 'warning';
}

/** Refused sends of the last two hours, at most 60 bins. */
function chart({ refused, grainMs, judgedUntil }: ThrottlingState): Picture {
  const fold = Math.max(1, Math.ceil(refused.length / 60));
  const values: number[] = [];
  for (let end = refused.length; end > 0; end -= fold) {
    let sum = 0;
    for (let i = Math.max(0, end - fold); i < end; i += 1) sum += coarseValue(refused[i] ?? UNKNOWN) || 0;
    values.unshift(Math.round(sum));
  }
  return { grainMs: fold * grainMs, from: judgedUntil - values.length * fold * grainMs, values };
}
