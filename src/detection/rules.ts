import { z } from 'zod';
import { isOperation, operations } from '../hubs/limits.ts';
import { isCoreRule, type CoreSignal } from './rule.ts';
import { HOUR, MINUTE, SECOND } from '../time/time.ts';

/**
 * The rules file. Every key is optional: what is not said is as shipped (shipped-rules.ts). Unknown keys are refused, so
 * that a slip of the pen cannot silently watch nothing.
 */

const units: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR };

/** `90s`, `5m` or `2h`, as milliseconds. */
function durationBetween(least: string, most: string) {
  return z
    .string()
    .regex(/^\d{1,4}[smh]$/, { error: 'write a duration such as 90s, 5m or 2h', abort: true })
    .refine((text) => toMs(text) >= toMs(least) && toMs(text) <= toMs(most), `must be between ${least} and ${most}`)
    .describe(`A duration between ${least} and ${most}, such as 90s, 5m or 2h.`);
}

/** Milliseconds of a duration that the schema has let through. */
export function toMs(duration: string): number {
  return Number(duration.slice(0, -1)) * (units[duration.slice(-1)] ?? 0);
}

export const sensitivitySchema = z
  .enum(['low', 'medium', 'high'])
  .describe('low asks for larger and longer deviations, high for smaller ones; docs: sensitivity.ts');
export type Sensitivity = z.infer<typeof sensitivitySchema>;

const share = (least: number, most: number) => z.number().min(least).max(most);

const common = {
  enabled: z.boolean().optional().describe('false: this signal is not watched'),
  sensitivity: sensitivitySchema.optional(),
  settleAfter: durationBetween('0s', '30m')
    .optional()
    .describe('How long after its end a bin counts as final; Azure Monitor publishes late.'),
};

const seasonal = {
  ...common,
  confirm: durationBetween('1m', '1h').optional().describe('How long a sudden change must last.'),
};

export const connectedDevicesSchema = z.strictObject({
  ...seasonal,
  leastDrop: share(0.01, 0.95)
    .optional()
    .describe('Smallest share of the expected devices that may be missing: 0.05 is 5 %.'),
  leastSurge: share(0.01, 10)
    .optional()
    .describe('Smallest share of unexpected devices: 0.1 is 10 % more than expected.'),
  leastDevices: z.number().min(1).max(1_000_000).optional().describe('Smallest number of devices worth an incident.'),
  directions: z.enum(['drops', 'surges', 'both']).optional(),
});

export const throttlingSchema = z.strictObject({
  ...common,
  attemptsRatio: share(0.1, 10)
    .optional()
    .describe("Warn when send attempts reach this share of the edition's send rate, before anything is refused."),
});

export const quotaSchema = z.strictObject({
  ...common,
  levels: z
    .strictObject({ warning: share(0.01, 1), error: share(0.01, 1), critical: share(0.01, 1) })
    .refine((levels) => levels.warning < levels.error && levels.error < levels.critical, {
      message: 'levels must rise: warning < error < critical',
    })
    .optional()
    .describe('Shares of the daily quota.'),
  levelsAlways: z
    .boolean()
    .optional()
    .describe(
      'true: reaching the warning or error level is an incident even if the day is expected to end below the quota',
    ),
  forecast: z.boolean().optional().describe('false: no warning ahead of the levels'),
});

export const telemetrySchema = z.strictObject({
  enabled: common.enabled,
  settleAfter: common.settleAfter,
  leastDrop: share(0.1, 0.99)
    .optional()
    .describe('Smallest share that must be missing of the quietest comparable half hour.'),
  leastMessages: z.number().min(1).optional().describe('Half hours that need fewer messages than this are not judged.'),
});

export const noDataSchema = z.strictObject({
  enabled: common.enabled,
  after: durationBetween('10m', '24h').optional().describe('How long a metric may be silent.'),
});

export const operationsSchema = z.strictObject({
  ...common,
  attemptsRatio: share(0.1, 10)
    .optional()
    .describe("Warn when an operation's calls reach this share of the edition's rate for it."),
  leaveOut: z.array(z.enum(operations)).optional().describe('Operations that are not watched.'),
});

/** A metric that has no detector of its own. A shipped rule may be adjusted without saying again what it is about. */
export const metricRuleSchema = z.strictObject({
  ...common,
  metric: z.string().min(1).max(100).optional().describe("The metric's REST name, such as c2d.methods.failure."),
  aggregation: z.enum(['total', 'average', 'minimum', 'maximum']).optional(),
  severity: z.enum(['critical', 'error', 'warning', 'information']).optional(),
  direction: z
    .enum(['up', 'down', 'both'])
    .optional()
    .describe('Which departures matter: more failures do, fewer do not.'),
  emptyBin: z
    .enum(['zero', 'unknown'])
    .optional()
    .describe('What an empty bin means: nothing happened (counts of events), or nobody knows (averages).'),
  floor: z
    .number()
    .min(0)
    .optional()
    .describe('Departures smaller than this never matter, in the unit of the metric per bin.'),
  confirm: durationBetween('1m', '1h').optional().describe('How long a departure must last.'),
});

/** Names under which incidents and states of something else are kept. */
function isTaken(name: string): boolean {
  const kept = ['visibility', 'storm', 'operations'];
  return isCoreRule(name) || isOperation(name) || kept.includes(name) || name.startsWith('logs-');
}

const ruleSets = {
  'connected-devices': connectedDevicesSchema.optional(),
  throttling: throttlingSchema.optional(),
  quota: quotaSchema.optional(),
  telemetry: telemetrySchema.optional(),
  'no-data': noDataSchema.optional(),
  operations: operationsSchema.optional().describe('Twin reads and updates, direct methods, twin queries.'),
  metrics: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{1,39}$/, 'write a rule name in lower case with dashes, such as method-failures')
        .refine((name) => !isTaken(name), 'choose another name: Hubwatch has a rule or signal of this name'),
      metricRuleSchema,
    )
    .optional()
    .describe('Rules for other metrics, by name. A shipped one may be adjusted or switched off by its name.'),
} satisfies Record<CoreSignal | 'operations' | 'metrics', z.ZodType>;

export const ruleSetSchema = z.strictObject(ruleSets);
export type RuleSet = z.infer<typeof ruleSetSchema>;

/** Which hubs an override is for; every condition that is given must hold. */
export const selectorSchema = z
  .strictObject({
    hub: z.string().min(1).max(300).optional().describe('Name or resource id of a hub.'),
    region: z.string().min(1).max(60).optional().describe('Azure region, such as westeurope.'),
    tags: z
      .record(z.string().min(1), z.string())
      .refine((tags) => Object.keys(tags).length > 0, 'name a tag and its value, or leave tags out')
      .optional()
      .meta({ description: 'Tags that the hub must carry with these values.', minProperties: 1 }),
  })
  .refine((selector) => Object.keys(selector).length > 0, 'say which hubs: hub, region or tags');
export type HubSelector = z.infer<typeof selectorSchema>;

const instant = z.iso
  .datetime({ offset: true, error: 'write a time such as 2026-03-10T22:00:00Z' })
  .describe('ISO 8601 with a time zone, such as 2026-03-10T22:00:00Z.');

export const maintenanceSchema = z
  .strictObject({
    hubs: selectorSchema.optional().describe('Absent: every hub.'),
    from: instant,
    to: instant,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: 'to must be after from', path: ['to'] });

export const rulesFileSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  sensitivity: sensitivitySchema.optional().describe('For every rule that does not say its own.'),
  rules: ruleSetSchema.optional(),
  overrides: z
    .array(
      z.strictObject({
        hubs: selectorSchema,
        sensitivity: sensitivitySchema.optional(),
        rules: ruleSetSchema.optional(),
      }),
    )
    .optional()
    .describe('For some hubs. A hub name beats tags, tags beat a region; of equals the later one counts.'),
  maintenance: z
    .array(maintenanceSchema)
    .optional()
    .describe('Nothing in these spans is judged or learned; what began before is told after, if it still stands.'),
});
export type RulesFile = z.infer<typeof rulesFileSchema>;

/** JSON Schema of the rules file, for editors; published as rules/hubwatch-rules.schema.json. */
export function rulesJsonSchema(): Record<string, unknown> {
  return { title: 'Hubwatch rules', ...z.toJSONSchema(rulesFileSchema, { io: 'input' }) };
}
