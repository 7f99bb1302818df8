import type { Sensitivity } from './rules.ts';

/**
 * What the words low, medium and high mean. Nothing else depends on them.
 *
 * - `leastDrop`, `leastSurge`: share of the expectation; `leastDevices`: devices. The larger one counts.
 * - `deviations`: standard deviations of the series' own past; `margin`: times the farthest it strayed in its past.
 * - `busyBins`: five-minute bins with refused sends, of the last hour, that make recurring throttling.
 * - `burstMargin`: times the worst harmless burst so far.
 * - `attemptsRatio`: share of the edition's send rate; `operationsRatio`: of its rate for twins, methods and queries.
 * - `forecastCertainty`: share of the recent days' courses that must reach the quota.
 */
export interface SensitivityNumbers {
  readonly leastDrop: number;
  readonly leastSurge: number;
  readonly leastDevices: number;
  readonly deviations: number;
  readonly margin: number;
  readonly burstMargin: number;
  readonly attemptsRatio: number;
  readonly operationsRatio: number;
  readonly forecastCertainty: number;
}

export const sensitivityNumbers: Readonly<Record<Sensitivity, SensitivityNumbers>> = {
  low: {
    leastDrop: 0.1,
    leastSurge: 0.2,
    leastDevices: 6,
    deviations: 9,
    margin: 1.6,
    burstMargin: 3,
    attemptsRatio: 1.2,
    operationsRatio: 1,
    forecastCertainty: 0.95,
  },
  medium: {
    leastDrop: 0.05,
    leastSurge: 0.08,
    leastDevices: 4,
    deviations: 6.5,
    margin: 1.25,
    burstMargin: 2,
    attemptsRatio: 1,
    operationsRatio: 0.9,
    forecastCertainty: 0.8,
  },
  high: {
    leastDrop: 0.03,
    leastSurge: 0.05,
    leastDevices: 3,
    deviations: 5,
    margin: 1.1,
    burstMargin: 1.5,
    attemptsRatio: 0.9,
    operationsRatio: 0.75,
    forecastCertainty: 0.6,
  },
};
