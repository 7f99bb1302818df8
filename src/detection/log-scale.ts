/**
 * Counts on a logarithmic scale, so that a fleet of 20 and one of 100,000 take the same few characters in storage.
 * Code 0 stands for "unknown", which is not the value zero (code 1).
 */
export interface LogScale {
  readonly stepsPerE: number;
  /** How many characters one code takes when packed (64 symbols each). */
  readonly characters: 2 | 3;
}

/** Steps of 0.4 %, exact below about 240: for the season and for charts. */
export const coarse: LogScale = { stepsPerE: 240, characters: 2 };
/** Steps of 0.007 %, exact below about 15,000: for the newest bins, where two equal values mean something. */
export const fine: LogScale = { stepsPerE: 15_000, characters: 3 };

export const UNKNOWN = 0;

const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SYMBOL_VALUES = new Map(Array.from({ length: SYMBOLS.length }, (_, value) => [SYMBOLS.charCodeAt(value), value]));

const PAIRS = Array.from({ length: 64 ** 2 }, (_, code) => SYMBOLS.charAt(code >> 6) + SYMBOLS.charAt(code & 63));

/** The code of a value ≥ 0; `null` is {@link UNKNOWN}. Values beyond the scale get its last code. */
export function toCode(value: number | null, scale: LogScale): number {
  if (value === null) return UNKNOWN;
  return Math.min(1 + Math.round(Math.log1p(value) * scale.stepsPerE), 64 ** scale.characters - 1);
}

/** The value of a code, `null` for {@link UNKNOWN}. Small values come back as the whole numbers they were. */
export function fromCode(code: number, scale: LogScale): number | null {
  if (code === UNKNOWN) return null;
  const value = Math.expm1((code - 1) / scale.stepsPerE);
  // Below this the scale tells whole numbers apart, so the nearest one is what was meant.
  return value < scale.stepsPerE / 4 ? Math.round(value * 4) / 4 : value;
}

const coarseValues = Float64Array.from({ length: 64 ** 2 }, (_, code) => fromCode(code, coarse) ?? Number.NaN);

/** As {@link fromCode} on the coarse scale by table; NaN for unknown. */
export function coarseValue(code: number): number {
  return coarseValues[code] ?? Number.NaN;
}

/** Codes as text, two or three symbols each. */
export function pack(codes: ArrayLike<number>, scale: LogScale): string {
  let text = '';
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? UNKNOWN;
    if (scale.characters === 3) text += SYMBOLS.charAt((code >> 12) & 63);
    text += PAIRS[code & 4095] ?? '';
  }
  return text;
}

/** The codes of a packed text, or `undefined` if it is not one of exactly `length` codes. */
export function unpack(text: unknown, length: number, scale: LogScale): number[] | undefined {
  if (typeof text !== 'string' || text.length !== length * scale.characters) return undefined;
  const codes: number[] = [];
  for (let i = 0; i < text.length; i += scale.characters) {
    let code = 0;
    for (let j = 0; j < scale.characters; j += 1) {
      const symbol = SYMBOL_VALUES.get(text.charCodeAt(i + j));
      if (symbol === undefined) return undefined;
      code = code * 64 + symbol;
    }
    codes.push(code);
  }
  return codes;
}

/** Residuals (logs) are kept in steps of 1/256, so that a stored one is the one that was judged. */
const RESIDUAL_STEPS = 256;
const RESIDUAL_ZERO = 2048;

/** The nearest residual that can be stored; NaN stays NaN. */
export function storable(residual: number): number {
  return Math.max(-7.9, Math.min(7.9, Math.round(residual * RESIDUAL_STEPS) / RESIDUAL_STEPS));
}

export function packResiduals(residuals: ArrayLike<number>): string {
  return pack(
    Array.from(residuals, (residual) =>
      Number.isNaN(residual) ? UNKNOWN : Math.round(residual * RESIDUAL_STEPS) + RESIDUAL_ZERO,
    ),
    coarse,
  );
}

export function unpackResiduals(text: string, length: number): Float64Array | undefined {
  const codes = unpack(text, length, coarse);
  return (
    codes &&
    Float64Array.from(codes, (code) => (code === UNKNOWN ? Number.NaN : (code - RESIDUAL_ZERO) / RESIDUAL_STEPS))
  );
}
