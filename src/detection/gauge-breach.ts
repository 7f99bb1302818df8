import { DAY, HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import { runsLikeAnotherDay } from './another-day.ts';
import { deviationOf, type Statistic } from './deviations.ts';
import { formerOffsets, planOf } from './expectation.ts';
import { confirmBins, jumpOfBins, levelBeforeRun } from './gauge-jump.ts';
import { isYoung, readingOf, slotValue, type GaugeReading } from './gauge-reading.ts';
import type { GaugeDraft, GaugePhase } from './gauge-state.ts';
import { leastDeviation, limitOf, type Direction, type GaugeSettings } from './limits-of-past.ts';
import { SLOT_MS, slotOf, TAIL_SLOTS } from './seasonal-picture.ts';
import { isHeld, learnLevel, noSteadyLevels, steadyLevels } from './steady-levels.ts';
import { hasStoodStill, isSuspect } from './stuck.ts';
import { YOUNG_OFFSET } from './young-jump.ts';

/** Time after a breach in which limits are doubled: what rings on is no second one. */
const QUIET_MS = 3 * HOUR;
const SLOW_QUIET_MS = 12 * HOUR;
/** A residual that has held for so long is a new level; a series that lost nearly everything must hold much longer. */
const LEARN_LEVEL_MS = 12 * HOUR;
const LEARN_COLLAPSE_MS = 3 * DAY;
const COLLAPSE = Math.log(0.25);
/** Levels count only so long after a breach was told; one that is this share of it and holds keeps the breach going. */
const SETTLES_AFTER_MS = 2 * HOUR;
const HELD_SHARE = 0.5;
/** A breach has ended once so little of its largest deviation is left, for so long. */
const CLEAR_SHARE = 0.35;
const CLEAR_MS = 10 * MINUTE;
/** One that has lasted for so long must be gone for longer: fleets that report in pulses come near their picture in each. */
const LASTING_MS = HOUR;
const CLEAR_LASTING_MS = 20 * MINUTE;
/** Waves have calmed when so little is left of the unrest that they began with. */
const CALM_UNREST = 0.5;
const MOST_SPANS = 3;
/** Nothing can be told of a breach while the least that is worth one is so many times its size. */
const TELLING = 1.5;
/** A jump so many times larger than the breach that is going on is a breach of its own. */
const WORSE = 2;
const WORSE_AFTER_MS = HOUR;
const slowStatistics = ['halfHour', 'hour', 'fourHours', 'unrest'] as const;

type Breach = Extract<GaugePhase, { kind: 'breach' }>;

/** Judges the newest bin while nothing is wrong. `slotEnds`: it finished a slot, so that slow statistics can be told. */
export function lookForBreach(draft: GaugeDraft, settings: GaugeSettings, at: EpochMs, slotEnds: boolean): void {
  const reading = readingOf(draft);
  const found = reading && worstOf(draft, settings, reading, deviationsNow(draft, settings, slotEnds));
  if (found) draft.phase = begun(draft, settings, found, at);
}

interface Found {
  readonly cause: Statistic;
  readonly direction: Direction;
  readonly deviation: number;
  readonly ratio: number;
}

/** Of some deviations the one that exceeds its limit most; `undefined` if none does, or what does has an explanation. */
function worstOf(
  draft: GaugeDraft,
  settings: GaugeSettings,
  reading: GaugeReading,
  deviations: readonly (readonly [Statistic, number])[],
): Found | undefined {
  if (isSuspect(draft, reading.value) || hasStoodStill(draft)) return undefined;
  let worst: Found | undefined;
  for (const [cause, deviation] of deviations) {
    const direction: Direction = deviation < 0 || (cause === 'unrest' && reading.residual < 0) ? 'below' : 'above';
    if (!settings.directions.includes(direction)) continue;
    const limit = limitNow(draft, settings, cause, direction, reading, deviation);
    const explained = Math.max(explainedByLeak(draft, cause, direction), explainedByReturn(draft, direction));
    const ratio = (Math.abs(deviation) - explained) / limit;
    if (!(ratio >= 1 && ratio > (worst?.ratio ?? 0))) continue;
    // What has come back by now is over, however long a mean may remember it.
    const back = cause !== 'unrest' && reading.residual * Math.sign(deviation) < CLEAR_SHARE * Math.abs(deviation);
    if (cause !== 'jump' && back) continue;
    if (cause !== 'unrest' && runsLikeAnotherDay(draft, cause, limit, confirmBins(draft, settings))) continue;
    worst = { cause, direction, deviation, ratio };
  }
  return worst;
}

/** A leak that goes on makes every day a slow drain, and one that is mended brings back what had been lost. */
function explainedByLeak({ leak }: GaugeDraft, cause: Statistic, direction: Direction): number {
  if (!leak) return 0;
  return direction === 'above' || (cause !== 'jump' && leak.endedAt === undefined) ? leak.loss : 0;
}

/** Coming back, part of the way or all of it, to a level that was left not long ago is no surge. */
function explainedByReturn({ picture, shift }: GaugeDraft, direction: Direction): number {
  return direction === 'above' ? Math.max(0, ...formerOffsets(picture, shift)) : 0;
}

/** Every statistic that can be told now, as signed log deviations. */
function deviationsNow(draft: GaugeDraft, settings: GaugeSettings, slotEnds: boolean): [Statistic, number][] {
  const jump = jumpOfBins(draft, settings);
  const seen: [Statistic, number][] = Number.isNaN(jump) ? [] : [['jump', jump]];
  if (!slotEnds || isYoung(draft)) return seen;
  for (const statistic of slowStatistics) seen.push([statistic, deviationOf(statistic, draft.residuals, TAIL_SLOTS)]);
  return seen;
}

function limitNow(
  { phase, picture, judgedUntil }: GaugeDraft,
  settings: GaugeSettings,
  cause: Statistic,
  direction: Direction,
  { value, expected, residual }: GaugeReading,
  deviation: number,
): number {
  const quietUntil = phase.kind !== 'calm' ? 0 : cause === 'jump' ? phase.quietUntil : phase.slowQuietUntil;
  const quiet = judgedUntil <= quietUntil ? 2 : 1;
  // Without a season, what was there before the jump is the expectation.
  const usual = Number.isNaN(residual) ? (value + YOUNG_OFFSET) * Math.exp(-deviation) - YOUNG_OFFSET : expected;
  return quiet * limitOf(cause, direction, picture.past, settings, usual, planOf(picture).offset);
}

function begun(
  draft: GaugeDraft,
  settings: GaugeSettings,
  { cause, direction, deviation }: Found,
  at: EpochMs,
): Breach {
  const bins = confirmBins(draft, settings);
  const sinceAt = cause === 'jump' ? at - (bins - 1) * draft.grainMs : strayedSince(draft, direction, at);
  return {
    kind: 'breach',
    cause,
    direction,
    sinceAt,
    firedAt: draft.judgedUntil,
    peak: Math.abs(deviation),
    last: Math.abs(deviation),
    level: cause === 'jump' ? levelBeforeRun(draft, bins) || 0 : 0,
    unrest: cause === 'unrest' ? deviation : 0,
    from: slotValue(draft, sinceAt - 2 * SLOT_MS) ?? slotValue(draft, sinceAt - 3 * SLOT_MS) ?? 0,
    calmBins: 0,
    steady: noSteadyLevels(at),
  };
}

/** Start of the run of slots that strayed in this direction, up to four hours ago. */
function strayedSince({ residuals, judgedUntil }: GaugeDraft, direction: Direction, at: EpochMs): EpochMs {
  const sign = direction === 'below' ? -1 : 1;
  let back = 1;
  while (back < TAIL_SLOTS && !((residuals[TAIL_SLOTS - 1 - back] ?? Number.NaN) * sign < 0.02)) back += 1;
  return Math.min(at, judgedUntil - back * SLOT_MS);
}

/** Judges the newest bin while a breach is going on: is it over, or has it become the new normal? */
export function followBreach(
  draft: GaugeDraft,
  phase: Breach,
  settings: GaugeSettings,
  at: EpochMs,
  slotEnds: boolean,
): void {
  const reading = readingOf(draft);
  if (!reading) return;
  const young = isYoung(draft);
  const worse = young ? undefined : worstOf(draft, settings, reading, [['jump', jumpOfBins(draft, settings)]]);
  if (worse && at - phase.firedAt >= WORSE_AFTER_MS && Math.abs(worse.deviation) >= WORSE * phase.peak) {
    leaveOut(draft, phase, at);
    draft.phase = begun(draft, settings, worse, at);
    return;
  }
  if (!young && !isTelling(draft, phase, settings, reading)) return;
  const strayed = strayedNow(draft, phase, reading);
  // Two in a row make a peak; one may be a bin that is not complete yet.
  const whole = wholeSlotStrayed(draft, phase, strayed, slotEnds);
  const peak = Math.max(phase.peak, Math.min(whole, phase.last));
  const near = strayed <= Math.max(0.02, CLEAR_SHARE * Math.min(peak, 1)) && !isRestless(draft, phase);
  const settles = slotEnds && !young && at - phase.firedAt >= SETTLES_AFTER_MS;
  const steady = settles ? steadyLevels(draft, phase.steady, at) : phase.steady;
  const away = (phase.direction === 'below' ? -1 : 1) * HELD_SHARE * peak;
  const calm = near && (young || !isHeld(draft, steady, away, at));
  const calmBins = calm ? phase.calmBins + 1 : 0;
  const level = young ? undefined : levelToLearn(steady, at);
  const clearMs = at - phase.sinceAt >= LASTING_MS ? CLEAR_LASTING_MS : CLEAR_MS;
  if (calmBins >= Math.max(3, clearMs / draft.grainMs)) {
    if (!young) leaveOut(draft, phase, at);
    draft.phase = calmAfter(phase, at);
  } else if (young && at - phase.sinceAt > LEARN_LEVEL_MS) {
    draft.phase = calmAfter(phase, at);
  } else if (level !== undefined) {
    learnLevel(draft, level);
    draft.phase = calmAfter(phase, at);
  } else draft.phase = { ...phase, peak, last: whole, calmBins, steady };
}

function calmAfter({ cause }: Breach, at: EpochMs): GaugePhase {
  const slow = cause === 'jump' ? QUIET_MS : SLOW_QUIET_MS;
  return { kind: 'calm', quietUntil: at + QUIET_MS, slowQuietUntil: at + slow };
}

/** At night, when hardly anything is expected, a fifth that is missing cannot be seen: that is no recovery. */
function isTelling(
  { picture }: GaugeDraft,
  phase: Breach,
  settings: GaugeSettings,
  { expected }: GaugeReading,
): boolean {
  return leastDeviation(settings, phase.direction, expected, planOf(picture).offset) <= TELLING * phase.peak;
}

/** How far the series still is from expectation, or from where it was before, whichever is nearer (log, in the breach's direction). */
function strayedNow(draft: GaugeDraft, phase: Breach, { value, residual }: GaugeReading): number {
  const sign = phase.direction === 'below' ? -1 : 1;
  if (!isYoung(draft)) return Math.min(residual * sign, (residual - phase.level) * sign);
  const stray = Math.log((value + YOUNG_OFFSET) / (phase.from + YOUNG_OFFSET)) * sign;
  return Number.isNaN(residual) ? stray : Math.min(stray, residual * sign);
}

/**
 * The same of the newest slot: where a fleet reports in pulses, what is expected of a bin lies between two slots that are
 * far from each other, and says little.
 */
function wholeSlotStrayed(draft: GaugeDraft, phase: Breach, ofBin: number, slotEnds: boolean): number {
  if (isYoung(draft) || draft.grainMs >= SLOT_MS) return ofBin;
  const residual = draft.residuals[TAIL_SLOTS - 1] ?? Number.NaN;
  const value = slotValue(draft, draft.judgedUntil - SLOT_MS);
  if (!slotEnds || value === undefined || Number.isNaN(residual)) return phase.last;
  return strayedNow(draft, phase, { value, residual, expected: Number.NaN });
}

function isRestless(draft: GaugeDraft, { unrest }: Breach): boolean {
  return unrest > 0 && deviationOf('unrest', draft.residuals, TAIL_SLOTS) > CALM_UNREST * unrest;
}

/** The smallest of the levels that have held long enough to be the new normal; `undefined` if none has. */
function levelToLearn(steady: Breach['steady'], at: EpochMs): number | undefined {
  const held = steady
    .filter(({ level, sinceAt }) => at - sinceAt >= (level < COLLAPSE ? LEARN_COLLAPSE_MS : LEARN_LEVEL_MS))
    .map(({ level }) => level)
    .filter((level) => !Number.isNaN(level));
  held.sort((a, b) => Math.abs(a) - Math.abs(b));
  return held[0];
}

/** A day with many breaches keeps few spans: the first two become one. */
function merged(spans: readonly (readonly [number, number])[]): GaugeDraft['flagged'] {
  const [first, second, ...rest] = spans;
  return first && second && spans.length > MOST_SPANS ? [[first[0], second[1]], ...rest] : spans;
}

/** What belonged to a breach is left out of the season, and of the means that look back over it. */
function leaveOut(draft: GaugeDraft, { sinceAt }: Breach, at: EpochMs): void {
  const from = sinceAt < draft.picture.day * DAY ? 0 : slotOf(sinceAt);
  draft.flagged = merged([...draft.flagged, [from, slotOf(at)]]);
  const slots = Math.ceil((draft.judgedUntil - sinceAt) / SLOT_MS);
  draft.residuals.fill(Number.NaN, Math.max(0, TAIL_SLOTS - slots));
}
