/**
 * How rules of the generic detector behave on made-up hub metrics, as a Markdown table: false breaches per week, and
 * incidents found with their median delay, per sensitivity.
 *
 * `node bench/generic.ts [first seed] [end of seeds]`: constants were chosen on seeds 0–19; 100–119 are for measuring.
 */
import { evaluateMetric } from '../src/detection/generic/evaluate-metric.ts';
import { unknownMetric } from '../src/detection/generic/judge-metric.ts';
import type { MetricRule, Sensitivity } from '../src/detection/generic/metric-rule.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../src/time/time.ts';
import { kinds, monday, seeded, synthesise, type Incident, type Kind, type Synthetic } from './synthetic-metrics.ts';

const grain = 5 * MINUTE;
const days = 56;
/** Weeks that only teach: Azure keeps more than that, so a new rule starts with it. */
const learned = monday + 21 * DAY;
const weeks = (monday + days * DAY - learned) / (7 * DAY);
const sensitivities: readonly Sensitivity[] = ['low', 'medium', 'high'];

const ruleFor = ({ name, direction, emptyBin, floor }: Kind, sensitivity: Sensitivity): MetricRule => ({
  id: name,
  metric: 'made.up',
  severity: 'warning',
  sensitivity,
  direction,
  emptyBin,
  floor,
  confirmBins: 3,
  clearBins: 3,
});

/** When the rule went from quiet to breach. */
function breaches({ at, values }: Synthetic, rule: MetricRule): EpochMs[] {
  let state = unknownMetric;
  let breached = false;
  return at.filter((now, index) => {
    const judged = evaluateMetric(state, rule, [{ at: now, value: values[index] ?? null }], now);
    const began = !breached && judged.evaluation.verdict === 'breach';
    state = judged.state;
    breached = judged.evaluation.verdict === 'breach';
    return began && now >= learned;
  });
}

/** Minutes from the first bad bin until it could be told, `null` if it was not found. */
function delay(kind: Kind, incident: Incident, seed: number, sensitivity: Sensitivity): number | null {
  const start = learned + Math.floor((seeded(seed + 1000).uniform() * 30 * DAY) / grain) * grain;
  const series = synthesise(kind, seed, grain, days, { ...incident, from: start });
  const end = start + incident.lastsMs + HOUR;
  const found = breaches(series, ruleFor(kind, sensitivity)).find((at) => at >= start && at < end);
  return found === undefined ? null : (found + grain - start) / MINUTE;
}

const [first = 0, end = 10] = process.argv.slice(2).map(Number);
const seeds = Array.from({ length: end - first }, (_, index) => first + index);

console.log('| metric, incident | low | medium | high |\n| --- | --- | --- | --- |');
for (const kind of kinds) {
  const calm = seeds.map((seed) => synthesise(kind, seed, grain, days));
  const perWeek = sensitivities.map((sensitivity) => {
    const found = calm.flatMap((series) => breaches(series, ruleFor(kind, sensitivity)));
    return (found.length / seeds.length / weeks).toFixed(2);
  });
  console.log(`| **${kind.name}**: false per week | ${perWeek.join(' | ')} |`);
  for (const incident of kind.incidents) {
    const found = sensitivities.map((sensitivity) => {
      const delays = seeds
        .map((seed) => delay(kind, incident, seed, sensitivity))
        .filter((minutes) => minutes !== null);
      const median = delays.sort((a, b) => a - b)[delays.length >> 1];
      return `${Math.round((100 * delays.length) / seeds.length)} %${median === undefined ? '' : `, ${median} min`}`;
    });
    console.log(`| ${incident.name} | ${found.join(' | ')} |`);
  }
}
