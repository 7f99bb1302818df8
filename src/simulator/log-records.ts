import { MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { backgroundStreams, eventStreams } from './log-events.ts';
import { renewalStreams } from './log-renewal.ts';
import { logsBeginAt, roll, type LogStream } from './log-stream.ts';
import type { ScenarioHub } from './scenario.ts';
import type { World } from './world.ts';

export interface LogRecord {
  readonly stream: LogStream;
  readonly number: number;
  readonly at: EpochMs;
  /** When a reader can see it: 1 to 4 minutes after `at`. */
  readonly ingestedAt: EpochMs;
}

/** Records that one query may be given. */
export const maxRecords = 50_000;

/** Everything that writes to the log of the hub; nothing does if no diagnostic setting sends it to a workspace. */
export function streamsOf(world: World, hub: ScenarioHub): readonly LogStream[] {
  if (!hub.diagnostics) return [];
  return [...eventStreams(world, hub), ...backgroundStreams(world, hub), ...renewalStreams(world, hub)];
}

/**
 * The records of the streams in the span that a reader sees at `now`, oldest first.
 *
 * At most {@link maxRecords}: if there are more, the busiest streams are thinned to every second, third … record, always
 * the same ones, while the small ones stay whole. `thinned` tells it, for what is counted is then too little.
 */
export function readLog(
  world: World,
  streams: readonly LogStream[],
  span: Span,
  now: EpochMs,
): { readonly records: readonly LogRecord[]; readonly thinned: boolean } {
  const seen = overlap(span, { from: logsBeginAt(world.scenario), to: now });
  const ranges = streams.map((stream) => rangeIn(stream, seen));
  const most = evenShare(ranges.map(([first, end]) => end - first));
  const records: LogRecord[] = [];
  let thinned = false;
  for (const [i, stream] of streams.entries()) {
    const [first, end] = ranges[i] ?? [0, 0];
    const { from, to } = overlap(seen, stream.life);
    const step = Math.max(1, Math.ceil((end - first) / most));
    thinned ||= step > 1;
    for (let number = Math.ceil(first / step) * step; number < end; number += step) {
      const at = stream.at(number);
      if (at < from || at >= to) continue;
      const ingestedAt = at + Math.floor(MINUTE + 3 * MINUTE * roll(world, stream, number, 0));
      if (ingestedAt <= now && !isGone(world, stream.hub, at)) records.push({ stream, number, at, ingestedAt });
    }
  }
  return { records: records.sort((a, b) => a.at - b.at), thinned };
}

function overlap(a: Span, b: Span): Span {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

function rangeIn(stream: LogStream, span: Span): readonly [number, number] {
  const within = overlap(span, stream.life);
  if (within.from >= within.to) return [0, 0];
  const [first, end] = stream.numbers(within);
  return [Math.max(0, first), Math.max(0, first, end)];
}

/** A hub that is deleted writes nothing. */
function isGone(world: World, hub: ScenarioHub, at: EpochMs): boolean {
  return world.eventsOf(hub).some((event) => event.kind === 'deleted') && world.facts(hub, at).deleted;
}

/** How much each may have so that all have {@link maxRecords} together, and those that want less what they want. */
function evenShare(wanted: readonly number[]): number {
  let left = maxRecords;
  const sorted = wanted.filter((count) => count > 0).sort((a, b) => a - b);
  for (const [i, count] of sorted.entries()) {
    const share = left / (sorted.length - i);
    if (count > share) return Math.max(1, share);
    left -= count;
  }
  return maxRecords;
}
