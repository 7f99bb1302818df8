import { DAY } from '../../time/time.ts';
import { statistics } from '../deviations.ts';
import {
  RECENT_BINS,
  type GaugeHot,
  type GaugePhase,
  type GaugeState,
  type StandingLeak,
  type SteadyLevel,
  type WrongBins,
} from '../gauge-state.ts';
import type { Direction } from '../limits-of-past.ts';
import { residualCode, residualOfCode, UNKNOWN } from '../log-scale.ts';
import type { Past, Strayed } from '../own-past.ts';
import type { Sameness } from '../sameness.ts';
import { DAYS_KEPT, SLOTS_PER_DAY, TAIL_SLOTS, type FormerLevel, type SeasonalPicture } from '../seasonal-picture.ts';
import {
  as,
  coarseCodes,
  f32,
  f64,
  fineList,
  i32,
  kind,
  list,
  oneKindOf,
  oneOf,
  optional,
  pair,
  record,
  span,
  textOf,
  time,
  triple,
  u16,
  u32,
  valueOf,
  type Stored,
} from './bytes.ts';

const directions: readonly Direction[] = ['below', 'above'];

const residuals = as<Float64Array, Uint16Array>(
  coarseCodes(TAIL_SLOTS),
  (values) => {
    const codes = new Uint16Array(TAIL_SLOTS);
    for (let slot = 0; slot < TAIL_SLOTS; slot += 1) codes[slot] = residualCode(values[slot] ?? Number.NaN);
    return codes;
  },
  (codes) => {
    const values = new Float64Array(TAIL_SLOTS);
    for (let slot = 0; slot < TAIL_SLOTS; slot += 1) values[slot] = residualOfCode(codes[slot] ?? UNKNOWN);
    return values;
  },
);

type Phase<Kind extends GaugePhase['kind']> = Extract<GaugePhase, { readonly kind: Kind }>;

const phase = oneKindOf<GaugePhase>({
  calm: record<Phase<'calm'>>({ kind: kind('calm'), quietUntil: time, slowQuietUntil: time }),
  breach: record<Phase<'breach'>>({
    kind: kind('breach'),
    cause: oneOf(statistics),
    direction: oneOf(directions),
    sinceAt: time,
    firedAt: time,
    peak: f32,
    last: f32,
    unrest: f32,
    from: f32,
    level: f32,
    calmBins: u16,
    steady: list(record<SteadyLevel>({ level: f32, sinceAt: time })),
  }),
});

/** The hot state, and the day of the picture that belongs to it. */
const stored: Stored<GaugeHot & { readonly day: number }> = {
  layout: 'gauge',
  field: record<GaugeHot & { readonly day: number }>({
    day: i32,
    grainMs: span,
    judgedUntil: time,
    row: coarseCodes(SLOTS_PER_DAY),
    residuals,
    recent: fineList,
    same: record<Sameness>({ code: u32, bins: u32, odd: u16, stuck: u32, today: f32, past: f32 }),
    wrong: record<WrongBins>({ together: f32, wrong: f32, judged: f32 }),
    shift: f64,
    flagged: list(pair(u16)),
    phase,
    leak: optional(record<StandingLeak>({ sinceAt: time, loss: f32, endedAt: optional(time, undefined) }), undefined),
  }),
};

const strayed = record<Strayed>({ count: f32, squares: f32, below: f32, above: f32 });
const past = record<Past>({
  jump: strayed,
  halfHour: strayed,
  hour: strayed,
  fourHours: strayed,
  unrest: strayed,
});

const storedPicture: Stored<SeasonalPicture> = {
  layout: 'gauge-picture',
  field: record<SeasonalPicture>({
    day: i32,
    rows: coarseCodes(DAYS_KEPT * SLOTS_PER_DAY),
    size: f32,
    knownDays: u16,
    corrections: triple(f32),
    tail: residuals,
    past,
    pending: past,
    flagged: pair(f32),
    formerLevels: list(record<FormerLevel>({ offset: f32, untilDay: i32 })),
  }),
};

export function gaugeHotText({ hot, picture }: GaugeState): string {
  return textOf(stored, { ...hot, day: picture.day });
}

export function gaugePictureText(picture: SeasonalPicture): string {
  return textOf(storedPicture, picture);
}

/** `undefined` if the text is damaged, of another version, or not of the same day as the picture. */
export function gaugeFrom(text: string, picture: SeasonalPicture): GaugeState | undefined {
  const read = valueOf(stored, text);
  if (read?.day !== picture.day) return undefined;
  const { day, ...hot } = read;
  const inDay = hot.judgedUntil > (day - 1) * DAY && hot.judgedUntil <= (day + 1) * DAY;
  return inDay && hot.grainMs > 0 && hot.recent.length <= RECENT_BINS ? { hot, picture } : undefined;
}

export function gaugePictureFrom(text: string): SeasonalPicture | undefined {
  return valueOf(storedPicture, text);
}
