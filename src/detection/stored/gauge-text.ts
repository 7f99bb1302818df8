import { z } from 'zod';
import { DAY } from '../../time/time.ts';
import { statistics } from '../deviations.ts';
import { RECENT_BINS, type GaugeHot, type GaugePhase, type GaugeState } from '../gauge-state.ts';
import type { Direction } from '../limits-of-past.ts';
import { coarse, fine, pack, packResiduals, unpack, unpackResiduals } from '../log-scale.ts';
import { forEachStatistic, type Past } from '../own-past.ts';
import { DAYS_KEPT, SLOTS_PER_DAY, TAIL_SLOTS, type SeasonalPicture } from '../seasonal-picture.ts';
import { codesOf, minute, minuteOf, ofVersion, orNaN, rounded } from './fields.ts';

const directions: readonly Direction[] = ['below', 'above'];

/**
 * Calm: quiet until, for slow statistics until. Breach: cause and direction by their place in the list, since, fired, peak, last, unrest, from,
 * level, calm bins, steady level, steady since.
 */
const phase = z.union([
  z.tuple([minute, minute]),
  z.tuple([
    z.number(),
    z.number(),
    minute,
    minute,
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
    orNaN,
    minute,
  ]),
]);

/** Short names, for all of it must fit into a kilobyte. */
const hotSchema = ofVersion({
  /** UTC day of the row; the picture must be of the same. */
  day: z.number(),
  /** Grain; judged until. */
  g: minute,
  u: minute,
  row: z.string(),
  /** Residuals; recent bins. */
  rest: z.string(),
  now: z.string(),
  /** Sameness: code, bins, odd ones, stuck code, today, past (-1: infinite). */
  s: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]),
  /** Wrong bins: together, wrong, judged. */
  w: z.tuple([z.number(), z.number(), z.number()]),
  /** Log offset of a level shift of today. */
  d: z.number(),
  /** Spans of slots that are left out. */
  x: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
  p: phase,
  /** Leak: since, loss, ended. */
  k: z.tuple([minute, z.number(), minute.nullable()]).nullable(),
});

const strayed = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const past = z.record(z.enum(statistics), strayed);

const pictureSchema = ofVersion({
  day: z.number(),
  rows: z.string(),
  size: z.number(),
  days: z.number(),
  corrections: z.tuple([z.number(), z.number(), z.number()]),
  tail: z.string(),
  past,
  pending: past,
  flagged: z.tuple([z.number(), z.number()]),
  /** Former levels: log offset, and until which day. */
  former: z.array(z.tuple([z.number(), z.number()])),
});

export function gaugeHotText({ hot, picture }: GaugeState): string {
  const { same, wrong, leak } = hot;
  return JSON.stringify({
    v: 1,
    day: picture.day,
    g: minuteOf(hot.grainMs),
    u: minuteOf(hot.judgedUntil),
    row: pack(hot.row, coarse),
    rest: packResiduals(hot.residuals),
    now: pack(hot.recent, fine),
    s: [
      same.code,
      same.bins,
      same.odd,
      same.stuck,
      rounded(same.today),
      Number.isFinite(same.past) ? rounded(same.past) : -1,
    ],
    w: [rounded(wrong.together), rounded(wrong.wrong), rounded(wrong.judged)],
    d: rounded(hot.shift),
    x: hot.flagged,
    p: phaseOf(hot.phase),
    k: leak
      ? [minuteOf(leak.sinceAt), rounded(leak.loss), leak.endedAt === undefined ? null : minuteOf(leak.endedAt)]
      : null,
  } satisfies z.input<typeof hotSchema>);
}

function phaseOf(now: GaugePhase): z.input<typeof phase> {
  if (now.kind === 'calm') return [minuteOf(now.quietUntil), minuteOf(now.slowQuietUntil)];
  return [
    statistics.indexOf(now.cause),
    directions.indexOf(now.direction),
    minuteOf(now.sinceAt),
    minuteOf(now.firedAt),
    rounded(now.peak),
    rounded(now.last),
    rounded(now.unrest),
    rounded(now.from),
    rounded(now.level),
    now.calmBins,
    Number.isNaN(now.steady.level) ? null : rounded(now.steady.level),
    minuteOf(now.steady.sinceAt),
  ];
}

function phaseFrom(stored: z.output<typeof phase>): GaugePhase | undefined {
  if (stored.length === 2) return { kind: 'calm', quietUntil: stored[0], slowQuietUntil: stored[1] };
  const [, , sinceAt, firedAt, peak, last, unrest, from, level, calmBins, steady, steadySince] = stored;
  const cause = statistics[stored[0]];
  const direction = directions[stored[1]];
  if (!cause || !direction) return undefined;
  return {
    kind: 'breach',
    cause,
    direction,
    sinceAt,
    firedAt,
    peak,
    last,
    unrest,
    from,
    level,
    calmBins,
    steady: { level: steady, sinceAt: steadySince },
  };
}

export function gaugePictureText(picture: SeasonalPicture): string {
  return JSON.stringify({
    v: 1,
    day: picture.day,
    rows: pack(picture.rows, coarse),
    size: rounded(picture.size),
    days: picture.knownDays,
    corrections: picture.corrections.map(rounded) as [number, number, number],
    tail: packResiduals(picture.tail),
    past: pastText(picture.past),
    pending: pastText(picture.pending),
    flagged: [...picture.flagged],
    former: picture.formerLevels.map(({ offset, untilDay }): [number, number] => [rounded(offset), untilDay]),
  } satisfies z.input<typeof pictureSchema>);
}

function pastText(from: Past): z.input<typeof past> {
  return forEachStatistic((statistic): z.input<typeof strayed> => {
    const { count, squares, below, above } = from[statistic];
    return [rounded(count), rounded(squares), rounded(below), rounded(above)];
  });
}

/** `undefined` if either part is damaged, of another version, or not of the same day as the other. */
export function gaugeFrom(hotJson: unknown, picture: SeasonalPicture): GaugeState | undefined {
  const parsed = hotSchema.safeParse(hotJson);
  if (!parsed.success || parsed.data.day !== picture.day) return undefined;
  const { data } = parsed;
  const row = codesOf(data.row, SLOTS_PER_DAY);
  const residuals = unpackResiduals(data.rest, TAIL_SLOTS);
  const recent = unpack(data.now, data.now.length / fine.characters, fine);
  const now = phaseFrom(data.p);
  const inDay = data.u > (picture.day - 1) * DAY && data.u <= (picture.day + 1) * DAY;
  if (!row || !residuals || !recent || recent.length > RECENT_BINS || !now || !inDay || data.g <= 0) return undefined;
  const [code, bins, odd, stuck, today, before] = data.s;
  const [together, wrong, judged] = data.w;
  const leak = data.k;
  const hot: GaugeHot = {
    grainMs: data.g,
    judgedUntil: data.u,
    row,
    residuals,
    recent,
    same: { code, bins, odd, stuck, today, past: before < 0 ? Number.POSITIVE_INFINITY : before },
    wrong: { together, wrong, judged },
    shift: data.d,
    flagged: data.x,
    phase: now,
    leak: leak ? { sinceAt: leak[0], loss: leak[1], endedAt: leak[2] ?? undefined } : undefined,
  };
  return { hot, picture };
}

export function gaugePictureFrom(json: unknown): SeasonalPicture | undefined {
  const parsed = pictureSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const rows = codesOf(data.rows, DAYS_KEPT * SLOTS_PER_DAY);
  const tail = unpackResiduals(data.tail, TAIL_SLOTS);
  if (!rows || !tail) return undefined;
  return {
    day: data.day,
    rows,
    size: data.size,
    knownDays: data.days,
    corrections: data.corrections,
    tail,
    past: pastFrom(data.past),
    pending: pastFrom(data.pending),
    flagged: data.flagged,
    formerLevels: data.former.map(([offset, untilDay]) => ({ offset, untilDay })),
  };
}

function pastFrom(from: z.output<typeof past>): Past {
  return forEachStatistic((statistic) => {
    const [count, squares, below, above] = from[statistic];
    return { count, squares, below, above };
  });
}
