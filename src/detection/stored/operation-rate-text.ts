import { z } from 'zod';
import type { OperationRateState } from '../operation-rate.ts';
import { minute, minuteOf, ofVersion } from './fields.ts';

const schema = ofVersion({
  grain: minute,
  until: minute,
  recent: z.array(z.number().min(0)).max(120),
  since: minute.nullable(),
});

export function operationRateText({ grainMs, judgedUntil, recent, sinceAt }: OperationRateState): string {
  return JSON.stringify({
    v: 1,
    grain: minuteOf(grainMs),
    until: minuteOf(judgedUntil),
    recent: [...recent],
    since: sinceAt === undefined ? null : minuteOf(sinceAt),
  } satisfies z.input<typeof schema>);
}

export function operationRateFrom(json: unknown): OperationRateState | undefined {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const { grain, until, recent, since } = parsed.data;
  return { grainMs: grain, judgedUntil: until, recent, sinceAt: since ?? undefined };
}
