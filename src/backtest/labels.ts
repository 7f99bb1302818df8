import { z } from 'zod';
import type { EpochMs } from '../time/time.ts';

/**
 * What somebody who knows says of a stretch of one metric of one hub:
 * - `alert`: an incident, which must be notified;
 * - `either`: a notification is neither right nor wrong (the aftermath of something else, a change that one may argue about);
 * - `nodata`: data is missing or stuck, and only a notice of that kind is right.
 */
export interface Label {
  readonly hub: string;
  readonly metric: string;
  readonly kind: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly expect: 'alert' | 'either' | 'nodata';
  /** When it could first be told from the numbers, if that is later; delays count from then. */
  readonly visibleAt?: EpochMs | undefined;
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A line of `labels.jsonl`. */
export const labelSchema = z.object({
  hub: z.string(),
  metric: z.string(),
  kind: z.string().default('incident'),
  from: instant,
  to: instant,
  expect: z.enum(['alert', 'either', 'nodata']).default('alert'),
  visibleAt: instant.optional(),
});
