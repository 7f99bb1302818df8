import e400 from './entries/400.json' with { type: 'json' };
import e401 from './entries/401.json' with { type: 'json' };
import e403 from './entries/403.json' with { type: 'json' };
import e404 from './entries/404.json' with { type: 'json' };
import e405 from './entries/405.json' with { type: 'json' };
import e409 from './entries/409.json' with { type: 'json' };
import e412 from './entries/412.json' with { type: 'json' };
import e413 from './entries/413.json' with { type: 'json' };
import e415 from './entries/415.json' with { type: 'json' };
import e429 from './entries/429.json' with { type: 'json' };
import e499 from './entries/499.json' with { type: 'json' };
import e500 from './entries/500.json' with { type: 'json' };
import e502 from './entries/502.json' with { type: 'json' };
import e503 from './entries/503.json' with { type: 'json' };
import e504 from './entries/504.json' with { type: 'json' };
import familyList from './families.json' with { type: 'json' };
import connectivity from './topics/connectivity.json' with { type: 'json' };
import http500 from './topics/http-500.json' with { type: 'json' };
import httpCompare from './topics/http-compare.json' with { type: 'json' };
import httpStatuses from './topics/http-statuses.json' with { type: 'json' };
import logs from './topics/logs.json' with { type: 'json' };
import messaging from './topics/messaging.json' with { type: 'json' };
import quotas from './topics/quotas.json' with { type: 'json' };
import timeouts from './topics/timeouts.json' with { type: 'json' };
import type { Entry, Family, Topic } from './schema.ts';

// The files are checked against the schema when the catalogue is built and tested, not again at every start.
export const entries = [
  e400,
  e401,
  e403,
  e404,
  e405,
  e409,
  e412,
  e413,
  e415,
  e429,
  e499,
  e500,
  e502,
  e503,
  e504,
].flat() as readonly Entry[];
export const families = familyList as readonly Family[];
export const topics = [
  connectivity,
  http500,
  httpCompare,
  httpStatuses,
  logs,
  messaging,
  quotas,
  timeouts,
].flat() as readonly Topic[];

const byCode = new Map(entries.map((entry) => [entry.code, entry]));
const byFamily = new Map(families.map((family) => [family.family, family]));
const byTopic = new Map(topics.map((topic) => [topic.id, topic]));

/** The entry of a six-digit code. */
export function findEntry(code: string): Entry | undefined {
  return byCode.get(code);
}

/** The family or sub-family named `429xxx` or `4001xx`. */
export function findFamily(name: string): Family | undefined {
  return byFamily.get(name);
}

export function findTopic(id: string): Topic | undefined {
  return byTopic.get(id);
}

/** The page about an HTTP status, such as `500`. */
export function findStatus(status: string): Topic | undefined {
  return byTopic.get(`http-${status}`);
}

/** What is known of a six-digit code, even one that is not in the catalogue: its sub-family, else its family. */
export function familyOf(code: string): Family | undefined {
  return byFamily.get(`${code.slice(0, 4)}xx`) ?? byFamily.get(`${code.slice(0, 3)}xxx`);
}
