import { DAY, HOUR, MINUTE, SECOND } from '../../time/time.ts';

const units: Readonly<Record<string, number>> = {
  d: DAY,
  day: DAY,
  days: DAY,
  h: HOUR,
  hr: HOUR,
  hrs: HOUR,
  hour: HOUR,
  hours: HOUR,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  s: SECOND,
  sec: SECOND,
  second: SECOND,
  seconds: SECOND,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  micro: 0.001,
  micros: 0.001,
  microsecond: 0.001,
  microseconds: 0.001,
  tick: 0.0001,
  ticks: 0.0001,
};

/** Milliseconds of one `d`, `h`, `minutes` …; `undefined` for a word that is no unit. */
export function timespanUnit(word: string): number | undefined {
  return Object.hasOwn(units, word) ? units[word] : undefined;
}

/** Milliseconds of `5m`, `15 seconds`, `2` (days), `1.02:03:04.5` or `02:03`; `undefined` for anything else. */
export function parseTimespan(text: string): number | undefined {
  const compact = text.trim();
  const simple = /^(-?\d{1,9}(?:\.\d{1,9})?)\s*([a-z]*)$/i.exec(compact);
  if (simple) {
    const unit = simple[2] === '' ? DAY : timespanUnit(simple[2]?.toLowerCase() ?? '');
    return unit === undefined ? undefined : Number(simple[1]) * unit;
  }
  const clock = /^(-?)(?:(\d{1,7})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d{1,7})?)?$/.exec(compact);
  if (!clock) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = clock;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total =
    Number(days) * DAY +
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Number(seconds) * SECOND +
    Number(fraction) * SECOND;
  return sign === '-' ? -total : total;
}

/** `00:05:00`, `1.02:03:04.5000000`: days only if there are any, and seven decimals only if there is a fraction. */
export function formatTimespan(ms: number): string {
  const ticks = Math.round(Math.abs(ms) * 10_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(ticks / (DAY * 10_000));
  const hours = Math.floor(ticks / (HOUR * 10_000)) % 24;
  const minutes = Math.floor(ticks / (MINUTE * 10_000)) % 60;
  const seconds = Math.floor(ticks / (SECOND * 10_000)) % 60;
  const fraction = ticks % (SECOND * 10_000);
  return [
    ms < 0 && ticks > 0 ? '-' : '',
    days > 0 ? `${days}.` : '',
    `${two(hours)}:${two(minutes)}:${two(seconds)}`,
    fraction > 0 ? `.${String(fraction).padStart(7, '0')}` : '',
  ].join('');
}
