import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';

/** Time that goes a minute at a time, when it is told to; in between it creeps, so that what people do has an order. */
export interface SimulatedClock {
  now(): EpochMs;
  /** The next whole minute begins. */
  advance(): EpochMs;
}

/** @param speed simulated minutes per real second, for the creeping; 0: it stands still between two minutes */
export function simulatedClock(startsAt: EpochMs, speed: number): SimulatedClock {
  let minute = startsAt;
  let since = performance.now();
  return {
    now: () => minute + Math.min(59 * SECOND, Math.floor((performance.now() - since) * speed * 60)),
    advance: () => {
      minute += MINUTE;
      since = performance.now();
      return minute;
    },
  };
}
