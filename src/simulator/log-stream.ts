import { DAY, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Scenario, ScenarioHub } from './scenario.ts';
import { uniform, type World } from './world.ts';

/** What all records of one stream have in common. */
export interface LogKind {
  readonly category: string;
  readonly operation: string;
  readonly level: string;
  /** `ResultType`; empty for what went well. */
  readonly code: string;
  readonly description: string;
}

/** What stands in `properties_s`. */
export type LogProperties = Readonly<Record<string, string | null>>;

/**
 * The records that one cause writes to the log of one hub. They are numbered, and everything about a record follows from
 * its number: no record depends on which others were asked for.
 */
export interface LogStream {
  readonly hub: ScenarioHub;
  readonly kind: LogKind;
  /** Tells the dice of this stream from those of the hub's others. */
  readonly dice: number;
  /** No record lies outside of it; it may end at infinity. */
  readonly life: Span;
  /** The numbers [first, end) among which those of a span are; a few may lie beside it. */
  readonly numbers: (span: Span) => readonly [first: number, end: number];
  readonly at: (number: number) => EpochMs;
  readonly properties: (number: number) => LogProperties;
}

/** The logs go back that far from the scenario's start. */
const historyMs = 2 * DAY;

export function logsBeginAt(scenario: Scenario): EpochMs {
  return scenario.startsAt - historyMs;
}

/** The dice of a record: uniform in [0, 1), the same for the same record and face (0 to 7). */
export function roll(
  world: World,
  { hub, dice }: Pick<LogStream, 'hub' | 'dice'>,
  number: number,
  face: number,
): number {
  return uniform(world.scenario.seed, hub.index, 1_000 + dice * 8 + face, number * MINUTE);
}
