import { DAY, HOUR, MINUTE, SECOND, floorTo, type EpochMs } from '../../time/time.ts';

/** Numbers, percentages, times (UTC) and durations as a locale writes them. */
export function formats(
  locale: 'en-GB' | 'fr-FR',
  units: { readonly d: string; readonly h: string; readonly min: string; readonly s: string },
) {
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const finePercents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return {
    number: (value: number): string => (Math.abs(value) >= 100 || Number.isInteger(value) ? plain : fine).format(value),
    percent: (ratio: number): string => (ratio !== 0 && Math.abs(ratio) < 0.01 ? finePercents : percents).format(ratio),
    time: (at: EpochMs): string => `${clock.format(at)} UTC`,
    dateTime: (at: EpochMs): string => `${day.format(at)}, ${clock.format(at)} UTC`,
    /** The two largest units: `8 min`, `1 h 5 min`, `2 d 3 h`. */
    duration: (ms: number): string => {
      const nbsp = '\u00a0';
      if (ms < MINUTE) return `${String(Math.max(0, Math.round(ms / SECOND)))}${nbsp}${units.s}`;
      const rounded = Math.round(ms / MINUTE) * MINUTE;
      const parts: [number, string][] = [
        [Math.floor(rounded / DAY), units.d],
        [Math.floor((rounded % DAY) / HOUR), units.h],
        [Math.floor((rounded % HOUR) / MINUTE), units.min],
      ];
      const first = parts.findIndex(([amount]) => amount > 0);
      return parts
        .slice(first, first + 2)
        .filter(([amount]) => amount > 0)
        .map(([amount, unit]) => `${String(amount)}${nbsp}${unit}`)
        .join(' ');
    },
  };
}

/** Whether two instants fall on the same UTC day. */
export function sameDay(a: EpochMs, b: EpochMs): boolean {
  return floorTo(a, DAY) === floorTo(b, DAY);
}
