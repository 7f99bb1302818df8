import type { Dice } from './dice.ts';
import type { LabelledHub } from './hub.ts';

/** An event as a scenario file has it; the scenario's own reader checks it. */
export type StoryEvent = Readonly<Record<string, unknown>>;

/**
 * What must come of a story: for each card the causes that are right, of which one must be named first. `none` is a card
 * that names no cause; `quiet` means that no card is right too. No card at all: nothing is wrong.
 */
export type Label = readonly (readonly string[])[];

export interface Told {
  readonly events: readonly StoryEvent[];
  /** With logs, and without. */
  readonly label: { readonly read: Label; readonly unread: Label };
  readonly hub?: Readonly<Record<string, unknown>>;
  /** Minutes; default: 34. */
  readonly minutes?: number;
  readonly startsAt?: string;
  /** Whether the rules for metrics without a detector of their own are needed. */
  readonly otherMetrics?: true;
}

/** Draws what happens to a hub, and says what the right answer is, by the evidence matrix of the IoT Hub documentation. */
export type Story = (dice: Dice, hub: LabelledHub) => Told;

/** `at` and `for` in minutes. */
export function minutes(at: number, lasts?: number): { readonly at: string; readonly for?: string } {
  return { at: duration(at), ...(lasts === undefined ? {} : { for: duration(lasts) }) };
}

function duration(inMinutes: number): string {
  return `${inMinutes < 0 ? '-' : ''}${Math.abs(inMinutes).toFixed(3)}m`;
}

/** Something that is counted and has not happened for two weeks, until it does so often per minute. */
export function failures(metric: string, perMinute: number, at: number): readonly StoryEvent[] {
  const fortnight = 14 * 24 * 60;
  return [
    { kind: 'metric', ...minutes(-fortnight, fortnight + at), metric, value: 0 },
    { kind: 'metric', ...minutes(at), metric, value: perMinute },
  ];
}

/** Records in the log, so many per minute, at most what a hub may write in these tests. */
export function records(
  code: string | null,
  category: string,
  perMinute: number,
  when: { readonly at: string; readonly for?: string },
  more: Readonly<Record<string, unknown>> = {},
): StoryEvent {
  return {
    kind: 'logs',
    code,
    category,
    perMinute: Math.round(Math.min(900, Math.max(0.2, perMinute)) * 10) / 10,
    ...when,
    ...more,
  };
}

/** Connections that are closed: so many devices, over so many minutes. */
export function closed(devices: number, at: number, over: number): StoryEvent {
  return records('404104', 'Connections', devices / over, minutes(at, over), {
    operation: 'deviceDisconnect',
    devices: Math.max(1, Math.round(devices)),
  });
}

/** Devices that connect well, so many over so many minutes. */
export function connected(devices: number, at: number, over: number): StoryEvent {
  return records(null, 'Connections', devices / over, minutes(at, over), {
    level: 'Information',
    devices: Math.max(1, Math.round(devices)),
  });
}
