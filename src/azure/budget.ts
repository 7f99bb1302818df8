import type { OperationalError } from '../failure/operational-error.ts';

/** How long one piece of reading may take in all, with its retries. */
export interface Budget {
  readonly attempts: number;
  readonly perAttemptMs: number;
  readonly totalMs: number;
  /** What measures the time and lets it pass; absent: the machine's clock. */
  readonly timer?: Timer;
}

export interface Timer {
  /** Milliseconds since any moment. */
  now(): number;
  pause(ms: number): Promise<void>;
}

export const clock: Timer = {
  now: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A tick comes every minute: reading must be over well before the next one. */
export const tickBudget: Budget = { attempts: 3, perAttemptMs: 15_000, totalMs: 35_000 };

/**
 * Runs `work`, again while it fails in a way that may pass and the budget holds. A pause that Azure asks for is kept, or
 * the work given up at once if the pause does not fit.
 * @throws {OperationalError} the last failure
 */
export async function withinBudget<T>(
  budget: Budget,
  describe: (error: unknown) => OperationalError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { now, pause } = budget.timer ?? clock;
  const deadline = now() + budget.totalMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(budget.perAttemptMs, deadline - now())))));
    } catch (error) {
      const failure = describe(error);
      const wait = failure.retryAfterMs ?? 250 * 2 ** attempt * (0.5 + Math.random() / 2);
      if (!failure.retryable || attempt >= budget.attempts || now() + wait >= deadline) throw failure;
      await pause(wait);
    }
  }
}

/** Runs `work` over the items, at most `width` at a time; results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
