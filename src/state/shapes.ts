import * as z from 'zod';
import type { HubRecord } from '../detection/hub-record.ts';
import type { LogScopeRecord } from '../diagnosis/log-record.ts';
import type { Heartbeat } from '../hubs/heartbeat.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Silence } from '../incidents/silence.ts';
import type { Channel } from '../notify/channel.ts';
import type { Post } from '../notify/post.ts';

// What a row must hold to be taken for what it should be: the fields that the rest cannot do without. A row that was
// cut off, written by hand or by a version that thought differently is damaged, and counts as absent.

const text = z.string().min(1);
const object = z.record(z.string(), z.unknown());

const incident = z.object({
  id: text,
  fingerprint: text,
  group: text,
  status: z.enum(['firing', 'acknowledged', 'resolved']),
  revision: z.number(),
  openedAt: z.number(),
  updatedAt: z.number(),
  subject: z.object({ kind: z.enum(['hub', 'hubs']) }),
  evaluation: z.object({ severity: text, numbers: object }),
  diagnosis: z.object({ candidates: z.array(object), logs: z.object({ state: text }), rows: z.array(object) }),
  grouping: z.enum(['waiting', 'settled']),
  events: z.array(object),
});
const silence = z.object({
  id: text,
  fingerprint: text,
  from: z.number(),
  until: z.number(),
  by: z.object({ name: z.string() }),
});
const channel = z.object({
  id: text,
  kind: z.enum(['channel', 'group', 'personal']),
  serviceUrl: text,
  botId: z.string(),
  subscribed: z.boolean(),
  language: z.enum(['en', 'fr']),
});
const post = z.object({ incidentId: text, channelId: text, revision: z.number(), attempts: z.number() });
const hubRecord = z.object({
  hub: z.object({ id: text, name: text, subscriptionId: text, region: text }),
  states: z.record(z.string(), z.object({ detector: text, hot: z.string(), pictureDay: z.number().optional() })),
  verdicts: object,
});
const heartbeat = z.object({ tickAt: z.number(), failing: z.record(z.string(), z.object({ since: z.number() })) });
const logScopeRecord = z.object({
  sweptAt: z.number().optional(),
  hubs: z.record(z.string(), z.object({ seenAt: z.number(), usual: object })),
  turns: z.record(z.string(), z.number()).optional(),
});

export const isIncident = (value: unknown): value is Incident => incident.safeParse(value).success;
export const isSilence = (value: unknown): value is Silence => silence.safeParse(value).success;
export const isChannel = (value: unknown): value is Channel => channel.safeParse(value).success;
export const isPost = (value: unknown): value is Post => post.safeParse(value).success;
export const isHubRecord = (value: unknown): value is HubRecord => hubRecord.safeParse(value).success;
export const isHeartbeat = (value: unknown): value is Heartbeat => heartbeat.safeParse(value).success;
export const isLogScopeRecord = (value: unknown): value is LogScopeRecord => logScopeRecord.safeParse(value).success;
