import * as z from 'zod';

/**
 * The shape of the catalogue's files (`entries/*.json`, `families.json`, `topics/*.json`). It is checked when the
 * catalogue is built and tested, not when it is loaded: what ships has passed.
 */

export const languages = ['en', 'fr'] as const;

const sentence = z.string().trim().min(3).max(600);

/** The same thing said in every language. */
const text = z.strictObject({ en: sentence, fr: sentence });
export type Text = z.infer<typeof text>;

/** Six digits, the first three of which are an HTTP status. */
const code = z.string().regex(/^[45]\d{5}$/);

/** Who has to act. */
const actor = z.enum(['device', 'backend', 'operator', 'azure']);

/**
 * Where the fault lives: in the rules of the thing itself (request, identity, state), in something it depends on, or in
 * the machinery underneath (capacity, network, platform).
 */
const bucket = z.enum(['domain', 'dependency', 'infrastructure']);

/** How bad it usually is; the incident at hand may say otherwise. */
const severity = z.enum(['critical', 'error', 'warning', 'information']);

/**
 * - `yes`: the same request may simply be sent again;
 * - `with-backoff`: again, later and later, with jitter;
 * - `after-fix`: only once the cause has been removed;
 * - `no`: it will never succeed as it is.
 */
const retry = z.strictObject({ advice: z.enum(['yes', 'with-backoff', 'after-fix', 'no']), note: text.optional() });

/** The log queries that a check may name; `queries.ts` holds their text. */
export const queryIds = [
  'codes',
  'throttled',
  'token-renewal',
  'renewal-regularity',
  'reconnects',
  'log-feed',
] as const;
export type QueryId = (typeof queryIds)[number];

/** The categories of an IoT hub's diagnostic settings. */
export const logCategories = [
  'Connections',
  'DeviceTelemetry',
  'C2DCommands',
  'DeviceIdentityOperations',
  'FileUploadOperations',
  'Routes',
  'D2CTwinOperations',
  'C2DTwinOperations',
  'TwinQueries',
  'JobsOperations',
  'DirectMethods',
  'DistributedTracing',
  'Configurations',
  'DeviceStreams',
] as const;

/** One way to see whether this is what is happening. */
const check = z.strictObject({
  how: text,
  /** A metric's REST name. */
  metric: z.string().min(3).max(80).optional(),
  category: z.enum(logCategories).optional(),
  query: z.enum(queryIds).optional(),
});

/** How people put it when they do not know the code: short phrases, lower case, no punctuation needed. For search. */
const phrases = z.array(z.string().trim().min(3).max(90)).max(14);
const symptoms = z.strictObject({ en: phrases, fr: phrases });

const link = z.url({ protocol: /^https$/ });

const guidance = {
  meaning: text,
  causes: z.array(text).min(1).max(6),
  confirm: z.array(check).min(1).max(5),
  /** What to do, in order. */
  steps: z.array(text).min(1).max(8),
  retry,
  actors: z.array(actor).min(1).max(4),
  bucket,
  severity,
  symptoms,
  source: link,
};

export const entrySchema = z.strictObject({
  code,
  /** As the documentation spells it. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]{2,80}$/),
  /** Other spellings under which the same error is met (older names, SDK constants). */
  aliases: z.array(z.string().min(3).max(80)).max(8).optional(),
  /** The four-digit prefix under which the documentation groups it, where it does. */
  subfamily: z
    .string()
    .regex(/^[45]\d{3}$/)
    .optional(),
  ...guidance,
  related: z.array(code).max(8),
  /** Exception or constant names of the device and service SDKs that carry this error. */
  exceptions: z.strictObject({
    dotnet: z.array(z.string().max(80)).max(6).optional(),
    java: z.array(z.string().max(80)).max(6).optional(),
    node: z.array(z.string().max(80)).max(6).optional(),
    python: z.array(z.string().max(80)).max(6).optional(),
    c: z.array(z.string().max(80)).max(6).optional(),
  }),
  /** How it looks on the wire. */
  faces: z.strictObject({
    http: z.number().int().min(400).max(599),
    /** AMQP conditions such as `amqp:resource-limit-exceeded` or `com.microsoft:…`. */
    amqp: z.array(z.string().max(80)).max(4).optional(),
    mqtt: text.optional(),
  }),
  /** What a reader must know besides: contradictions of the sources, traps. */
  notes: z.array(text).max(4).optional(),
});
export type Entry = z.infer<typeof entrySchema>;

/** What holds for every code with this prefix, including codes that Microsoft may add. */
export const familySchema = z.strictObject({
  /** `429xxx`, or `4001xx` for a sub-family. */
  family: z.string().regex(/^(?:[45]\d\dxxx|[45]\d{3}xx)$/),
  name: text,
  ...guidance,
  notes: z.array(text).max(4).optional(),
});
export type Family = z.infer<typeof familySchema>;

/** A subject that is not one code: HTTP 500 itself, 500 against 502, timeouts, token renewal … */
export const topicSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{3,40}$/),
  title: text,
  /** Two or three sentences that answer the question by themselves. */
  summary: text,
  symptoms,
  sections: z.array(z.strictObject({ title: text, items: z.array(text).min(1).max(10) })).max(10),
  /** Codes, families (`500xxx`) or HTTP statuses (`500`) that it is about, most important first. */
  about: z.array(z.string().regex(/^(?:[45]\d{5}|[45]\d\dxxx|[45]\d{3}xx|[45]\d\d)$/)).max(8),
  source: link.optional(),
});
export type Topic = z.infer<typeof topicSchema>;

/** What two codes of one log mean together. */
export const combinationSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{3,40}$/),
  /** Two places, each a code, a family (`500xxx`) or several of them joined by `|`. */
  codes: z.array(z.string().regex(/^[45]\d{2}(?:\d{3}|xxx)(?:\|[45]\d{2}(?:\d{3}|xxx))*$/)).length(2),
  /** The first must come before the second. */
  ordered: z.boolean().optional(),
  meaning: text,
  /** What they mean where the log goes on with a connect of the same device; left out where that changes nothing. */
  whenBack: text.optional(),
  /** The topic that tells more. */
  topic: z.string().optional(),
});
export type Combination = z.infer<typeof combinationSchema>;
