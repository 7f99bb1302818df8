import type { DailyUse } from '../daily-use.ts';
import { USE_DAYS, type QuotaHot, type QuotaPhase, type QuotaState, type UsePicture } from '../quota-state.ts';
import { SLOTS_PER_DAY } from '../seasonal-picture.ts';
import type { TelemetryHot, TelemetryPhase, TelemetryState } from '../telemetry-state.ts';
import {
  coarseCodes,
  coarseList,
  f32,
  f64,
  i32,
  kind,
  oneKindOf,
  oneOf,
  optional,
  record,
  span,
  text,
  textOf,
  time,
  u16,
  u32,
  valueOf,
  type Stored,
} from './bytes.ts';

/** A hot state, and the day of the picture that belongs to it. */
type OfDay<Hot> = Hot & { readonly day: number };

/** What is counted must come back exactly: differences are taken. */
const use = record<DailyUse>({
  day: i32,
  used: f64,
  usedAt: time,
  usedYesterday: f64,
  fallenSince: optional(time, undefined),
});

type QuotaPhaseOf<Kind extends QuotaPhase['kind']> = Extract<QuotaPhase, { readonly kind: Kind }>;

const quota: Stored<OfDay<QuotaHot>> = {
  layout: 'quota',
  field: record<OfDay<QuotaHot>>({
    day: i32,
    grainMs: span,
    judgedUntil: time,
    use,
    row: coarseCodes(SLOTS_PER_DAY),
    slotUsed: f64,
    riskyChecks: u32,
    phase: oneKindOf<QuotaPhase>({
      calm: record<QuotaPhaseOf<'calm'>>({ kind: kind('calm'), warnedOn: optional(i32, undefined) }),
      breach: record<QuotaPhaseOf<'breach'>>({
        kind: kind('breach'),
        cause: oneOf(['forecast', 'warning', 'error', 'critical']),
        sinceAt: time,
        calmChecks: u16,
      }),
    }),
  }),
};

type TelemetryPhaseOf<Kind extends TelemetryPhase['kind']> = Extract<TelemetryPhase, { readonly kind: Kind }>;

const telemetry: Stored<OfDay<TelemetryHot>> = {
  layout: 'telemetry',
  field: record<OfDay<TelemetryHot>>({
    day: i32,
    source: text,
    grainMs: span,
    judgedUntil: time,
    use: optional(use, undefined),
    row: coarseCodes(SLOTS_PER_DAY),
    recent: coarseList,
    phase: oneKindOf<TelemetryPhase>({
      calm: record<TelemetryPhaseOf<'calm'>>({ kind: kind('calm') }),
      breach: record<TelemetryPhaseOf<'breach'>>({ kind: kind('breach'), sinceAt: time, calmSlots: u16, least: f32 }),
    }),
    explainedAt: optional(time, undefined),
  }),
};

const storedPicture: Stored<UsePicture> = {
  layout: 'use-picture',
  field: record<UsePicture>({ day: i32, rows: coarseCodes(USE_DAYS * SLOTS_PER_DAY) }),
};

export function usePictureText(picture: UsePicture): string {
  return textOf(storedPicture, picture);
}

/** `undefined` if the text is damaged or of another version; of a hot state also if it is not of the picture's day. */
export function usePictureFrom(stored: string): UsePicture | undefined {
  return valueOf(storedPicture, stored);
}

export function quotaHotText({ hot, picture }: QuotaState): string {
  return textOf(quota, { ...hot, day: picture.day });
}

export function quotaFrom(stored: string, picture: UsePicture): QuotaState | undefined {
  const read = valueOf(quota, stored);
  if (read?.day !== picture.day) return undefined;
  const { day: _, ...hot } = read;
  return { hot, picture };
}

export function telemetryHotText({ hot, picture }: TelemetryState): string {
  return textOf(telemetry, { ...hot, day: picture.day });
}

export function telemetryFrom(stored: string, picture: UsePicture): TelemetryState | undefined {
  const read = valueOf(telemetry, stored);
  if (read?.day !== picture.day) return undefined;
  const { day: _, ...hot } = read;
  return { hot, picture };
}
