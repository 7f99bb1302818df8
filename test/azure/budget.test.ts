import { describe, expect, it } from 'vitest';
import { inParallel, withinBudget } from '../../src/azure/budget.ts';
import { OperationalError } from '../../src/failure/operational-error.ts';
import { patient } from '../fixtures/azure.ts';

const describeError = (error: unknown): OperationalError =>
  error instanceof OperationalError ? error : new OperationalError('azure.unavailable', String(error), { hint: '' });
const passing = (retryAfterMs?: number): OperationalError =>
  new OperationalError('azure.throttled', 'throttled', { hint: '', retryable: true, retryAfterMs });
const lasting = new OperationalError('azure.auth', 'refused', { hint: '' });

/** Fails with these, one after the other, and then succeeds. */
function failing(...errors: readonly Error[]) {
  let tries = 0;
  return {
    work: (): Promise<string> => {
      const error = errors[tries++];
      return error ? Promise.reject(error) : Promise.resolve('read');
    },
    tries: () => tries,
  };
}

describe('work within a budget', () => {
  it('is done once if it succeeds', async () => {
    const budget = patient();
    const { work, tries } = failing();
    expect(await withinBudget(budget, describeError, work)).toBe('read');
    expect([tries(), budget.pauses]).toEqual([1, []]);
  });

  it('is tried again after pauses that grow and differ', async () => {
    const budget = patient();
    const { work, tries } = failing(passing(), passing());
    expect(await withinBudget(budget, describeError, work)).toBe('read');
    expect(tries()).toBe(3);
    const [first = 0, second = 0] = budget.pauses;
    expect(first).toBeGreaterThanOrEqual(250);
    expect(first).toBeLessThanOrEqual(500);
    expect(second).toBeGreaterThanOrEqual(500);
    expect(second).toBeLessThanOrEqual(1_000);
  });

  it('is given up after so many attempts, with the last failure', async () => {
    const last = passing();
    const { work, tries } = failing(passing(), passing(), last, passing());
    await expect(withinBudget(patient(), describeError, work)).rejects.toBe(last);
    expect(tries()).toBe(3);
  });

  it('is not tried again if that cannot help', async () => {
    const { work, tries } = failing(lasting);
    await expect(withinBudget(patient(), describeError, work)).rejects.toBe(lasting);
    expect(tries()).toBe(1);
  });

  it('keeps the pause that Azure asks for, if it fits', async () => {
    const budget = patient();
    expect(await withinBudget(budget, describeError, failing(passing(20_000), passing(0)).work)).toBe('read');
    expect(budget.pauses).toEqual([20_000, 0]);
  });

  it.each([35_000, 60_000, 1e12])('is given up at once if the pause does not fit: %i ms', async (pause) => {
    const budget = patient();
    await expect(withinBudget(budget, describeError, failing(passing(pause)).work)).rejects.toThrow('throttled');
    expect(budget.pauses).toEqual([]);
  });

  it('is over when the whole of it has taken too long', async () => {
    const budget = patient({ attempts: 10 });
    const { work, tries } = failing(...Array.from({ length: 10 }, () => passing(15_000)));
    await expect(withinBudget(budget, describeError, work)).rejects.toThrow('throttled');
    expect(tries()).toBe(3);
  });

  it('is told to stop when an attempt takes too long', async () => {
    const seen: boolean[] = [];
    const work = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          seen.push(signal.aborted);
          reject(new Error('stopped'));
        });
      });
    await expect(withinBudget(patient({ perAttemptMs: 20 }), describeError, work)).rejects.toThrow('stopped');
    expect(seen).toEqual([true]);
  });
});

describe('work in parallel', () => {
  it('keeps the order of the items, and no more than so many at once', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([5, 1, 4, 2, 3, 0], 2, async (ticks) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      running--;
      return ticks * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(2);
  });

  it('is nothing for nothing', async () => {
    expect(await inParallel([], 5, () => Promise.reject(new Error('called')))).toEqual([]);
  });
});
