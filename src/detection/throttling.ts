import { limitsOf } from '../hubs/limits.ts';
import { sendAttempts, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE, SECOND, type EpochMs, type Span } from '../time/time.ts';
import type { Evaluation, Picture, Severity } from './evaluation.ts';
import type { HubFacts } from './hub-facts.ts';
import { coarse, coarseValue, toCode, UNKNOWN } from './log-scale.ts';
import type { ThrottlingRule } from './rule.ts';
import { SLOT_MS } from './seasonal-picture.ts';
import { sortOut, type MetricPoints } from './settled-bins.ts';
import {
  LEAST_REFUSED,
  lastMinutes,
  leastInOneBin,
  needed,
  seenByAmounts,
  seenByMinutes,
  SHORTEST_WINDOW,
} from './throttling-evidence.ts';
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
    refusedTwice: Math.max(a.refusedTwice, b.refusedTwice),
    refusedThrice: Math.max(a.refusedThrice, b.refusedThrice),
    busyShort: Math.max(a.busyShort, b.busyShort),
    busyLong: Math.max(a.busyLong, b.busyLong),
    attempts: Math.max(a.attempts, b.attempts),
  };
}

function faded(past: Harmless): Harmless {
  const left = Math.exp(-1 / 14);
  return {
    refused: past.refused * left,
    refusedTwice: past.refusedTwice * left,
    refusedThrice: past.refusedThrice * left,
    busyShort: past.busyShort * left,
    busyLong: past.busyLong * left,
    attempts: past.attempts * left,
  };
}

function judge(draft: Draft, rule: ThrottlingRule, hub: HubFacts, at: EpochMs): void {
  const { grainMs, past } = draft;
  // What belonged to an incident that has ended is no evidence of another.
  const fresh =
    draft.phase.kind === 'calm'
      ? Math.floor((draft.judgedUntil - draft.phase.since) / grainMs)
      : Number.POSITIVE_INFINITY;
  const rate = limitsOf(hub.sku, hub.units)?.sendsPerSecond;
  const asked = attemptsPerSecond(draft);
  const seen = grainMs <= SLOT_MS ? seenByMinutes(draft, rule, fresh) : seenByAmounts(draft, rule, fresh, rate);
  const tooMany =
    rate !== undefined && asked !== undefined && asked >= Math.max(rate * rule.attemptsRatio, 1.1 * past.attempts);
  const { cause } = seen;
  const { phase } = draft;
  if (phase.kind === 'breach') {
    follow(draft, rule, phase, at, cause, tooMany);
    return;
  }
  if (cause !== undefined || tooMany) {
    draft.phase = {
      kind: 'breach',
      cause: cause ?? 'attempts',
      sinceAt: startOfRun(draft, seen.bins),
      firedAt: at + grainMs,
      refused: cause === undefined ? 0 : seen.refused,
      attempts: 0,
    };
    return;
  }
  draft.today = worse(draft.today, { ...seen.harmless, attempts: asked ?? 0 });
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

function follow(
  draft: Draft,
  rule: ThrottlingRule,
  phase: Breach,
  at: EpochMs,
  cause: Breach['cause'] | undefined,
  tooMany: boolean,
): void {
  const { grainMs } = draft;
  const refused = phase.refused + coarseValue(draft.refused.at(-1) ?? UNKNOWN);
  const asked = coarseValue(draft.attempts.at(-1) ?? UNKNOWN);
  const attempts = phase.attempts + (Number.isNaN(asked) ? 0 : asked);
  if (phase.cause === 'attempts') {
    if (cause !== undefined) draft.phase = { ...phase, cause, refused, attempts };
    else if (tooMany || (grainMs <= SLOT_MS && lastMinutes(draft.refused, 15, grainMs).busy > 0))
      draft.phase = { ...phase, refused, attempts };
    else if (at - phase.firedAt > 10 * MINUTE && quietAttempts(draft))
      draft.phase = { kind: 'calm', since: draft.judgedUntil };
    return;
  }
  draft.phase = hasCalmed(draft, rule, phase, at, cause)
    ? { kind: 'calm', since: draft.judgedUntil }
    : { ...phase, refused, attempts };
}

function hasCalmed(
  draft: Draft,
  rule: ThrottlingRule,
  phase: Breach,
  at: EpochMs,
  cause: Breach['cause'] | undefined,
): boolean {
  const { grainMs, past } = draft;
  const recent = lastMinutes(draft.refused, phase.cause === 'recurring' ? 45 : SHORTEST_WINDOW, grainMs);
  // Where every bin has something in it, an incident is over when it is as little as usual.
  if (grainMs > SLOT_MS)
    return cause === undefined && recent.sum < Math.max(LEAST_REFUSED / 2, rule.burstMargin * past.refused);
  const calm = recent.busy <= (phase.cause === 'recurring' ? needed(grainMs, 3, 5) : needed(grainMs, 1, 0));
  const tiny = recent.sum < LEAST_REFUSED / 2 || (cause === undefined && recent.sum < past.refused);
  return calm || (tiny && at - phase.firedAt > HOUR);
}

/** No attempts near the limit for ten minutes. */
function quietAttempts(draft: Draft): boolean {
  const known = draft.attempts.slice(-Math.max(2, Math.floor((10 * MINUTE) / draft.grainMs)));
  const level = Math.max(...known.map((code) => coarseValue(code)).filter((value) => !Number.isNaN(value)), 0);
  return level / (draft.grainMs / SECOND) < 0.97 * Math.max(draft.past.attempts, level) || level === 0;
}

/** Start of the first busy one of the last so many bins. */
function startOfRun({ refused, judgedUntil, grainMs }: Draft, bins: number): EpochMs {
  for (let back = Math.min(refused.length, bins); back > 1; back -= 1)
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
  const twenty = lastMinutes(refused, SHORTEST_WINDOW, grainMs);
  const windowBins = Math.max(1, Math.floor((SHORTEST_WINDOW * MINUTE) / grainMs));
  const asked = coarseValue(state.attempts.at(-1) ?? UNKNOWN);
  const numbers = {
    value: coarseValue(refused.at(-1) ?? UNKNOWN) || 0,
    ...(limit === undefined ? {} : { limit }),
    ...(limit === undefined || Number.isNaN(asked) ? {} : { ratio: asked / limit }),
    fireLevel: leastInOneBin(state, rule, rate),
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
