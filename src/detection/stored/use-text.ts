import { z } from 'zod';
import type { DailyUse } from '../daily-use.ts';
import { coarse, pack, unpack } from '../log-scale.ts';
import { USE_DAYS, type QuotaState, type UsePicture } from '../quota-state.ts';
import { SLOTS_PER_DAY } from '../seasonal-picture.ts';
import type { TelemetryState } from '../telemetry-state.ts';
import { codesOf, minute, minuteOf, ofVersion, orNaN, rounded } from './fields.ts';

const use = z.tuple([z.number(), orNaN, minute, z.number(), minute.nullable()]);

const quotaSchema = ofVersion({
  day: z.number(),
  grain: minute,
  until: minute,
  use,
  row: z.string(),
  slotUsed: orNaN,
  risky: z.number(),
  phase: z.union([
    z.object({ warnedOn: z.number().nullable() }),
    z.object({ cause: z.enum(['forecast', 'warning', 'error', 'critical']), since: minute, calm: z.number() }),
  ]),
});

const telemetrySchema = ofVersion({
  day: z.number(),
  source: z.string(),
  grain: minute,
  until: minute,
  use: use.nullable(),
  row: z.string(),
  recent: z.string(),
  phase: z.union([z.object({ since: minute, calm: z.number(), least: z.number() }), z.null()]),
  explained: minute.optional(),
});

const pictureSchema = ofVersion({ day: z.number(), rows: z.string() });

export function usePictureText({ day, rows }: UsePicture): string {
  return JSON.stringify({ v: 1, day, rows: pack(rows, coarse) } satisfies z.input<typeof pictureSchema>);
}

export function usePictureFrom(json: unknown): UsePicture | undefined {
  const parsed = pictureSchema.safeParse(json);
  const rows = parsed.success ? codesOf(parsed.data.rows, USE_DAYS * SLOTS_PER_DAY) : undefined;
  return parsed.success && rows ? { day: parsed.data.day, rows } : undefined;
}

export function quotaHotText({ hot, picture }: QuotaState): string {
  const { phase } = hot;
  return JSON.stringify({
    v: 1,
    day: picture.day,
    grain: minuteOf(hot.grainMs),
    until: minuteOf(hot.judgedUntil),
    use: useText(hot.use),
    row: pack(hot.row, coarse),
    slotUsed: Number.isNaN(hot.slotUsed) ? null : hot.slotUsed,
    risky: hot.riskyChecks,
    phase:
      phase.kind === 'calm'
        ? { warnedOn: phase.warnedOn ?? null }
        : { cause: phase.cause, since: minuteOf(phase.sinceAt), calm: phase.calmChecks },
  } satisfies z.input<typeof quotaSchema>);
}

export function quotaFrom(json: unknown, picture: UsePicture): QuotaState | undefined {
  const parsed = quotaSchema.safeParse(json);
  if (!parsed.success || parsed.data.day !== picture.day) return undefined;
  const { data } = parsed;
  const row = codesOf(data.row, SLOTS_PER_DAY);
  if (!row) return undefined;
  const { phase } = data;
  return {
    hot: {
      grainMs: data.grain,
      judgedUntil: data.until,
      use: useFrom(data.use),
      row,
      slotUsed: data.slotUsed,
      riskyChecks: data.risky,
      phase:
        'cause' in phase
          ? { kind: 'breach', cause: phase.cause, sinceAt: phase.since, calmChecks: phase.calm }
          : { kind: 'calm', warnedOn: phase.warnedOn ?? undefined },
    },
    picture,
  };
}

export function telemetryHotText({ hot, picture }: TelemetryState): string {
  const { phase } = hot;
  return JSON.stringify({
    v: 1,
    day: picture.day,
    source: hot.source,
    grain: minuteOf(hot.grainMs),
    until: minuteOf(hot.judgedUntil),
    use: hot.use ? useText(hot.use) : null,
    row: pack(hot.row, coarse),
    recent: pack(hot.recent, coarse),
    phase:
      phase.kind === 'calm'
        ? null
        : { since: minuteOf(phase.sinceAt), calm: phase.calmSlots, least: rounded(phase.least) },
    ...(hot.explainedAt === undefined ? {} : { explained: minuteOf(hot.explainedAt) }),
  } satisfies z.input<typeof telemetrySchema>);
}

export function telemetryFrom(json: unknown, picture: UsePicture): TelemetryState | undefined {
  const parsed = telemetrySchema.safeParse(json);
  if (!parsed.success || parsed.data.day !== picture.day) return undefined;
  const { data } = parsed;
  const row = codesOf(data.row, SLOTS_PER_DAY);
  const recent = unpack(data.recent, data.recent.length / coarse.characters, coarse);
  if (!row || !recent) return undefined;
  const { phase } = data;
  return {
    hot: {
      source: data.source,
      grainMs: data.grain,
      judgedUntil: data.until,
      use: data.use ? useFrom(data.use) : undefined,
      row,
      recent,
      phase: phase
        ? { kind: 'breach', sinceAt: phase.since, calmSlots: phase.calm, least: phase.least }
        : { kind: 'calm' },
      explainedAt: data.explained,
    },
    picture,
  };
}

function useText({ day, used, usedAt, usedYesterday, fallenSince }: DailyUse): z.input<typeof use> {
  return [
    day,
    Number.isNaN(used) ? null : used,
    minuteOf(usedAt),
    usedYesterday,
    fallenSince === undefined ? null : minuteOf(fallenSince),
  ];
}

function useFrom([day, used, usedAt, usedYesterday, fallenSince]: z.output<typeof use>): DailyUse {
  return { day, used, usedAt, usedYesterday, fallenSince: fallenSince ?? undefined };
}
