import { SECOND } from './time.ts';

/**
 * How long a server asked to be left alone, in milliseconds: `retry-after-ms` where Azure gives it, else `Retry-After` in
 * seconds or as a date, which is compared with the server's own clock. `undefined` if it did not say, or not sensibly.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(headers: { get(name: string): string | undefined } | undefined): number | undefined {
  const header = (name: string): string => headers?.get(name)?.trim() ?? '';
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms'])
    if (/^\d{1,12}$/.test(header(name))) return Number(header(name));
  const given = header('retry-after');
  if (/^\d{1,9}$/.test(given)) return Number(given) * SECOND;
  const pause = Date.parse(given) - Date.parse(header('date'));
  return /[a-z]{3}/i.test(given) && pause >= 0 ? pause : undefined;
}
