import { DAY, type EpochMs } from '../time/time.ts';
import { UNKNOWN } from './log-scale.ts';
import { USE_DAYS, type UsePicture } from './quota-state.ts';
import { SLOTS_PER_DAY } from './seasonal-picture.ts';

/** Midnight UTC: yesterday's row becomes the newest of the picture, and `row` is emptied for today. */
export function turnUsePages({ picture, row }: { picture: UsePicture; row: Uint16Array }, at: EpochMs): UsePicture {
  const day = Math.floor(at / DAY);
  if (day <= picture.day) return picture;
  const passed = Math.min(USE_DAYS, day - picture.day);
  const rows = new Uint16Array(picture.rows.length);
  rows.set(picture.rows.subarray(passed * SLOTS_PER_DAY));
  rows.set(row, (USE_DAYS - passed) * SLOTS_PER_DAY);
  row.fill(UNKNOWN);
  return { day, rows };
}
