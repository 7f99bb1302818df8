import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { parseDuration } from '../time/duration.ts';
import type { EpochMs } from '../time/time.ts';

/**
 * A scenario is data: hubs with their usual traffic, then what happens to them, then the incidents that must come of it.
 * `scenarios/README.md` explains every field to people who write one.
 */

function durationFrom(sign: RegExp) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text.replace(sign, ''));
    if (ms === undefined) {
      context.addIssue({
        code: 'custom',
        message: `must be a duration such as 90s, 5m or 1h30m, not "${text.slice(0, 40)}"`,
      });
      return z.NEVER;
    }
    return sign.test(text) ? -ms : ms;
  });
}
const duration = durationFrom(/^(?!)/);
/** Since the scenario's start; `-6h` for what has been going on for six hours by then. */
const moment = durationFrom(/^-/);
const instant = z.union([z.iso.datetime(), z.date()]).transform((value) => new Date(value).getTime());
const share = z.number().min(0).max(100);

const seasonSchema = z.strictObject({
  /** By how much the busiest hour exceeds the daily mean, as a share of it. */
  day: z.number().min(0).max(1).default(0),
  /** By how much Saturday and Sunday fall short, as a share. */
  weekend: z.number().min(0).max(1).default(0),
  /** The hour (UTC) that is busiest. */
  peakHour: z.number().min(0).max(24).default(14),
});
export type Season = z.infer<typeof seasonSchema>;

const hubSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9-]{3,46}$/),
  /** Makes that many hubs of it, named `name-001` … */
  count: z.int().min(1).max(20_000).default(1),
  subscription: z.guid().default('11111111-1111-4111-8111-111111111111'),
  resourceGroup: z.string().min(1).max(90).default('rg-iot'),
  region: z
    .string()
    .regex(/^[a-z0-9]{3,30}$/)
    .default('westeurope'),
  sku: z.string().min(1).max(10).default('S1'),
  units: z.int().min(1).max(200).default(1),
  /** Overrides what SKU and units give. */
  messagesPerDay: z.int().min(1).optional(),
  /** Registered devices; default: a tenth more than are connected. */
  devices: z.int().min(0).max(1_000_000).optional(),
  connected: z.int().min(0).max(1_000_000).default(500),
  sendsPerMinute: z.number().min(0).max(10_000_000).default(200),
  /** How the sends swing over day and week … */
  season: seasonSchema.prefault({}),
  /** … and how the number of connected devices does. */
  presence: seasonSchema.prefault({}),
  /** Devices renew their tokens: a shallow dip at a regular interval. */
  renewal: z.strictObject({ every: duration, share: z.number().min(0).max(1) }).optional(),
  /** Standard deviation of one minute, as a share of its value. */
  noise: z.number().min(0).max(1).default(0.01),
  /** Share of the daily quota already used when the scenario starts; default: what the traffic since midnight gives. */
  quotaUsed: share.optional(),
  tags: z.record(z.string().max(512), z.string().max(256)).default({}),
  /** Whether a diagnostic setting sends the hub's logs to the workspace. */
  diagnostics: z.boolean().default(true),
});

const timed = {
  at: moment,
  for: duration.default(Number.POSITIVE_INFINITY),
  /** Hub names, a name with `*` at the end, or absent for all. */
  hubs: z.array(z.string().min(1).max(60)).optional(),
};
const metricNames = z.array(z.string().min(3).max(80)).min(1).max(20);

const eventSchema = z.discriminatedUnion('kind', [
  /** Devices try to send more, or less. */
  z.strictObject({
    kind: z.literal('sends'),
    ...timed,
    factor: share.optional(),
    perMinute: z.number().min(0).optional(),
  }),
  /** A share of the usual devices stays connected (over 1: more than usual); `ramp` spreads the change. */
  z.strictObject({ kind: z.literal('devices'), ...timed, share, ramp: duration.default(0) }),
  /** The daily counter stands at this share of the quota from here on (until midnight UTC). */
  z.strictObject({ kind: z.literal('quota'), ...timed, share }),
  /** Nothing is published for these metrics (absent: for all). */
  z.strictObject({ kind: z.literal('silent'), ...timed, metrics: metricNames.optional() }),
  /** Bins become readable this much after their end. */
  z.strictObject({ kind: z.literal('late'), ...timed, by: duration, metrics: metricNames.optional() }),
  /** Bins are first published as a share of their value, and corrected `after` their end. */
  z.strictObject({
    kind: z.literal('revised'),
    ...timed,
    first: share,
    after: duration,
    metrics: metricNames.optional(),
  }),
  /** The gauge repeats the value it had at `at`. */
  z.strictObject({ kind: z.literal('stuck'), ...timed, metrics: metricNames }),
  /** Any metric gets this much per minute (counters) or this value (gauges). */
  z.strictObject({ kind: z.literal('metric'), ...timed, metric: z.string().min(3).max(80), value: z.number() }),
  /** Records in the hub's resource logs. */
  z.strictObject({
    kind: z.literal('logs'),
    ...timed,
    code: z.string().max(12).nullable(),
    category: z.string().max(40),
    operation: z.string().max(60).default('deviceConnect'),
    level: z.enum(['Error', 'Information', 'Warning']).default('Error'),
    description: z.string().max(4000).optional(),
    perMinute: z.number().min(0).max(100_000),
    /** How many devices share the records … */
    devices: z.int().min(0).max(1_000_000).default(50),
    /** … and the share of all records that the first of them makes. */
    topShare: z.number().min(0).max(1).default(0),
    device: z.string().max(2000).optional(),
    sdk: z.string().max(400).optional(),
    protocol: z.string().max(40).optional(),
    statusCode: z.string().max(12).optional(),
  }),
  /** Azure Resource Health of the hubs. */
  z.strictObject({
    kind: z.literal('health'),
    ...timed,
    state: z.enum(['Available', 'Unavailable', 'Degraded', 'Unknown']),
    summary: z.string().max(2000).default(''),
    reasonType: z.string().max(60).optional(),
    context: z.string().max(60).optional(),
  }),
  /** Somebody scales the hub. */
  z.strictObject({
    kind: z.literal('sku'),
    ...timed,
    sku: z.string().max(10).optional(),
    units: z.int().min(1).max(200).optional(),
  }),
  /** ARM `properties.state` of the hub. */
  z.strictObject({ kind: z.literal('state'), ...timed, state: z.string().max(40) }),
  /** The hub is gone: ARM and metrics do not know it. */
  z.strictObject({ kind: z.literal('deleted'), ...timed }),
  /** An Azure endpoint answers badly. */
  z.strictObject({
    kind: z.literal('azure'),
    ...timed,
    api: z.enum(['metrics', 'batch', 'inventory', 'quota', 'logs', 'health', 'token']),
    answer: z.union([z.int().min(400).max(599), z.enum(['malformed', 'hang', 'partial', 'empty'])]),
    retryAfter: duration.optional(),
  }),
]);

const expectationSchema = z.strictObject({
  hub: z.string().optional(),
  group: z.string().optional(),
  signal: z.string(),
  /** The family or code that the incident must name, or `none` for "cause not established". */
  family: z.string().optional(),
  severity: z.enum(['critical', 'error', 'warning', 'information']).optional(),
  /** Earliest and latest time of opening, since the start. */
  opens: z.tuple([duration, duration]),
  /** Earliest and latest time of resolution; absent: still open at the end. */
  resolves: z.tuple([duration, duration]).optional(),
});

const scenarioSchema = z.strictObject({
  title: z.string().min(3).max(120),
  /** What will happen and what to type, for the banner. */
  about: z.string().min(3).max(1200),
  startsAt: instant.default(Date.parse('2026-03-10T09:00:00Z')),
  length: duration,
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  hubs: z.array(hubSchema).min(1).max(500),
  events: z.array(eventSchema).max(2_000).default([]),
  expect: z.array(expectationSchema).max(1_000).default([]),
});

export type ScenarioEvent = z.infer<typeof eventSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export interface ScenarioHub extends Omit<z.infer<typeof hubSchema>, 'count' | 'devices'> {
  /** ARM resource id, with the letter case that Azure would use. */
  readonly id: string;
  readonly devices: number;
  readonly index: number;
}
export interface Scenario extends Omit<z.infer<typeof scenarioSchema>, 'hubs'> {
  readonly name: string;
  readonly hubs: readonly ScenarioHub[];
  readonly startsAt: EpochMs;
}

/** There is no such scenario, or something is wrong with its text: then each fault is told with its line. */
export class ScenarioFault extends Error {
  readonly faults: readonly string[];
  constructor(message: string, faults: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.name = 'ScenarioFault';
    this.faults = faults;
  }
}

function unreadable(name: string, faults: readonly string[]): ScenarioFault {
  return new ScenarioFault(
    `The scenario ${name} cannot be read:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    faults,
  );
}

/** Reads a scenario's YAML. @throws {ScenarioFault} with every fault and its line */
export function parseScenario(name: string, text: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw unreadable(
      name,
      document.errors.map((error) => `line ${String(lines.linePos(error.pos[0]).line)}: ${error.message}`),
    );
  const parsed = scenarioSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success)
    throw unreadable(
      name,
      parsed.error.issues.map((issue) => {
        const node = document.getIn(issue.path as never, true) as { range?: [number, number, number] } | undefined;
        const at = node?.range ? `line ${String(lines.linePos(node.range[0]).line)}: ` : '';
        return `${at}${issue.path.join('.')}: ${issue.message}`;
      }),
    );
  const hubs = parsed.data.hubs.flatMap((hub) => expand(hub)).map((hub, index) => ({ ...hub, index }));
  const faults = unknownHubs(hubs, parsed.data.events);
  if (faults.length > 0) throw unreadable(name, faults);
  return { ...parsed.data, name, hubs };
}

function expand(hub: z.infer<typeof hubSchema>): Omit<ScenarioHub, 'index'>[] {
  const { count, devices = Math.ceil(hub.connected * 1.1), ...rest } = hub;
  return Array.from({ length: count }, (_, i) => {
    const name =
      count === 1
        ? hub.name
        : `${hub.name}-${String(i + 1).padStart(String(count).length < 3 ? 3 : String(count).length, '0')}`;
    const id = `/subscriptions/${hub.subscription}/resourceGroups/${hub.resourceGroup}/providers/Microsoft.Devices/IotHubs/${name}`;
    return { ...rest, name, devices, id };
  });
}

/** Whether an event is about this hub. */
export function concerns(event: { readonly hubs?: readonly string[] | undefined }, hubName: string): boolean {
  if (!event.hubs) return true;
  return event.hubs.some((name) => (name.endsWith('*') ? hubName.startsWith(name.slice(0, -1)) : name === hubName));
}

function unknownHubs(hubs: readonly { readonly name: string }[], events: readonly ScenarioEvent[]): string[] {
  return events.flatMap((event, i) =>
    (event.hubs ?? [])
      .filter((name) => !hubs.some((hub) => concerns({ hubs: [name] }, hub.name)))
      .map((name) => `events.${String(i)}.hubs: no hub is named ${name}`),
  );
}

/** Whether `at` (ms since the scenario's start) lies in the event's span. */
export function isDuring(event: ScenarioEvent, sinceStartMs: number): boolean {
  return sinceStartMs >= event.at && sinceStartMs < event.at + event.for;
}
