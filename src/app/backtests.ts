import type { HubBacktest } from '../backtest/backtest-hub.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';

/** A replay costs seconds of CPU and reads weeks of history, so its answer serves everybody for a while. */
const holdsMs = 10 * MINUTE;
const maxHeld = 50;

/**
 * The backtests that people have asked this process for. Evaluations share its CPU, so one runs at a time, and whoever
 * asks for the same hub gets the same answer.
 */
export interface Backtests {
  /** @returns `undefined` while another hub's is running */
  of(hub: string, run: () => Promise<HubBacktest>, now: EpochMs): Promise<HubBacktest> | undefined;
}

export function createBacktests(): Backtests {
  const held = new Map<string, { readonly at: EpochMs; readonly answer: Promise<HubBacktest> }>();
  let running = false;
  return {
    of: (hub, run, now) => {
      const known = held.get(hub);
      if (known && Math.abs(now - known.at) < holdsMs) return known.answer;
      if (running) return undefined;
      running = true;
      const answer = run();
      held.delete(hub);
      held.set(hub, { at: now, answer });
      if (held.size > maxHeld) held.delete(held.keys().next().value ?? '');
      answer.then(
        () => {
          running = false;
        },
        () => {
          running = false;
          held.delete(hub);
        },
      );
      return answer;
    },
  };
}
