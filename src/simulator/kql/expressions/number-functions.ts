import { DAY, HOUR } from '../../../time/time.ts';
import { commonType, type PlainFunction } from './parameters.ts';
import { isNumeric, type KustoType, type Value } from '../values.ts';

/** Days from 0001-01-01, where Kusto's time begins, to 1970-01-01: bins of several days are counted from there. */
const daysBefore1970 = 719_162;

const onNumber = (compute: (value: number) => number): PlainFunction => ({
  takes: ['number'],
  gives: 'real',
  call: ([value]) => (value === null ? null : compute(Number(value))),
});
const magnitude = ([type]: readonly KustoType[]): KustoType | undefined =>
  type === 'real' || type === 'timespan' ? type : type === 'int' || type === 'long' ? 'long' : undefined;

const bin: PlainFunction = {
  takes: ['any', 'any'],
  gives: ([value, step]) => {
    if (value === undefined || step === undefined) return undefined;
    if (isNumeric(value) && isNumeric(step)) return value === 'real' || step === 'real' ? 'real' : 'long';
    return (value === 'datetime' || value === 'timespan') && step === 'timespan' ? value : undefined;
  },
  call: ([value, step], [type]) => {
    if (typeof value !== 'number' || typeof step !== 'number' || step <= 0) return null;
    const origin = type === 'datetime' ? daysBefore1970 * DAY : 0;
    return Math.floor((value + origin) / step) * step - origin;
  },
};

const chosen = (better: (a: number, b: number) => boolean): PlainFunction => ({
  takes: ['any', 'any'],
  repeats: true,
  gives: (types) => {
    const type = commonType(types);
    return type && (isNumeric(type) || type === 'datetime' || type === 'timespan') ? type : undefined;
  },
  call: (args) => args.filter((value) => value !== null).reduce(best(better), null),
});
const best =
  (better: (a: number, b: number) => boolean) =>
  (a: Value, b: Value): Value =>
    a === null || better(Number(b), Number(a)) ? b : a;

const instant = (compute: (at: Date) => number, gives: KustoType = 'int'): PlainFunction => ({
  takes: ['datetime'],
  gives,
  call: ([at]) => (typeof at === 'number' ? compute(new Date(at)) : null),
});

/** Functions on numbers and times. */
export const numberFunctions: Readonly<Record<string, PlainFunction>> = {
  bin,
  floor: bin,
  round: {
    takes: ['number', 'whole'],
    optional: 1,
    gives: ([type]) => type,
    call: ([value, digits = 0]) => {
      if (typeof value !== 'number' || typeof digits !== 'number') return null;
      const scale = 10 ** Math.max(-15, Math.min(15, digits));
      return Number.isFinite(value) ? (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale : value;
    },
  },
  ceiling: onNumber(Math.ceil),
  sqrt: onNumber(Math.sqrt),
  abs: { takes: ['any'], gives: magnitude, call: ([value]) => (value === null ? null : Math.abs(Number(value))) },
  pow: {
    takes: ['number', 'number'],
    gives: 'real',
    call: ([base, exponent]) => (base === null || exponent === null ? null : Number(base) ** Number(exponent)),
  },
  isnan: { takes: ['number'], gives: 'bool', call: ([value]) => Number.isNaN(value) },
  isfinite: { takes: ['number'], gives: 'bool', call: ([value]) => Number.isFinite(value) },
  max_of: chosen((a, b) => a > b),
  min_of: chosen((a, b) => a < b),
  startofday: {
    takes: ['datetime', 'whole'],
    optional: 1,
    gives: 'datetime',
    call: ([at, days = 0]) =>
      typeof at === 'number' && typeof days === 'number' ? (Math.floor(at / DAY) + days) * DAY : null,
  },
  hourofday: instant((at) => Math.floor((at.getTime() - Math.floor(at.getTime() / DAY) * DAY) / HOUR)),
  dayofweek: instant((at) => at.getUTCDay() * DAY, 'timespan'),
  unixtime_milliseconds_todatetime: {
    takes: ['number'],
    gives: 'datetime',
    call: ([value]) => (typeof value === 'number' && Math.abs(value) < 2e14 ? value : null),
  },
};
