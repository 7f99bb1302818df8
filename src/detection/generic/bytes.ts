import type { EpochMs } from '../../time/time.ts';

/** Appends numbers to a record of bytes, little-endian. */
export interface Writing {
  u8(value: number): void;
  u16(value: number): void;
  i32(value: number): void;
  f64(value: number): void;
  /** Six to seven digits; `null` is kept. */
  f32(value: number | null): void;
  time(at: EpochMs | null): void;
  /** Values of one day in 65,534 steps of their own range. */
  row(values: readonly (number | null)[]): void;
  /** At most 255 numbers that are not negative, to within 0.15 %; below 1e-40 they are 0. */
  logarithms(values: readonly number[]): void;
  /** At most 255 flags. */
  flags(values: readonly boolean[]): void;
  /** The record, with a checksum at its end. */
  bytes(): Uint8Array;
}

/** Reads them in the order in which they were written. @throws {RangeError} past the end */
export interface Reading {
  u8(): number;
  u16(): number;
  i32(): number;
  f64(): number;
  f32(): number | null;
  time(): EpochMs | null;
  row(length: number): (number | null)[];
  logarithms(): number[];
  flags(): boolean[];
}

const missing = 0xffff;
const rowSteps = 0xfffe;
/** Natural logarithms from `leastLog` on, in `logSteps` steps. */
const leastLog = Math.log(1e-40);
const logSteps = 0xfffe;
const logStep = (Math.log(1e40) - leastLog) / logSteps;

/** FNV-1a. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

export function writing(): Writing {
  let view = new DataView(new ArrayBuffer(512));
  let length = 0;
  const room = (size: number): number => {
    if (length + size > view.byteLength) {
      const larger = new Uint8Array(2 * (view.byteLength + size));
      larger.set(new Uint8Array(view.buffer));
      view = new DataView(larger.buffer);
    }
    length += size;
    return length - size;
  };
  const u8 = (value: number): void => {
    const place = room(1);
    view.setUint8(place, value);
  };
  const u16 = (value: number): void => {
    const place = room(2);
    view.setUint16(place, value, true);
  };
  const f64 = (value: number): void => {
    const place = room(8);
    view.setFloat64(place, value, true);
  };
  return {
    u8,
    u16,
    f64,
    i32: (value) => {
      const place = room(4);
      view.setInt32(place, value, true);
    },
    f32: (value) => {
      const place = room(4);
      view.setFloat32(place, value ?? Number.NaN, true);
    },
    time: (at) => {
      f64(at ?? Number.NaN);
    },
    row: (values) => {
      const known = values.filter((value) => value !== null);
      const lowest = known.reduce((least, value) => Math.min(least, value), Infinity);
      const highest = known.reduce((most, value) => Math.max(most, value), -Infinity);
      f64(lowest);
      f64(highest);
      const step = (highest - lowest) / rowSteps;
      for (const value of values) u16(value === null ? missing : step > 0 ? Math.round((value - lowest) / step) : 0);
    },
    logarithms: (values) => {
      u8(values.length);
      for (const value of values) {
        const steps = Math.round((Math.log(value) - leastLog) / logStep) + 1;
        u16(Math.min(Math.max(steps, 0), logSteps + 1));
      }
    },
    flags: (values) => {
      u8(values.length);
      for (let index = 0; index < values.length; index += 8) {
        u8(values.slice(index, index + 8).reduce((byte, flag, bit) => byte | (flag ? 1 << bit : 0), 0));
      }
    },
    bytes: () => {
      const sum = checksum(new Uint8Array(view.buffer, 0, length));
      const place = room(4);
      view.setUint32(place, sum, true);
      return new Uint8Array(view.buffer.slice(0, length));
    },
  };
}

/** `null` if the checksum says that the record is damaged. */
export function reading(bytes: Uint8Array): Reading | null {
  if (bytes.length < 4) return null;
  const end = bytes.length - 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(end, true) !== checksum(bytes.subarray(0, end))) return null;
  let place = 0;
  const next = (size: number): number => {
    place += size;
    return place - size;
  };
  const u8 = (): number => view.getUint8(next(1));
  const u16 = (): number => view.getUint16(next(2), true);
  const f64 = (): number => view.getFloat64(next(8), true);
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    u8,
    u16,
    f64,
    i32: () => view.getInt32(next(4), true),
    f32: () => orNull(view.getFloat32(next(4), true)),
    time: () => orNull(f64()),
    row: (length) => {
      const [lowest, highest] = [f64(), f64()];
      const step = (highest - lowest) / rowSteps;
      return Array.from({ length }, () => {
        const steps = u16();
        return steps === missing ? null : lowest + steps * step;
      });
    },
    logarithms: () =>
      Array.from({ length: u8() }, () => {
        const steps = u16();
        return steps === 0 ? 0 : Math.exp(leastLog + (steps - 1) * logStep);
      }),
    flags: () => {
      const length = u8();
      const packed = Array.from({ length: Math.ceil(length / 8) }, u8);
      return Array.from({ length }, (_, index) => (((packed[index >> 3] ?? 0) >> (index % 8)) & 1) === 1);
    },
  };
}
