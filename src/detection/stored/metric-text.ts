import { DAY, type EpochMs } from '../../time/time.ts';
import type { RememberedDay } from '../generic/day-memory.ts';
import type { Episode } from '../generic/episode.ts';
import type { MetricState } from '../generic/judge-metric.ts';
import { knownRange, type Extremes, type Limits } from '../generic/limits.ts';
import type { ScorerState } from '../generic/scorer.ts';
import type { Strangeness } from '../generic/strangeness.ts';
import type { Variation } from '../generic/usual.ts';
import {
  as,
  coarseCodes,
  f32,
  f32OrNull,
  f64,
  flag,
  flags,
  i16,
  i32,
  list,
  oneOf,
  optional,
  record,
  textOf,
  time,
  u16,
  u8,
  valueOf,
  type Field,
  type Stored,
} from './bytes.ts';

/** The days before the newest, and what changes as seldom: it serves every evaluation of a day. */
export interface MetricPicture {
  readonly knownSince: EpochMs | null;
  readonly limits: Pick<Limits, 'knownSince' | 'rangeFrom' | 'rangeBefore'>;
  readonly days: readonly RememberedDay[];
}

/** While this stays the same, the picture that was written before is still good. */
export const metricPictureDay = ({ scorer }: MetricState): number | undefined => scorer.memory?.days.at(-1)?.day;

const MISSING = 0xfff;
const ROW_STEPS = MISSING - 1;

/**
 * The values of one day in steps of its own range. The steps grow with the square root, as the noise of counts does, so
 * that one large value does not make all small ones alike. Whole numbers come back as whole numbers.
 */
const row: Field<readonly (number | null)[]> = {
  write: (to, values) => {
    const codes = new Uint16Array(values.length).fill(MISSING);
    let [lowest, highest, whole] = [Infinity, -Infinity, true];
    for (const value of values) {
      if (value === null) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
      whole &&= Number.isInteger(value);
    }
    const range = highest - lowest;
    for (let slot = 0; slot < values.length; slot += 1) {
      const value = values[slot] ?? null;
      if (value !== null) codes[slot] = range > 0 ? Math.round(ROW_STEPS * Math.sqrt((value - lowest) / range)) : 0;
    }
    u16.write(to, values.length);
    f64.write(to, lowest);
    f64.write(to, highest);
    flag.write(to, whole);
    coarseCodes(values.length).write(to, codes);
  },
  read: (from) => {
    const length = u16.read(from);
    const lowest = f64.read(from);
    const range = f64.read(from) - lowest;
    const whole = flag.read(from);
    const values: (number | null)[] = [];
    for (const code of coarseCodes(length).read(from)) {
      const share = code / ROW_STEPS;
      const value = lowest + range * share * share;
      values.push(code === MISSING ? null : whole ? Math.round(value) : value);
    }
    return values;
  },
};

/** Distances are averaged over six of them and more: steps of 4 % from one to the next are fine enough. */
const DISTANCE_STEP = 0.04;
const NEAREST = 0xff;
const shrunk = Float64Array.from({ length: NEAREST }, (_, steps) => Math.exp(-steps * DISTANCE_STEP));

/** Distances ≥ 0 on a scale of powers, each as its steps below the largest; what is some 25,000 times smaller is 0. */
const distances: Field<readonly number[]> = {
  write: (to, values) => {
    let largest = 0;
    for (const value of values) largest = Math.max(largest, value);
    const most = largest > 0 ? Math.round(Math.log(largest) / DISTANCE_STEP) : 0;
    u8.write(to, values.length);
    i16.write(to, most);
    for (const value of values) u8.write(to, value > 0 ? most - Math.round(Math.log(value) / DISTANCE_STEP) : NEAREST);
  },
  read: (from) => {
    const length = u8.read(from);
    const most = Math.exp(i16.read(from) * DISTANCE_STEP);
    const values: number[] = [];
    for (let left = length; left > 0; left -= 1) values.push(most * (shrunk[u8.read(from)] ?? 0));
    return values;
  },
};

const extremes = record<Extremes>({ highest: f64, second: f64, lowest: f64, secondLowest: f64 });

const storedPicture: Stored<MetricPicture> = {
  layout: 'metric-picture',
  field: record<MetricPicture>({
    knownSince: optional(time, null),
    limits: record<MetricPicture['limits']>({
      knownSince: optional(time, null),
      rangeFrom: f64,
      rangeBefore: optional(extremes, null),
    }),
    days: list(record<RememberedDay>({ day: i32, values: row })),
  }),
};

/** The limits as far as they change from bin to bin. */
type HotLimits = Pick<Limits, 'range' | 'farthest' | 'calmest'>;

const limits = record<HotLimits>({ range: optional(extremes, null), farthest: list(f32OrNull), calmest: f32OrNull });

const strangenessKinds: readonly Strangeness['kind'][] = ['beyond-range', 'unlike-usual', 'calmer-than-ever'];
const cause = as<Strangeness, Required<Strangeness>>(
  record<Required<Strangeness>>({ size: f32, kind: oneOf(strangenessKinds), measure: u8 }),
  ({ size, kind, measure = 0 }) => ({ size, kind, measure }),
  ({ size, kind, measure }) => (kind === 'unlike-usual' ? { size, kind, measure } : { size, kind }),
);

type HotEpisode = Omit<Episode, 'limits'> & { readonly limits: HotLimits };

/** Everything that an evaluation changes; `days` holds the newest one. */
interface Hot {
  readonly newest: RememberedDay | null;
  readonly first: ScorerState['first'];
  readonly absolute: readonly number[];
  readonly relative: readonly number[];
  readonly variation: Variation;
  readonly points: number;
  readonly limits: HotLimits;
  readonly lastAt: EpochMs | null;
  readonly sinceAlarm: number | null;
  readonly judgedAt: EpochMs | null;
  readonly episode: HotEpisode | null;
}

const stored: Stored<Hot> = {
  layout: 'metric',
  field: record<Hot>({
    newest: optional(record<RememberedDay>({ day: i32, values: row }), null),
    first: list(record<ScorerState['first'][number]>({ at: time, value: f64 })),
    absolute: distances,
    relative: distances,
    variation: record<Variation>({ mean: f32, count: u16 }),
    points: u16,
    limits,
    lastAt: optional(time, null),
    sinceAlarm: optional(u16, null),
    judgedAt: optional(time, null),
    episode: optional(
      record<HotEpisode>({ sinceAt: time, bins: u16, cause, unusual: flags, confirmed: flag, limits }),
      null,
    ),
  }),
};

export function metricPictureText({ knownSince, scorer }: MetricState): string {
  const days = scorer.memory?.days.slice(0, -1) ?? [];
  return textOf(storedPicture, { knownSince, limits: scorer.limits, days });
}

/** `undefined` if the text is damaged or of another version. */
export function metricPictureFrom(text: string): MetricPicture | undefined {
  return valueOf(storedPicture, text);
}

export function metricHotText({ scorer, episode, judgedAt }: MetricState): string {
  const newest = scorer.memory?.days.at(-1) ?? null;
  return textOf(stored, {
    ...scorer,
    newest,
    points: scorer.limits.points,
    judgedAt,
    // Its range is written as known over both terms.
    episode: episode && { ...episode, limits: { ...episode.limits, range: knownRange(episode.limits) } },
  });
}

/** The state, all but for rounding; `undefined` if the text is damaged or of another version. */
export function metricFrom(text: string, { knownSince, limits, days }: MetricPicture): MetricState | undefined {
  const read = valueOf(stored, text);
  if (!read) return undefined;
  const { newest, episode, judgedAt, points } = read;
  const slots = newest?.values.length ?? 0;
  const earlier = days.filter(({ day, values }) => day < (newest?.day ?? 0) && values.length === slots);
  return {
    scorer: {
      memory: newest && { slotMs: DAY / slots, days: [...earlier, newest] },
      first: read.first,
      absolute: read.absolute,
      relative: read.relative,
      variation: read.variation,
      limits: { ...limits, ...read.limits, points },
      lastAt: read.lastAt,
      sinceAlarm: read.sinceAlarm,
    },
    judgedAt,
    knownSince,
    episode: episode && { ...episode, limits: { ...limits, ...episode.limits, points: 0, rangeBefore: null } },
  };
}
