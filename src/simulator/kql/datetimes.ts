import { DAY, HOUR, MINUTE, SECOND, type EpochMs } from '../../time/time.ts';

/**
 * An ISO 8601 date, with or without time and zone (UTC if there is none); `undefined` for anything else. Kusto reads
 * other notations too, and advises against them.
 */
export function parseDatetime(text: string): EpochMs | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?\s*(Z|[+-]\d{2}:\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, date = '', time = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  const millis = fraction === '' ? '.000' : fraction.slice(0, 4).padEnd(4, '0');
  const at = Date.parse(`${date}T${time}${seconds}${millis}${zone.toUpperCase()}`);
  // Date.parse takes the 31st of a shorter month for the 1st of the next.
  if (Number.isNaN(at) || new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  return at;
}

/** `2026-03-10T09:00:00.0000000Z`, as `tostring()` writes it. */
export function formatInstant(at: EpochMs): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}

/** `2026-03-10T09:00:00Z` or `…:00.25Z`, as the API writes it: decimals only if there are any. */
export function wireInstant(at: EpochMs): string {
  return new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');
}

const parts: Readonly<Record<string, (at: Date) => string>> = {
  yyyy: (at) => String(at.getUTCFullYear()).padStart(4, '0'),
  yy: (at) => String(at.getUTCFullYear() % 100).padStart(2, '0'),
  MM: (at) => String(at.getUTCMonth() + 1).padStart(2, '0'),
  M: (at) => String(at.getUTCMonth() + 1),
  dd: (at) => String(at.getUTCDate()).padStart(2, '0'),
  d: (at) => String(at.getUTCDate()),
  HH: (at) => String(at.getUTCHours()).padStart(2, '0'),
  H: (at) => String(at.getUTCHours()),
  hh: (at) => String(at.getUTCHours() % 12 || 12).padStart(2, '0'),
  h: (at) => String(at.getUTCHours() % 12 || 12),
  mm: (at) => String(at.getUTCMinutes()).padStart(2, '0'),
  m: (at) => String(at.getUTCMinutes()),
  ss: (at) => String(at.getUTCSeconds()).padStart(2, '0'),
  s: (at) => String(at.getUTCSeconds()),
  fff: (at) => String(at.getUTCMilliseconds()).padStart(3, '0'),
  tt: (at) => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
};

/** A datetime in the words of `format_datetime`; `undefined` if the format has a letter or sign that it does not know. */
export function formatDatetime(at: EpochMs, format: string): string | undefined {
  let text = '';
  for (const [token] of format.matchAll(/([a-zA-Z])\1*|[\s\S]/g)) {
    const part = Object.hasOwn(parts, token) ? parts[token] : undefined;
    if (part) text += part(new Date(at));
    else if (/^[ /:,._[\]-]$/.test(token)) text += token;
    else return undefined;
  }
  return text;
}

const months = (at: EpochMs): number => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();

/** The number of the period that an instant lies in; weeks begin on Sunday. */
const periods: Readonly<Record<string, (at: EpochMs) => number>> = {
  year: (at) => Math.floor(months(at) / 12),
  quarter: (at) => Math.floor(months(at) / 3),
  month: months,
  week: (at) => Math.floor((at + 4 * DAY) / (7 * DAY)),
  day: (at) => Math.floor(at / DAY),
  hour: (at) => Math.floor(at / HOUR),
  minute: (at) => Math.floor(at / MINUTE),
  second: (at) => Math.floor(at / SECOND),
  millisecond: (at) => Math.floor(at),
};

/** How many beginnings of the period lie between two instants; `undefined` for a period that is not known. */
export function datetimeDiff(period: string, a: EpochMs, b: EpochMs): number | undefined {
  const name = period.toLowerCase();
  const number = Object.hasOwn(periods, name) ? periods[name] : undefined;
  return number ? number(a) - number(b) : undefined;
}
