import { DAY, HOUR, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { movesLikeAPicture, residualFrom, runsLikeAnotherDay, slotValue } from './another-day.ts';
import { agreement, insertSorted, jumpFrom, levelBefore, middle, statisticsAt, type Statistic } from './deviations.ts';
import { expectedLog, expectedLogAt, planOf, residualOf } from './expectation.ts';
import { foldDay } from './fold-day.ts';
import { RECENT_BINS, type GaugeDraft, type GaugePhase } from './gauge-state.ts';
import { leakIn } from './leak.ts';
import { limitOf, type Direction, type GaugeSettings } from './limits-of-past.ts';
import { coarse, coarseValue, fine, fromCode, toCode, UNKNOWN } from './log-scale.ts';
import { DAYS_KEPT, dayOf, emptyPicture, SLOT_MS, slotOf, SLOTS_PER_DAY, TAIL_SLOTS } from './seasonal-picture.ts';

/** How the last judged bin stood to what was expected of it. */
export interface GaugeReading {
  readonly value: number;
  readonly expected: number;
  readonly residual: number;
}

/** Time after an incident, or after maintenance, in which limits are doubled. */
const QUIET_MS = 3 * HOUR;
/** A residual that has held for so long is a new level; a series that lost nearly everything must hold much longer. */
const LEARN_LEVEL_MS = 12 * HOUR;
const LEARN_COLLAPSE_MS = 3 * DAY;
const COLLAPSE = Math.log(0.25);
/** An incident has ended once so little of its largest deviation is left, for so long. */
const CLEAR_SHARE = 0.35;
const CLEAR_MS = 10 * MINUTE;
/** Before a week is known, only abrupt changes count: this much at least, and this many times the steepest recent slope. */
const YOUNG_JUMP = 0.3;
const YOUNG_SLOPES = 4;
const YOUNG_OFFSET = 3;
/** A jump of this size (log) needs no second look, which takes so long. */
const CLEAR_JUMP = 0.22;
const SECOND_LOOK_MS = 5 * MINUTE;
const ZERO = toCode(0, fine);
/** A picture was followed if the series was no farther from it (log, median of an hour). */
const FOLLOWED = 0.06;
/** So near to any picture (share of the limit) nothing has jumped. */
const NEAR = 0.35;

/** Judges one settled bin (`null`: nothing known) and moves the watermark over it. */
export function takeBin(
  draft: GaugeDraft,
  at: EpochMs,
  value: number | null,
  settings: GaugeSettings,
  maintenance: readonly Span[],
): void {
  const end = at + draft.grainMs;
  turnPages(draft, at, settings);
  const idle = isStuck(draft, value) || maintenance.some((span) => at < span.to && end > span.from);
  const known = idle ? null : value;
  draft.recent = [...draft.recent.slice(-(RECENT_BINS - 1)), toCode(known, fine)];
  draft.judgedUntil = end;
  const slotEnds = end % SLOT_MS === 0;
  if (slotEnds) finishSlot(draft);
  if (known === null) return;
  if (draft.phase.kind === 'breach') followBreach(draft, draft.phase, at, slotEnds);
  else lookForBreach(draft, settings, at, slotEnds);
}

/** Midnight UTC: yesterday becomes part of the picture, once per day that has passed. */
export function turnPages(draft: GaugeDraft, at: EpochMs, settings: GaugeSettings): void {
  const day = dayOf(at);
  if (day - draft.picture.day > DAYS_KEPT) {
    draft.picture = emptyPicture(day);
    clearDay(draft);
    draft.residuals.fill(Number.NaN);
    return;
  }
  while (draft.picture.day < day) {
    draft.picture = foldDay(draft.picture, { row: draft.row, flagged: flaggedSlots(draft), shift: draft.shift });
    const { today, past } = draft.longestSame;
    draft.revisedLateMs *= 0.93;
    draft.longestSame = { today: 1, past: Math.max(today, Number.isFinite(past) ? past * 0.9 : 0) };
    clearDay(draft);
    lookForLeak(draft, settings, day * DAY);
  }
}

function lookForLeak(draft: GaugeDraft, settings: GaugeSettings, at: EpochMs): void {
  const { picture } = draft;
  const found = settings.directions.includes('below')
    ? leakIn(picture.rows, planOf(picture).offset, settings.leastDrop, settings.deviations / 2)
    : undefined;
  const worth = found !== undefined && picture.size * (1 - Math.exp(-found.loss)) >= settings.leastCount;
  draft.leak = worth ? { sinceAt: draft.leak?.sinceAt ?? at - found.days * DAY, loss: found.loss } : undefined;
}

function clearDay(draft: GaugeDraft): void {
  draft.row.fill(UNKNOWN);
  draft.flagged = [];
  draft.shift = 0;
}

function flaggedSlots({ flagged, phase, picture }: GaugeDraft): Uint8Array {
  const slots = new Uint8Array(SLOTS_PER_DAY);
  for (const [from, to] of flagged) slots.fill(1, from, to + 1);
  if (phase.kind === 'breach') slots.fill(1, phase.sinceAt < picture.day * DAY ? 0 : slotOf(phase.sinceAt));
  return slots;
}

/** A metric that repeats itself far longer than it ever did says nothing. Zero is not suspected: it is judged. */
function isStuck(draft: GaugeDraft, value: number | null): boolean {
  if (value === null) return false;
  const same = draft.recent.at(-1) === toCode(value, fine);
  const run = same ? draft.sameBins + 1 : 1;
  draft.sameBins = run;
  // A handful of devices may well stay the same for long.
  if (value === 0 || value < 0.1 * draft.picture.size) return false;
  const stuck = run > 2 * draft.longestSame.past;
  if (!stuck && run > draft.longestSame.today) draft.longestSame = { ...draft.longestSame, today: run };
  return stuck;
}

function finishSlot(draft: GaugeDraft): void {
  const start = draft.judgedUntil - SLOT_MS;
  const slot = slotOf(start);
  const value = meanOfRecent(draft, Math.max(1, SLOT_MS / draft.grainMs));
  draft.row[slot] = toCode(value, coarse);
  draft.residuals.copyWithin(0, 1);
  draft.residuals[TAIL_SLOTS - 1] =
    value === null ? Number.NaN : residualOf(draft.picture, value, slot, draft.shift);
}

function meanOfRecent({ recent }: GaugeDraft, bins: number): number | null {
  let sum = 0;
  let known = 0;
  for (const code of recent.slice(-bins)) {
    const value = fromCode(code, fine);
    if (value === null) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? null : sum / known;
}

/** The newest judged bin with a value against its expectation; `undefined` if there is none. */
export function readingOf(draft: GaugeDraft): GaugeReading | undefined {
  const value = fromCode(draft.recent.at(-1) ?? UNKNOWN, fine);
  if (value === null) return undefined;
  const residual = residualOfBin(draft, draft.judgedUntil - draft.grainMs, value);
  const { offset } = planOf(draft.picture);
  return { value, residual, expected: Math.max(0, (value + offset) * Math.exp(-residual) - offset) };
}

function residualOfBin(draft: GaugeDraft, at: EpochMs, value: number): number {
  const { slot, between } = placeOf(draft, at);
  return residualOf(draft.picture, value, slot, draft.shift, between);
}

/** The slot of a bin, and where in it the bin lies: -0.5 at its start, 0.5 at its end, 0 if the bin fills it. */
function placeOf({ grainMs }: GaugeDraft, at: EpochMs): { slot: number; between: number } {
  const center = (at % SLOT_MS) + grainMs / 2;
  return { slot: slotOf(at), between: grainMs < SLOT_MS ? center / SLOT_MS - 0.5 : 0 };
}

/** How many bins in a row must agree on a jump: more for a series that was revised after it had settled. */
function confirmBins(draft: GaugeDraft, settings: GaugeSettings): number {
  return Math.min(RECENT_BINS - 6, Math.max(2, Math.ceil((settings.confirmMs + draft.revisedLateMs) / draft.grainMs)));
}

function lookForBreach(draft: GaugeDraft, settings: GaugeSettings, at: EpochMs, slotEnds: boolean): void {
  const reading = readingOf(draft);
  // A value that has not moved for longer than ever is no evidence of anything.
  if (!reading || (reading.value >= 0.1 * draft.picture.size && reading.value > 0 && draft.sameBins > Math.max(1, draft.longestSame.past))) return;
  const quiet = draft.phase.kind === 'calm' && at < draft.phase.quietUntil ? 2 : 1;
  const seen = deviationsNow(draft, settings, slotEnds);
  let worst: { cause: Statistic; direction: Direction; ratio: number } | undefined;
  const { offset } = planOf(draft.picture);
  for (const [cause, deviation] of seen) {
    const direction: Direction = deviation < 0 || (cause === 'unrest' && reading.residual < 0) ? 'below' : 'above';
    if (!settings.directions.includes(direction)) continue;
    const expected = Number.isNaN(reading.residual)
      ? (reading.value + YOUNG_OFFSET) * Math.exp(-deviation) - YOUNG_OFFSET
      : reading.expected;
    const limit = quiet * limitOf(cause, direction, draft.picture.past, settings, expected, offset);
    // A leak that is mended brings back what had been lost.
    const mended = direction === 'above' && draft.leak ? draft.leak.loss : 0;
    const ratio = (Math.abs(deviation) - mended) / limit;
    if (!(ratio >= 1 && ratio > (worst?.ratio ?? 0))) continue;
    if (cause === 'jump' && movesLikeAPicture(draft, limit)) continue;
    if (cause !== 'unrest' && runsLikeAnotherDay(draft, cause, limit)) continue;
    worst = { cause, direction, ratio };
  }
  if (worst) beginBreach(draft, settings, worst.cause, worst.direction, at, Math.abs(reading.residual));
}

function beginBreach(
  draft: GaugeDraft,
  settings: GaugeSettings,
  cause: Statistic,
  direction: Direction,
  at: EpochMs,
  peak: number,
): void {
  const sinceAt =
    cause === 'jump' ? at - (confirmBins(draft, settings) - 1) * draft.grainMs : strayedSince(draft, direction, at);
  draft.phase = {
    kind: 'breach',
    cause,
    direction,
    sinceAt,
    firedAt: draft.judgedUntil,
    peak,
    level: cause === 'jump' ? levelBeforeRun(draft, confirmBins(draft, settings)) : 0,
    from: slotValue(draft, sinceAt - 2 * SLOT_MS) ?? slotValue(draft, sinceAt - 3 * SLOT_MS) ?? 0,
    calmBins: 0,
    steady: { level: Number.NaN, sinceAt: at },
  };
}

/** Start of the run of slots that strayed in this direction, up to four hours ago. */
function strayedSince({ residuals, judgedUntil }: GaugeDraft, direction: Direction, at: EpochMs): EpochMs {
  const sign = direction === 'below' ? -1 : 1;
  let back = 1;
  while (back < TAIL_SLOTS && !((residuals[TAIL_SLOTS - 1 - back] ?? Number.NaN) * sign < 0.02)) back += 1;
  return Math.min(at, judgedUntil - back * SLOT_MS);
}

/** Every statistic that can be told now, as signed log deviations. */
function deviationsNow(draft: GaugeDraft, settings: GaugeSettings, slotEnds: boolean): [Statistic, number][] {
  const jump = jumpOfBins(draft, settings);
  const seen: [Statistic, number][] = Number.isNaN(jump) ? [] : [['jump', jump]];
  if (!slotEnds || isYoung(draft)) return seen;
  const { halfHour, hour, fourHours, unrest } = statisticsAt(draft.residuals, TAIL_SLOTS);
  return [...seen, ['halfHour', halfHour], ['hour', hour], ['fourHours', fourHours], ['unrest', unrest]];
}

/** Before the same weekday was seen once, a slow deviation may just be the first weekend. */
function isYoung({ picture, judgedUntil }: GaugeDraft): boolean {
  return Number.isNaN(expectedLog(picture, 1, slotOf(judgedUntil - 1)));
}

/**
 * The newest bins, all away from the level before them in the same direction: the smallest of their deviations. A small
 * jump must last longer than a large one, for a dip of three minutes across two bins looks like ten minutes of a small dip.
 */
function jumpOfBins(draft: GaugeDraft, settings: GaugeSettings): number {
  const bins = confirmBins(draft, settings);
  // Azure shows bins that it has not filled yet as zero: a series that was never seen falling gets a second look too.
  const zeros = draft.recent.slice(-bins).every((code) => code === ZERO);
  const clear = zeros ? 0 : jumpOver(draft, settings, bins);
  return Math.abs(clear) >= CLEAR_JUMP ? clear : jumpOver(draft, settings, bins + Math.ceil(SECOND_LOOK_MS / draft.grainMs));
}

function jumpOver(draft: GaugeDraft, settings: GaugeSettings, bins: number): number {
  const young = isYoung(draft);
  const level = levelBeforeRun(draft, bins);
  if (!young && Number.isNaN(level)) return Number.NaN;
  const values = draft.recent.slice(-bins).map((code) => fromCode(code, fine));
  if (values.length < bins || values.includes(null)) return Number.NaN;
  const runStart = draft.judgedUntil - bins * draft.grainMs;
  const run = values.map((value, i) => ({ at: runStart + i * draft.grainMs, value: value ?? 0 }));
  const residual = (at: EpochMs, value: number): number => jumpFrom(level, residualOfBin(draft, at, value));
  const nearest = run.map(({ at, value }) => residual(at, value)).reduce(agreement);
  if (young) return youngJump(draft, runStart, run, nearest);
  return jumpFromFollowed(draft, settings, run, nearest);
}

/** Median residual of the hour before the newest bins. */
function levelBeforeRun({ residuals, judgedUntil, grainMs }: GaugeDraft, bins: number): number {
  const runStart = judgedUntil - bins * grainMs;
  const finishedUntil = judgedUntil - (judgedUntil % SLOT_MS);
  return levelBefore(residuals, TAIL_SLOTS - Math.max(0, Math.ceil((finishedUntil - runStart) / SLOT_MS)));
}

interface Bin {
  readonly at: EpochMs;
  readonly value: number;
}

/**
 * The jump away from the pictures that the series followed in the hour before. Landing near another picture is no excuse;
 * only if none was followed does the nearest one count.
 */
function jumpFromFollowed(draft: GaugeDraft, settings: GaugeSettings, run: readonly Bin[], nearest: number): number {
  const { picture, shift } = draft;
  const { hypotheses, offset } = planOf(picture);
  const first = run[0]?.at ?? 0;
  const firstSlot = first - (first % SLOT_MS);
  const expected = Math.exp(Math.log((run[0]?.value ?? 0) + offset) - residualOfBin(draft, first, run[0]?.value ?? 0)) - offset;
  const limit = Math.max(FOLLOWED, limitOf('jump', 'below', picture.past, settings, Math.max(0, expected), offset));
  let jump = Number.NaN;
  for (let hypothesis = 0; hypothesis < hypotheses; hypothesis += 1) {
    let count = 0;
    for (let back = 1; back <= 11; back += 1) {
      const apart = residualFrom(draft, hypothesis, firstSlot - back * SLOT_MS);
      if (!Number.isNaN(apart)) count = insertSorted(apartScratch, count, apart);
    }
    // A picture that cannot be checked gets the benefit of the doubt.
    const level = count < 4 ? 0 : middle(apartScratch, count);
    if (Math.abs(level) >= limit) continue;
    const moved = run
      .map(({ at, value }) => {
        const { slot, between } = placeOf(draft, at);
        return Math.log(value + offset) - shift - expectedLogAt(picture, hypothesis, slot, between) - level;
      })
      .reduce(agreement);
    if (!(Math.abs(moved) >= Math.abs(jump))) jump = Number.isNaN(moved) ? jump : moved;
  }
  if (Number.isNaN(jump)) return nearest;
  return Math.abs(nearest) < NEAR * limit ? nearest : jump;
}

const apartScratch = new Float64Array(16);

/** Without a season: against the slots just before, and far steeper than anything in the hour before. */
function youngJump(draft: GaugeDraft, runStart: EpochMs, run: readonly Bin[], seasonal: number): number {
  const before: number[] = [];
  for (let back = 1; back <= 14; back += 1) {
    const value = slotValue(draft, runStart - back * SLOT_MS);
    if (value !== undefined) before.push(Math.log(value + YOUNG_OFFSET));
  }
  if (before.length < 9) return Number.NaN;
  let slope = 0;
  for (let i = 3; i < before.length; i += 1)
    slope = Math.max(slope, Math.abs((before[i] ?? 0) - (before[i - 3] ?? 0)));
  const level = ((before[0] ?? 0) + (before[1] ?? 0) + (before[2] ?? 0)) / 3;
  const jump = run.map(({ value }) => Math.log(value + YOUNG_OFFSET) - level).reduce(agreement);
  // On the hour a habit may begin that nobody has seen yet: a shift, a weekend.
  const onTheHour = Math.abs(runStart - Math.round(runStart / HOUR) * HOUR) <= SLOT_MS;
  const least = onTheHour ? Math.log(4) : YOUNG_JUMP;
  if (Math.abs(jump) < Math.max(least, YOUNG_SLOPES * slope)) return Number.NaN;
  const hasSeason = !Number.isNaN(residualOf(draft.picture, 0, slotOf(draft.judgedUntil - 1), draft.shift));
  return hasSeason ? agreement(jump, seasonal) : jump;
}

type Breach = Extract<GaugePhase, { kind: 'breach' }>;

function followBreach(draft: GaugeDraft, phase: Breach, at: EpochMs, slotEnds: boolean): void {
  const reading = readingOf(draft);
  if (!reading) return;
  const sign = phase.direction === 'below' ? -1 : 1;
  const young = isYoung(draft);
  const strayed = young
    ? youngStray(draft, phase, reading)
    : Math.min(reading.residual * sign, (reading.residual - (phase.level || 0)) * sign);
  const peak = Math.max(phase.peak, strayed);
  const calm = strayed <= Math.max(0.02, CLEAR_SHARE * Math.min(peak, 1));
  const calmBins = calm ? phase.calmBins + 1 : 0;
  if (calmBins >= Math.max(3, CLEAR_MS / draft.grainMs)) {
    endBreach(draft, phase, at, young);
    return;
  }
  if (young && at - phase.sinceAt > LEARN_LEVEL_MS) {
    endBreach(draft, phase, at, true);
    return;
  }
  const steady = slotEnds && !young ? steadyLevel(draft, phase, at) : phase.steady;
  const holds = at - steady.sinceAt;
  if (holds >= (steady.level < COLLAPSE ? LEARN_COLLAPSE_MS : LEARN_LEVEL_MS)) {
    draft.shift += steady.level;
    draft.residuals = draft.residuals.map((residual) => residual - steady.level);
    endBreach(draft, phase, at, true);
    return;
  }
  draft.phase = { ...phase, peak, calmBins, steady };
}

/** Without a season: how far the value is from where it jumped from, or from expectation if that is nearer. */
function youngStray(draft: GaugeDraft, phase: Breach, { value, residual }: GaugeReading): number {
  const sign = phase.direction === 'below' ? -1 : 1;
  const stray = Math.log((value + YOUNG_OFFSET) / (phase.from + YOUNG_OFFSET)) * sign;
  return Number.isNaN(residual) ? stray : Math.min(stray, residual * sign);
}

/** The level that the last hours hold, and since when; a new one starts a new count. */
function steadyLevel(draft: GaugeDraft, { steady, firedAt }: Breach, at: EpochMs): Breach['steady'] {
  if (at - firedAt < 2 * HOUR) return { level: Number.NaN, sinceAt: at };
  const { hour } = statisticsAt(draft.residuals, TAIL_SLOTS);
  if (Number.isNaN(hour)) return steady;
  const near = Math.abs(hour - steady.level) < Math.max(0.03, 0.25 * Math.abs(steady.level));
  return near ? { level: steady.level + 0.05 * (hour - steady.level), sinceAt: steady.sinceAt } : { level: hour, sinceAt: at };
}

/** Ends the breach. What belonged to it is left out of the season, and of the means that look back over it. */
function endBreach(draft: GaugeDraft, { sinceAt }: Breach, at: EpochMs, learn: boolean): void {
  if (!learn) {
    const from = sinceAt < draft.picture.day * DAY ? 0 : slotOf(sinceAt);
    draft.flagged = [...draft.flagged, [from, slotOf(at)] as const].slice(-6);
    const slots = Math.ceil((draft.judgedUntil - sinceAt) / SLOT_MS);
    draft.residuals.fill(Number.NaN, Math.max(0, TAIL_SLOTS - slots));
  }
  draft.phase = { kind: 'calm', quietUntil: at + QUIET_MS };
}

/** The band of values that would not be judged a jump, around an expectation. */
export function bandAround(draft: GaugeDraft, settings: GaugeSettings, expected: number): { lower: number; upper: number } {
  const { offset } = planOf(draft.picture);
  const below = limitOf('jump', 'below', draft.picture.past, settings, expected, offset);
  const above = limitOf('jump', 'above', draft.picture.past, settings, expected, offset);
  return {
    lower: Math.max(0, (expected + offset) * Math.exp(-below) - offset),
    upper: (expected + offset) * Math.exp(above) - offset,
  };
}
