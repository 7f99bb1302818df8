import { evaluateRule, type DetectorState } from '../src/detection/evaluate-rule.ts';
import { learnRule } from '../src/detection/learn-rule.ts';
import { emptyRulesFile, rulesFor } from '../src/detection/resolve-rules.ts';
import { isSlow, type Rule } from '../src/detection/rule.ts';
import { readPicture, readState, storedPicture, storedState } from '../src/detection/stored/stored-state.ts';
import {
  connectedDevices,
  quotaUsed,
  sendAttempts,
  sendThrottle,
  operationMetrics,
} from '../src/metrics/iot-hub-metrics.ts';
import type { MetricPoints } from '../src/detection/settled-bins.ts';
import type { Point } from '../src/metrics/series.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../src/time/time.ts';

const start = Date.UTC(2026, 2, 2);
const hub = { sku: 'S1', units: 2, messagesPerDay: 800_000 };
const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} }).filter(
  (rule) => !isSlow(rule) || rule.id === 'method-failures' || rule.id === 'twin-reads',
);
const METHODS = 'c2d.methods.failure';

/** Small noise that looks random and is the same in every run: -1 … 1. */
function noise(index: number): number {
  return ((Math.imul(index ^ 0x9e3779b9, 0x85ebca6b) >>> 0) / 4_294_967_296) * 2 - 1;
}

const wave = (at: EpochMs, size: number): number =>
  Math.round(size * (0.6 + 0.3 * Math.sin((2 * Math.PI * at) / DAY)) * (1 + 0.01 * noise(at / MINUTE)));

const values: Readonly<Record<string, (at: EpochMs) => number>> = {
  [connectedDevices.metric]: (at) => wave(at, 50_000),
  [sendThrottle.metric]: (at) => Math.max(0, Math.round(40 * noise(at / MINUTE) - 30)),
  [sendAttempts.metric]: (at) => wave(at, 3_000),
  [quotaUsed.metric]: (at) => Math.round(((at % DAY) / DAY) * 600_000),
  'c2d.twin.read.success': (at) => wave(at, 3_000),
  [METHODS]: (at) => wave(at, 30),
};

const metricsOf: Readonly<Record<Rule['detector'], readonly string[]>> = {
  'connected-devices': [connectedDevices.metric],
  throttling: [sendThrottle.metric, sendAttempts.metric],
  quota: [quotaUsed.metric],
  telemetry: [sendAttempts.metric],
  'no-data': [connectedDevices.metric, quotaUsed.metric, sendThrottle.metric, sendAttempts.metric],
  'operation-rate': operationMetrics['twin-reads'].calls,
  metric: [METHODS],
};

function read(rule: Rule, from: EpochMs, to: EpochMs, grainMs: number): MetricPoints[] {
  return metricsOf[rule.detector].map((metric) => {
    const points: Point[] = [];
    for (let at = from; at + grainMs <= to; at += grainMs) points.push({ at, value: values[metric]?.(at) ?? null });
    return { metric, grainMs, points };
  });
}

/** Warm evaluations, what they read and write included, and first sight. A markdown table. */
export function costTable(): string[] {
  const lines = rules.map((rule) => {
    const warm = [warmMs(rule, MINUTE), warmMs(rule, 5 * MINUTE)];
    const first = [firstSightMs(rule, 28, 5 * MINUTE), firstSightMs(rule, 93, 15 * MINUTE)];
    const state = learned(rule);
    const hot = state ? storedState(state).hot.length : 0;
    const picture = state ? (storedPicture(state) ?? '').length : 0;
    const cells = [
      ...warm.map((ms) => ms.toFixed(3)),
      ...first.map((ms) => ms.toFixed(1)),
      String(hot),
      String(picture),
    ];
    return `| ${rule.detector} | ${cells.join(' | ')} |`;
  });
  return [
    'CPU in ms per series and evaluation, warm, with 45 minutes read again, the state read from its text and written to',
    'it; per series at first sight, from 28 days of 5 minutes and from 93 days of 15 minutes; state in characters',
    'as stored, of which a hot state may take 1,024 and a picture 16,384.',
    '',
    '| detector | warm, 60 s | warm, 300 s | first sight, 28 days | 93 days | hot state | picture |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ];
}

function learned(rule: Rule): DetectorState | undefined {
  // An hour into a new day: its picture serves every evaluation of the day.
  const to = start + 15 * DAY + HOUR;
  let state: DetectorState | undefined;
  for (let now = start + DAY + HOUR; now <= to; now += DAY)
    ({ state } = evaluateRule(
      { rule, hub, series: read(rule, now - DAY, now, 5 * MINUTE), maintenance: [] },
      state,
      now,
    ));
  return state;
}

/** Per series: a rule that reads several is charged for each. */
function warmMs(rule: Rule, grainMs: number): number {
  const state = learned(rule);
  if (!state) return Number.NaN;
  const picture = readPicture(state.detector, storedPicture(state) ?? '');
  const begin = start + 15 * DAY + HOUR;
  const rounds = Math.floor((20 * HOUR) / grainMs);
  const inputs = Array.from({ length: rounds }, (_, i) => {
    const now = begin + (i + 1) * grainMs + 4 * MINUTE;
    return {
      now,
      input: {
        rule,
        hub,
        series: read(rule, now - 4 * MINUTE - 45 * MINUTE, now - 4 * MINUTE, grainMs),
        maintenance: [],
      },
    };
  });
  const pass = (): number => {
    let text = storedState(state);
    const before = process.cpuUsage();
    for (const { now, input } of inputs) {
      const { state: next } = evaluateRule(input, readState(text, picture), now);
      if (next) text = storedState(next);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / rounds / input(rule);
  };
  pass();
  return Math.min(pass(), pass(), pass());
}

function input(rule: Rule): number {
  return metricsOf[rule.detector].length;
}

function firstSightMs(rule: Rule, days: number, grainMs: number): number {
  const now = start + days * DAY + DAY / 2;
  const series = read(rule, start, now, grainMs);
  const once = (): number => {
    const before = process.cpuUsage();
    learnRule({ rule, hub, series, maintenance: [] }, now);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / series.length;
  };
  once();
  return Math.min(once(), once(), once());
}
