import { z } from 'zod';
import { coarse, pack, unpack } from '../log-scale.ts';
import type { Harmless, ThrottlingState } from '../throttling-state.ts';
import { minute, minuteOf, ofVersion, rounded } from './fields.ts';

const harmless = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const schema = ofVersion({
  grain: minute,
  until: minute,
  refused: z.string(),
  attempts: z.string(),
  day: z.number(),
  today: harmless,
  yesterday: harmless,
  past: harmless,
  days: z.number(),
  phase: z.union([
    z.object({ calmSince: minute }),
    z.object({
      cause: z.enum(['sustained', 'recurring', 'attempts']),
      since: minute,
      fired: minute,
      refused: z.number(),
      attempts: z.number(),
    }),
  ]),
});

export function throttlingText(state: ThrottlingState): string {
  const { phase } = state;
  return JSON.stringify({
    v: 1,
    grain: minuteOf(state.grainMs),
    until: minuteOf(state.judgedUntil),
    refused: pack(state.refused, coarse),
    attempts: pack(state.attempts, coarse),
    day: state.day,
    today: harmlessText(state.today),
    yesterday: harmlessText(state.yesterday),
    past: harmlessText(state.past),
    days: state.daysSeen,
    phase:
      phase.kind === 'calm'
        ? { calmSince: minuteOf(phase.since) }
        : {
            cause: phase.cause,
            since: minuteOf(phase.sinceAt),
            fired: minuteOf(phase.firedAt),
            refused: Math.round(phase.refused),
            attempts: Math.round(phase.attempts),
          },
  } satisfies z.input<typeof schema>);
}

export function throttlingFrom(json: unknown): ThrottlingState | undefined {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const refused = unpack(data.refused, data.refused.length / coarse.characters, coarse);
  const attempts = unpack(data.attempts, data.attempts.length / coarse.characters, coarse);
  if (!refused || !attempts) return undefined;
  const { phase } = data;
  return {
    grainMs: data.grain,
    judgedUntil: data.until,
    refused,
    attempts,
    day: data.day,
    today: harmlessFrom(data.today),
    yesterday: harmlessFrom(data.yesterday),
    past: harmlessFrom(data.past),
    daysSeen: data.days,
    phase:
      'cause' in phase
        ? {
            kind: 'breach',
            cause: phase.cause,
            sinceAt: phase.since,
            firedAt: phase.fired,
            refused: phase.refused,
            attempts: phase.attempts,
          }
        : { kind: 'calm', since: phase.calmSince },
  };
}

function harmlessText({ refused, busyShort, busyLong, attempts }: Harmless): z.input<typeof harmless> {
  return [rounded(refused), rounded(busyShort), rounded(busyLong), rounded(attempts)];
}

function harmlessFrom([refused, busyShort, busyLong, attempts]: z.output<typeof harmless>): Harmless {
  return { refused, busyShort, busyLong, attempts };
}
