/**
 * Counts on a logarithmic scale, so that a fleet of 20 and one of 100,000 take the same few bytes in storage.
 * Code 0 stands for "unknown", which is not the value zero (code 1).
 */
export interface LogScale {
  readonly stepsPerE: number;
  /** How many codes there are. */
  readonly codes: number;
}

/** Steps of 0.4 %, exact below about 240: for the season and for charts. */
export const coarse: LogScale = { stepsPerE: 240, codes: 2 ** 12 };
/** Steps of 0.007 %, exact below about 15,000: for the newest bins, where two equal values mean something. */
export const fine: LogScale = { stepsPerE: 15_000, codes: 2 ** 18 };

export const UNKNOWN = 0;

/** The code of a value ≥ 0; `null` is {@link UNKNOWN}. Values beyond the scale get its last code. */
export function toCode(value: number | null, scale: LogScale): number {
  if (value === null) return UNKNOWN;
  return Math.min(1 + Math.round(Math.log1p(value) * scale.stepsPerE), scale.codes - 1);
}

/** The value of a code, `null` for {@link UNKNOWN}. Small values come back as the whole numbers they were. */
export function fromCode(code: number, scale: LogScale): number | null {
  if (code === UNKNOWN) return null;
  const value = Math.expm1((code - 1) / scale.stepsPerE);
  // Below this the scale tells whole numbers apart, so the nearest one is what was meant.
  return value < scale.stepsPerE / 4 ? Math.round(value * 4) / 4 : value;
}

const coarseValues = Float64Array.from({ length: coarse.codes }, (_, code) => fromCode(code, coarse) ?? Number.NaN);

/** As {@link fromCode} on the coarse scale by table; NaN for unknown. */
export function coarseValue(code: number): number {
  return coarseValues[code] ?? Number.NaN;
}

/** Residuals (logs) are kept in steps of 1/256, so that a stored one is the one that was judged. */
const RESIDUAL_STEPS = 256;
const RESIDUAL_ZERO = 2048;

/** The nearest residual that can be stored; NaN stays NaN. */
export function storable(residual: number): number {
  return Math.max(-7.9, Math.min(7.9, Math.round(residual * RESIDUAL_STEPS) / RESIDUAL_STEPS));
}

/** The code of a storable residual, on as many codes as the coarse scale has. */
export function residualCode(residual: number): number {
  return Number.isNaN(residual) ? UNKNOWN : Math.round(residual * RESIDUAL_STEPS) + RESIDUAL_ZERO;
}

export function residualOfCode(code: number): number {
  return code === UNKNOWN ? Number.NaN : (code - RESIDUAL_ZERO) / RESIDUAL_STEPS;
}
