import { expect, it } from 'vitest';
import { createBacktests } from '../../src/app/backtests.ts';
import type { HubBacktest } from '../../src/backtest/backtest-hub.ts';
import { MINUTE } from '../../src/time/time.ts';

const found: HubBacktest = { episodes: [], picture: undefined };

/** A replay that ends when the test says so. */
function replay() {
  let runs = 0;
  const { promise, resolve, reject } = Promise.withResolvers<HubBacktest>();
  const run = (): Promise<HubBacktest> => {
    runs += 1;
    return promise;
  };
  return { run, resolve, reject, runs: () => runs };
}

it('one replay answers everybody who asks for the hub within ten minutes', async () => {
  const backtests = createBacktests();
  const { run, resolve, runs } = replay();
  const [one, other] = [backtests.of('a', run, 0), backtests.of('a', run, MINUTE)];
  resolve(found);
  expect(await Promise.all([one, other])).toEqual([found, found]);
  await backtests.of('a', run, 9 * MINUTE);
  expect(runs()).toBe(1);
  await backtests.of('a', run, 11 * MINUTE);
  expect(runs()).toBe(2);
});

it('another hub waits until the first is done', async () => {
  const backtests = createBacktests();
  const first = replay();
  const second = replay();
  const running = backtests.of('a', first.run, 0);
  expect(backtests.of('b', second.run, 0)).toBeUndefined();
  expect(second.runs()).toBe(0);
  first.resolve(found);
  await running;
  second.resolve(found);
  expect(await backtests.of('b', second.run, 0)).toEqual(found);
});

it('a failure is told to those who wait, and not kept', async () => {
  const backtests = createBacktests();
  const failing = replay();
  const waiting = backtests.of('a', failing.run, 0);
  failing.reject(new Error('Azure is away'));
  await expect(waiting).rejects.toThrow('Azure is away');
  const again = replay();
  again.resolve(found);
  expect(await backtests.of('a', again.run, 0)).toEqual(found);
});
