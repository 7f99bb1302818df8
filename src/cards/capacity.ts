import { cheapestChange, type Capacity, type Demand } from '../hubs/capacity.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import { limitsOf, operations } from '../hubs/limits.ts';
import { cause } from '../diagnosis/diagnosis.ts';
import type { HubRef, Incident } from '../incidents/incident.ts';
import { clean } from './clean.ts';
import { heading, say, type Element } from './elements.ts';
import type { Words } from './words/words.ts';

/** A change must carry so much more than what was measured, or it is at its limit again tomorrow. */
const reserve = 1.1;

/** What the hub would need to carry what it is asked for: the cheapest change, as a command to copy. Nothing is run. */
export function capacity(incident: Incident, words: Words): readonly Element[] {
  const { subject, status } = incident;
  if (subject.kind !== 'hub' || status === 'resolved') return [];
  const demand = demandOf(incident, subject.hub);
  if (!demand) return [];
  const found = cheapestChange(subject.hub, demand);
  const text = words.capacity(found, subject.hub);
  if (text === undefined) return [];
  return [
    heading(words.labels.capacity),
    say(clean(text, 400), {}, { spacing: 'Small' }),
    ...(found.kind === 'change' ? [command(found)] : []),
  ];
}

function command({ command: line }: Extract<Capacity, { kind: 'change' }>): Element {
  return {
    type: 'Container',
    style: 'emphasis',
    spacing: 'Small',
    items: [say(clean(line, 200), { fontType: 'Monospace', size: 'Small' })],
  };
}

/** What devices ask for, where the hub's size is what refuses it; one device that overdoes it needs no larger hub. */
function demandOf({ evaluation, diagnosis, symptoms = [] }: Incident, hub: HubRef): Demand | undefined {
  const { code, family } = cause(diagnosis) ?? {};
  const told = [evaluation, ...symptoms.filter(({ endedAt }) => endedAt === undefined)];
  const near = told.find(({ reason }) => reason === 'near-rate');
  const operation = operations.find((each) => each === near?.signal);
  if (near && operation && family === '429xxx') {
    const peak = Math.max(near.numbers.value ?? 0, ...(evaluation === near ? peakOf(evaluation) : []));
    return { operationsPerSecond: { [operation]: peak * reserve } };
  }
  const numbersOf = (signal: string) => told.find((each) => each.signal === signal)?.numbers;
  if (code === '429001') {
    const ratio = numbersOf('throttling')?.ratio;
    const rate = limitsOf(hub.sku, hub.units)?.sendsPerSecond;
    return ratio === undefined || rate === undefined || ratio <= 1
      ? undefined
      : { sendsPerSecond: ratio * rate * reserve };
  }
  if (code === '403002') {
    const { expected = 0, value = 0, limit = 0 } = numbersOf('quota') ?? {};
    const perDay = Math.max(expected, value);
    return limit > 0 && perDay >= limit * 0.8 ? { messagesPerDay: perDay * reserve } : undefined;
  }
  return undefined;
}

function peakOf({ picture }: Evaluation): readonly number[] {
  return (picture?.values ?? []).filter((value) => value !== null);
}
