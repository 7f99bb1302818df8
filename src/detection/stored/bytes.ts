import { MINUTE, type EpochMs } from '../../time/time.ts';

/** Where the next byte is written or read. */
interface Place {
  readonly bytes: Buffer;
  readonly view: DataView;
  at: number;
}

/** How one kind of value is written and read. Reading what was never written may be a RangeError. */
export interface Field<Value> {
  readonly write: (to: Place, value: Value) => void;
  readonly read: (from: Place) => Value;
}

/** Raised when a stored text of before cannot be understood any more: what it stood for is then rebuilt from history. */
const VERSION = 3;

/** What a text may hold; its place in this list is written into it, so that no text is taken for another. */
const layouts = [
  'gauge',
  'gauge-picture',
  'quota',
  'telemetry',
  'use-picture',
  'throttling',
  'no-data',
  'operation-rate',
  'metric',
  'metric-picture',
] as const;

type Layout = (typeof layouts)[number];

/** A layout by name, and what is in it. */
export interface Stored<Value> {
  readonly layout: Layout;
  readonly field: Field<Value>;
}

/** Several times the longest text as bytes; nothing is kept in it from one text to the next. */
const scratch = Buffer.alloc(65_536);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);
const HEAD_BYTES = 2;
const CHECKSUM_BYTES = 4;

/** A value as text: base64, for storage counts characters; a checksum is at its end. */
export function textOf<Value>({ layout, field }: Stored<Value>, value: Value): string {
  const to = { bytes: scratch, view: scratchView, at: 0 };
  u8.write(to, VERSION);
  u8.write(to, layouts.indexOf(layout));
  field.write(to, value);
  const end = to.at;
  u32.write(to, checksum(end));
  return scratch.toString('base64', 0, to.at);
}

/** The value of a text; `undefined` if it is damaged, of another version or of another layout. */
export function valueOf<Value>({ layout, field }: Stored<Value>, text: string): Value | undefined {
  const end = scratch.write(text, 'base64') - CHECKSUM_BYTES;
  if (end < HEAD_BYTES || scratchView.getUint32(end, true) !== checksum(end)) return undefined;
  const from = { bytes: scratch, view: scratchView, at: 0 };
  if (u8.read(from) !== VERSION || layouts[u8.read(from)] !== layout) return undefined;
  try {
    const value = field.read(from);
    return from.at === end ? value : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** FNV-1a of the first bytes. */
function checksum(length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i += 1) hash = Math.imul(hash ^ (scratch[i] ?? 0), 0x01000193);
  return hash >>> 0;
}

/** The place of so many bytes, which are then behind. */
function passed(place: Place, bytes: number): number {
  const { at } = place;
  place.at = at + bytes;
  if (place.at > scratch.length) throw new RangeError('past the end');
  return at;
}

/** Whole numbers; what is larger than fits stays the largest that does. */
export const u8: Field<number> = {
  write: (to, value) => {
    to.view.setUint8(passed(to, 1), Math.min(value, 0xff));
  },
  read: (from) => from.view.getUint8(passed(from, 1)),
};
export const u16: Field<number> = {
  write: (to, value) => {
    to.view.setUint16(passed(to, 2), Math.min(value, 0xffff), true);
  },
  read: (from) => from.view.getUint16(passed(from, 2), true),
};
export const u32: Field<number> = {
  write: (to, value) => {
    to.view.setUint32(passed(to, 4), Math.min(value, 0xffffffff), true);
  },
  read: (from) => from.view.getUint32(passed(from, 4), true),
};
export const i16: Field<number> = {
  write: (to, value) => {
    to.view.setInt16(passed(to, 2), value, true);
  },
  read: (from) => from.view.getInt16(passed(from, 2), true),
};
export const i32: Field<number> = {
  write: (to, value) => {
    to.view.setInt32(passed(to, 4), value, true);
  },
  read: (from) => from.view.getInt32(passed(from, 4), true),
};
/** Any number as it is. */
export const f64: Field<number> = {
  write: (to, value) => {
    to.view.setFloat64(passed(to, 8), value, true);
  },
  read: (from) => from.view.getFloat64(passed(from, 8), true),
};
/** Six to seven digits, which is more than most decisions need. */
export const f32: Field<number> = {
  write: (to, value) => {
    to.view.setFloat32(passed(to, 4), value, true);
  },
  read: (from) => from.view.getFloat32(passed(from, 4), true),
};

/** A value that is written as another one. */
export function as<Value, Written>(
  field: Field<Written>,
  written: (value: Value) => Written,
  value: (written: Written) => Value,
): Field<Value> {
  return {
    write: (to, given) => {
      field.write(to, written(given));
    },
    read: (from) => value(field.read(from)),
  };
}

/** An instant to the minute, at which every bin starts. */
export const time = as<EpochMs, number>(
  i32,
  (at) => Math.floor(at / MINUTE),
  (minutes) => minutes * MINUTE,
);
export const span = as<number, number>(
  u16,
  (ms) => ms / MINUTE,
  (minutes) => minutes * MINUTE,
);
export const flag = as<boolean, number>(
  u8,
  (value) => (value ? 1 : 0),
  (value) => value === 1,
);
export const f32OrNull = as<number | null, number>(
  f32,
  (value) => value ?? Number.NaN,
  (value) => (Number.isNaN(value) ? null : value),
);

export function oneOf<Choice extends string>(choices: readonly Choice[]): Field<Choice> {
  return as(
    u8,
    (choice) => choices.indexOf(choice),
    (index) => {
      const choice = choices[index];
      if (choice === undefined) throw new RangeError('no such choice');
      return choice;
    },
  );
}

/** A property that says which kind its record is; {@link oneKindOf} writes it. */
export function kind<Kind extends string>(name: Kind): Field<Kind> {
  return { write: () => undefined, read: () => name };
}

/** One of several records that tell themselves apart by their `kind`. */
export function oneKindOf<Value extends { readonly kind: string }>(kinds: {
  readonly [Kind in Value['kind']]: Field<Extract<Value, { readonly kind: Kind }>>;
}): Field<Value> {
  const names = Object.keys(kinds) as Value['kind'][];
  const name = oneOf(names);
  const fields: Readonly<Record<string, Field<Value>>> = kinds as never;
  const fieldOf = (one: string): Field<Value> => {
    const field = fields[one];
    if (!field) throw new RangeError('no such kind');
    return field;
  };
  return {
    write: (to, value) => {
      name.write(to, value.kind);
      fieldOf(value.kind).write(to, value);
    },
    read: (from) => fieldOf(name.read(from)).read(from),
  };
}

/** What may be absent, and how that is said. */
export function optional<Value, Absent extends null | undefined>(
  field: Field<Value>,
  absent: Absent,
): Field<Value | Absent> {
  return {
    write: (to, value) => {
      flag.write(to, value !== absent);
      if (value !== absent) field.write(to, value as Value);
    },
    read: (from) => (flag.read(from) ? field.read(from) : absent),
  };
}

/** Properties, one after the other. */
export function record<Value extends object>(fields: {
  readonly [Key in keyof Value]-?: Field<Value[Key]>;
}): Field<Value> {
  const entries = Object.entries(fields as Readonly<Record<string, Field<unknown>>>);
  return {
    write: (to, value) => {
      for (const [key, field] of entries) field.write(to, (value as Record<string, unknown>)[key]);
    },
    read: (from) => {
      const value: Record<string, unknown> = {};
      for (const [key, field] of entries) value[key] = field.read(from);
      return value as Value;
    },
  };
}

/** At most 255 values of a kind. */
export function list<Value>(field: Field<Value>): Field<readonly Value[]> {
  return {
    write: (to, values) => {
      u8.write(to, values.length);
      for (const value of values) field.write(to, value);
    },
    read: (from) => {
      const values: Value[] = [];
      for (let left = u8.read(from); left > 0; left -= 1) values.push(field.read(from));
      return values;
    },
  };
}

export function pair<Value>(field: Field<Value>): Field<readonly [Value, Value]> {
  return {
    write: (to, [one, other]) => {
      field.write(to, one);
      field.write(to, other);
    },
    read: (from) => [field.read(from), field.read(from)],
  };
}

export function triple<Value>(field: Field<Value>): Field<readonly [Value, Value, Value]> {
  return {
    write: (to, values) => {
      for (const value of values) field.write(to, value);
    },
    read: (from) => [field.read(from), field.read(from), field.read(from)],
  };
}

/** Values by name. */
export function byName<Value>(field: Field<Value>): Field<Readonly<Record<string, Value>>> {
  const entries = list(record<{ name: string; value: Value }>({ name: text, value: field }));
  return as(
    entries,
    (values) => Object.entries(values).map(([name, value]) => ({ name, value })),
    (read) => Object.fromEntries(read.map(({ name, value }) => [name, value])),
  );
}

/** At most 255 bytes of UTF-8. */
export const text: Field<string> = {
  write: (to, value) => {
    const place = passed(to, 1);
    const length = to.bytes.write(value, place + 1, 255);
    to.view.setUint8(place, length);
    passed(to, length);
  },
  read: (from) => {
    const length = u8.read(from);
    const place = passed(from, length);
    return from.bytes.toString('utf8', place, place + length);
  },
};

/** At most 255 flags. */
export const flags: Field<readonly boolean[]> = {
  write: (to, values) => {
    u8.write(to, values.length);
    for (let first = 0; first < values.length; first += 8) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit += 1) if (values[first + bit] === true) byte |= 1 << bit;
      u8.write(to, byte);
    }
  },
  read: (from) => {
    const length = u8.read(from);
    const place = passed(from, Math.ceil(length / 8));
    return Array.from({ length }, (_, i) => (((from.bytes[place + (i >> 3)] ?? 0) >> (i & 7)) & 1) === 1);
  },
};

/** Two codes of twelve bits make three bytes. */
function writeTwelveBits(to: Place, codes: ArrayLike<number>): void {
  const { bytes } = to;
  let place = passed(to, Math.ceil(codes.length / 2) * 3);
  for (let i = 0; i < codes.length; i += 2) {
    const one = codes[i] ?? 0;
    const other = codes[i + 1] ?? 0;
    bytes[place] = one >> 4;
    bytes[place + 1] = ((one & 15) << 4) | (other >> 8);
    bytes[place + 2] = other & 255;
    place += 3;
  }
}

function readTwelveBits(from: Place, codes: Uint16Array): Uint16Array {
  const { bytes } = from;
  let place = passed(from, Math.ceil(codes.length / 2) * 3);
  for (let i = 0; i < codes.length; i += 2) {
    const shared = bytes[place + 1] ?? 0;
    codes[i] = ((bytes[place] ?? 0) << 4) | (shared >> 4);
    if (i + 1 < codes.length) codes[i + 1] = ((shared & 15) << 8) | (bytes[place + 2] ?? 0);
    place += 3;
  }
  return codes;
}

/** Exactly so many codes of the coarse scale. */
export function coarseCodes(length: number): Field<Uint16Array> {
  return { write: writeTwelveBits, read: (from) => readTwelveBits(from, new Uint16Array(length)) };
}

/** At most 255 codes of the coarse scale. */
export const coarseList: Field<readonly number[]> = {
  write: (to, codes) => {
    u8.write(to, codes.length);
    writeTwelveBits(to, codes);
  },
  read: (from) => {
    const codes: number[] = [];
    for (const code of readTwelveBits(from, new Uint16Array(u8.read(from)))) codes.push(code);
    return codes;
  },
};

/** At most 255 codes of the fine scale. */
export const fineList: Field<readonly number[]> = {
  write: (to, codes) => {
    u8.write(to, codes.length);
    for (const code of codes) {
      u16.write(to, code & 0xffff);
      u8.write(to, code >> 16);
    }
  },
  read: (from) => {
    const codes: number[] = [];
    for (let left = u8.read(from); left > 0; left -= 1) codes.push(u16.read(from) | (u8.read(from) << 16));
    return codes;
  },
};
