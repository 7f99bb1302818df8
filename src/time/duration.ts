import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

const units: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Milliseconds of `90s`, `5m`, `1h30m`, `2d`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase();
  if (!/^(?:\d{1,6}(?:\.\d{1,3})?[smhd])+$/.test(compact)) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = 's'] of compact.matchAll(/(\d+(?:\.\d+)?)([smhd])/g))
    total += Number(amount) * (units[unit] ?? 0);
  return Math.round(total);
}
