import { z } from 'zod';
import type { HubLabels } from '../detection/resolve-rules.ts';
import type { MetricName } from '../metrics/series.ts';
import type { EpochMs, Span } from '../time/time.ts';

/** One line of a recording: what a reader would first see of one bin, and when. A later line for the same bin revises it. */
export interface RecordedPoint {
  readonly hub: string;
  readonly metric: MetricName;
  /** Start of the bin. */
  readonly at: EpochMs;
  readonly value: number | null;
  readonly readableAt: EpochMs;
}

export interface RecordedHub {
  readonly hub: string;
  /** ARM resource id and tags, by which a rules file may select the hub, too; absent: not known. */
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly region: string;
  readonly sku: string;
  readonly units: number;
  /** Overrides what edition and units give. */
  readonly quotaPerDay: number | undefined;
  readonly grainMs: number;
  readonly maintenance: readonly Span[];
}

/** What a rules file may select the hub by. */
export function labelsOf({ hub, id, region, tags }: RecordedHub): HubLabels {
  return { id: id ?? hub, name: hub, region, tags: tags ?? {} };
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const hubsFileSchema = z.array(
  z
    .object({
      hub: z.string().min(1),
      id: z.string().min(1).nullish(),
      tags: z.record(z.string(), z.string()).nullish(),
      region: z.string().default(''),
      sku: z.string().default(''),
      units: z.number().default(1),
      quotaPerDay: z.number().positive().nullish(),
      grainSeconds: z.number().positive().default(60),
      maintenance: z.array(z.object({ from: instant, to: instant })).nullish(),
    })
    .transform(({ hub, id, tags, region, sku, units, quotaPerDay, grainSeconds, maintenance }): RecordedHub => ({
      hub,
      ...(id ? { id } : {}),
      ...(tags ? { tags } : {}),
      region,
      sku,
      units,
      quotaPerDay: quotaPerDay ?? undefined,
      grainMs: grainSeconds * 1_000,
      maintenance: maintenance ?? [],
    })),
);

/** A line of `points.jsonl`, or `undefined` if it is none. A value that is no finite number is unknown. */
export function parsePoint(line: string): RecordedPoint | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const { hub, metric, at, value, readableAt } = json as Record<string, unknown>;
  if (typeof hub !== 'string' || typeof metric !== 'string' || typeof at !== 'string') return undefined;
  const start = Date.parse(at);
  const readable = typeof readableAt === 'string' ? Date.parse(readableAt) : Number.NaN;
  if (Number.isNaN(start) || Number.isNaN(readable)) return undefined;
  return { hub, metric, at: start, value: typeof value === 'number' ? value : null, readableAt: readable };
}
