import { z } from 'zod';
import type { NoDataState } from '../no-data.ts';
import { minute, minuteOf, ofVersion } from './fields.ts';

const schema = ofVersion({
  heard: z.record(z.string(), z.tuple([minute, z.number(), minute, z.number(), z.number(), minute])),
  phase: z
    .object({
      cause: z.enum(['silent-metric', 'silent-hub', 'stuck-metric']),
      metric: z.string(),
      since: minute,
    })
    .nullable(),
});

export function noDataText({ heard, phase }: NoDataState): string {
  return JSON.stringify({
    v: 1,
    heard: Object.fromEntries(
      Object.entries(heard).map(([metric, one]) => [
        metric,
        [
          minuteOf(one.until),
          one.value,
          minuteOf(one.sameSince),
          Math.round(one.longestSameMs),
          Math.round(one.longestGapMs),
          minuteOf(one.since),
        ],
      ]),
    ),
    phase: phase.kind === 'calm' ? null : { cause: phase.cause, metric: phase.metric, since: minuteOf(phase.sinceAt) },
  } satisfies z.input<typeof schema>);
}

export function noDataFrom(json: unknown): NoDataState | undefined {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const { heard, phase } = parsed.data;
  return {
    heard: Object.fromEntries(
      Object.entries(heard).map(([metric, [until, value, sameSince, longestSameMs, longestGapMs, since]]) => [
        metric,
        { until, value, sameSince, longestSameMs, longestGapMs, since },
      ]),
    ),
    phase: phase
      ? { kind: 'breach', cause: phase.cause, metric: phase.metric, sinceAt: phase.since }
      : { kind: 'calm' },
  };
}
