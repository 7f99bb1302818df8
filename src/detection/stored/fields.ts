import { z } from 'zod';
import { MINUTE, type EpochMs } from '../../time/time.ts';
import { coarse, unpack } from '../log-scale.ts';

/** Raised when a stored state of before cannot be understood any more: it is then rebuilt from history. */
const VERSION = 1;

export function ofVersion<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object({ v: z.literal(VERSION), ...shape });
}

/** An instant as minutes since the epoch: shorter than milliseconds, and every bin starts at one. */
export const minute = z
  .number()
  .refine((minutes) => Math.abs(minutes) < 1.44e11)
  .transform((minutes): EpochMs => minutes * MINUTE);

export function minuteOf(at: EpochMs): number {
  return at / MINUTE;
}

/** JSON has no NaN. */
export const orNaN = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** Four digits are more than any decision needs. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Codes (coarse) of exactly so many slots, or `undefined`. */
export function codesOf(text: string, length: number): Uint16Array | undefined {
  const codes = unpack(text, length, coarse);
  return codes && Uint16Array.from(codes);
}
