import { DAY, HOUR, MINUTE, SECOND, type EpochMs, type Span } from '../time/time.ts';

/**
 * What the `timespan` of a query stands for: `PT1H` (up to now), `from/to`, `from/PT1H` or `PT1H/to`; empty for all
 * time. `undefined` for anything else.
 */
export function parseLogsTimespan(text: string, now: EpochMs): Span | undefined {
  if (text.trim() === '') return { from: -Infinity, to: Infinity };
  const parts = text.split('/');
  const [first = '', second = ''] = parts;
  const lengths = [parseIsoDuration(first), parseIsoDuration(second)];
  const instants = [parseInstant(first), parseInstant(second)];
  if (parts.length === 1) return lengths[0] === undefined ? undefined : { from: now - lengths[0], to: now };
  if (parts.length > 2) return undefined;
  const from = instants[0] ?? minus(instants[1], lengths[0]);
  const to = instants[1] ?? minus(instants[0], lengths[1] === undefined ? undefined : -lengths[1]);
  return from === undefined || to === undefined || from > to ? undefined : { from, to };
}

function minus(at: EpochMs | undefined, ms: number | undefined): EpochMs | undefined {
  return at === undefined || ms === undefined ? undefined : at - ms;
}

function parseInstant(text: string): EpochMs | undefined {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Milliseconds of `P1D`, `PT1H30M`, `P1DT12H`; months and years have no length. */
function parseIsoDuration(text: string): number | undefined {
  const match =
    /^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/.exec(text);
  if (!match || /[PT]$/.test(text)) return undefined;
  const [weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = match.slice(1);
  return (
    (Number(weeks) * 7 + Number(days)) * DAY +
    Number(hours) * HOUR +
    Number(minutes) * MINUTE +
    Number(seconds) * SECOND
  );
}
