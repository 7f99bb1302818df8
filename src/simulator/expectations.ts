import { cause } from '../diagnosis/diagnosis.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Expectation, Scenario } from './scenario.ts';

/** How an incident is compared with what a scenario expects; times in ms since the scenario's start. */
export interface Seen {
  readonly subject: string;
  readonly signal: string;
  readonly family: string;
  readonly worstSeverity: string;
  readonly opened: number;
  readonly resolved: number | undefined;
}

export function seen(incident: Incident, startsAt: number): Seen {
  const best = cause(incident.diagnosis);
  return {
    subject:
      incident.subject.kind === 'hub'
        ? incident.subject.hub.name
        : `${incident.subject.subscriptionId}:${incident.subject.region ?? '*'}`,
    signal: incident.signal,
    family: best?.code ?? best?.family ?? 'none',
    worstSeverity: incident.worstSeverity,
    opened: incident.openedAt - startsAt,
    resolved: incident.status === 'resolved' ? incident.resolvedAt - startsAt : undefined,
  };
}

/**
 * Every difference between the incidents of a run and what the scenario expects; empty: exactly those, and in time. What
 * is folded into another incident has no card of its own, and need not be expected.
 */
export function differences(scenario: Scenario, incidents: readonly Incident[]): readonly string[] {
  const left = incidents.filter(({ foldedInto }) => !foldedInto).map((incident) => seen(incident, scenario.startsAt));
  const faults: string[] = [];
  for (const expected of scenario.expect) {
    const index = left.findIndex(
      (each) => each.signal === expected.signal && each.subject === (expected.hub ?? expected.group),
    );
    const [found] = index < 0 ? [] : left.splice(index, 1);
    faults.push(...(found ? wrong(expected, found) : [`${describe(expected)}: no such incident`]));
  }
  return [
    ...faults,
    ...left.map((each) => `${each.subject} ${each.signal}: unexpected incident, opened after ${minutes(each.opened)}`),
  ];
}

function wrong(expected: Expectation, found: Seen): string[] {
  const faults: string[] = [];
  const fault = (text: string): void => {
    faults.push(`${describe(expected)}: ${text}`);
  };
  const within = ([earliest, latest]: readonly [number, number], at: number): boolean => at >= earliest && at <= latest;
  if (!within(expected.opens, found.opened))
    fault(`opened after ${minutes(found.opened)}, not within ${expected.opens.map(minutes).join(' to ')}`);
  if (!expected.resolves && found.resolved !== undefined)
    fault(`resolved after ${minutes(found.resolved)}, but should be open`);
  if (expected.resolves && (found.resolved === undefined || !within(expected.resolves, found.resolved)))
    fault(
      `${found.resolved === undefined ? 'still open' : `resolved after ${minutes(found.resolved)}`}, not resolved within ${expected.resolves.map(minutes).join(' to ')}`,
    );
  if (
    expected.family !== undefined &&
    expected.family !== found.family &&
    `${found.family.slice(0, 3)}xxx` !== expected.family
  )
    fault(`names ${found.family}, not ${expected.family}`);
  if (expected.severity !== undefined && expected.severity !== found.worstSeverity)
    fault(`was ${found.worstSeverity} at its worst, not ${expected.severity}`);
  return faults;
}

function describe({ hub, group, signal }: Expectation): string {
  return `${hub ?? group ?? '?'} ${signal}`;
}

function minutes(ms: number): string {
  return `${String(Math.round(ms / 6_000) / 10)} min`;
}
