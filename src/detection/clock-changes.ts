import { DAY } from '../time/time.ts';

/**
 * Days on which clocks change somewhere that many hubs are, and what a local habit does in UTC from then on: when clocks go
 * forward it comes an hour earlier (-1), when they go back an hour later (+1).
 *
 * Europe: last Sundays of March and October. North America: second Sunday of March, first of November. Australia and New
 * Zealand: first Sunday of April, last of September, first of October.
 */
const changes: readonly { readonly month: number; readonly sunday: number; readonly hours: -1 | 1 }[] = [
  { month: 2, sunday: 1, hours: -1 },
  { month: 2, sunday: -1, hours: -1 },
  { month: 3, sunday: 0, hours: 1 },
  { month: 8, sunday: -1, hours: -1 },
  { month: 9, sunday: 0, hours: -1 },
  { month: 9, sunday: -1, hours: 1 },
  { month: 10, sunday: 0, hours: 1 },
];

/** The newest clock change of the eight days that end with this UTC day; `undefined` if there is none. */
export function recentClockChange(day: number): { readonly day: number; readonly hours: -1 | 1 } | undefined {
  for (let ago = 0; ago < 8; ago += 1) {
    const date = new Date((day - ago) * DAY);
    if (date.getUTCDay() !== 0) continue;
    const index = Math.floor((date.getUTCDate() - 1) / 7);
    const last = new Date((day - ago + 7) * DAY).getUTCMonth() !== date.getUTCMonth();
    const change = changes.find(
      ({ month, sunday }) => month === date.getUTCMonth() && (sunday === index || (sunday === -1 && last)),
    );
    if (change) return { day: day - ago, hours: change.hours };
  }
  return undefined;
}
