import { createHash } from 'node:crypto';
import type { Evaluation, Severity, Signal } from '../detection/evaluation.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Hub } from '../hubs/hub.ts';
import type { EpochMs } from '../time/time.ts';

/** A person, as Teams knows them. */
export interface Person {
  /** Entra object id where Teams gives it, else the bot's own id for the person. */
  readonly id: string;
  readonly name: string;
}

/** What of a hub an incident remembers. */
export type HubRef = Pick<Hub, 'id' | 'name' | 'subscriptionId' | 'region' | 'sku' | 'units'>;

/** What an incident remembers of a hub. */
export function refOf({ id, name, subscriptionId, region, sku, units }: Hub): HubRef {
  return { id, name, subscriptionId, region, sku, units };
}

/** What an incident is about: one hub, or several hubs that share one trouble. */
export type Subject =
  | { readonly kind: 'hub'; readonly hub: HubRef }
  | {
      readonly kind: 'hubs';
      /** What they have in common, as far as it is known. */
      readonly subscriptionId: string;
      readonly region: string | undefined;
      readonly members: readonly Member[];
    };

/** A hub that takes part in an incident of several hubs; it stays on the list when it has recovered. */
export interface Member {
  readonly hub: HubRef;
  /** Its own incident, which the group speaks for. */
  readonly incidentId?: string;
  readonly recoveredAt?: EpochMs;
}

/** What went on with an incident, newest last; at most {@link maxEvents} are kept. */
export interface IncidentEvent {
  readonly at: EpochMs;
  readonly kind:
    | 'opened'
    | 'reopened'
    | 'severity'
    | 'acknowledged'
    | 'silenced'
    | 'unsilenced'
    | 'resolved'
    | 'unwatched'
    | 'family'
    | 'evidence'
    | 'members'
    | 'folded'
    | 'unfolded';
  readonly by?: Person;
  /** The new severity, family or parent. */
  readonly to?: string;
}
export const maxEvents = 30;

/** What an incident that is folded into another one shows of the same hub. */
export interface Symptom {
  readonly incidentId: string;
  readonly signal: Signal;
  readonly metric: string;
  readonly reason: string;
  readonly severity: Severity;
  readonly numbers: Evaluation['numbers'];
  readonly sinceAt: EpochMs;
  readonly endedAt?: EpochMs;
}

interface IncidentFacts {
  /** Seven letters and digits, easy to type on a phone. */
  readonly id: string;
  /** The same for the same hub and signal: at most one incident of a fingerprint is live. */
  readonly fingerprint: string;
  /** Hubs that are evaluated together; see `groupOf`. */
  readonly group: string;
  readonly subject: Subject;
  readonly signal: Signal;
  /** Grows with every change that a card must show. */
  readonly revision: number;
  /** When the trouble began, by the metric … */
  readonly beganAt: EpochMs;
  /** … when Hubwatch said so … */
  readonly openedAt: EpochMs;
  /** … and when this revision was made. */
  readonly updatedAt: EpochMs;
  /** The last evaluation that a card shows. */
  readonly evaluation: Evaluation;
  readonly diagnosis: Diagnosis;
  /** When logs and health were last looked at for it. */
  readonly diagnosedAt?: EpochMs;
  /**
   * Whether it has been decided that it goes out by itself. Until then no card is posted: a storm shows itself by the
   * incidents that open together.
   */
  readonly grouping: 'waiting' | 'settled';
  /** The incident that speaks for this one; no card of its own is posted meanwhile. */
  readonly foldedInto?: { readonly id: string; readonly at: EpochMs };
  /** What else is wrong with the same hub because of it. */
  readonly symptoms?: readonly Symptom[];
  readonly worstSeverity: Severity;
  readonly events: readonly IncidentEvent[];
}

export interface Firing extends IncidentFacts {
  readonly status: 'firing';
}
export interface Acknowledged extends IncidentFacts {
  readonly status: 'acknowledged';
  readonly acknowledgedBy: Person;
  readonly acknowledgedAt: EpochMs;
}
export interface Resolved extends IncidentFacts {
  readonly status: 'resolved';
  readonly resolvedAt: EpochMs;
  /** Absent: nobody closed it by hand. */
  readonly resolvedBy?: Person;
  /** Absent: it recovered, or was closed by hand. Otherwise nobody judges it any more, whatever became of it. */
  readonly endReason?: 'no-longer-watched';
  readonly acknowledgedBy?: Person;
}
/** Something wrong with one signal of its subject, from its first breach to its end. */
export type Incident = Firing | Acknowledged | Resolved;

/** Hubs of one subscription and region: read, evaluated and stored together. */
export function groupOf(hub: Pick<Hub, 'subscriptionId' | 'region'>): string {
  return `${hub.subscriptionId}:${hub.region}`;
}

/** One incident of one signal at a time, for a hub and for the hubs of a group. */
export function fingerprint(subject: Subject, signal: Signal): string {
  const what = subject.kind === 'hub' ? subject.hub.id : `hubs:${groupOfSubject(subject)}`;
  return `${what}|${signal}`;
}

export function groupOfSubject(subject: Subject): string {
  return groupOf(
    subject.kind === 'hub' ? subject.hub : { subscriptionId: subject.subscriptionId, region: subject.region ?? '*' },
  );
}

/** A subject in one or two words, for the log. */
export function nameOf(subject: Subject): string {
  return subject.kind === 'hub' ? subject.hub.name : `${String(subject.members.length)} hubs`;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An id that two evaluations of the same opening agree on. No I, L, O or U: they are misread. */
export function incidentId(print: string, openedAt: EpochMs): string {
  const digest = createHash('sha256')
    .update(`${print}@${String(openedAt)}`)
    .digest();
  let id = '';
  for (let i = 0; i < 7; i++) id += alphabet[(digest[i] ?? 0) % 32] ?? '0';
  return id;
}

/** What a person typed as an incident id, or `undefined`: letter case, `#` and look-alike letters do not matter. */
export function parseIncidentId(text: string): string | undefined {
  const id = text.trim().replace(/^#/, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{7}$/.test(id) ? id : undefined;
}

export const severities: readonly Severity[] = ['critical', 'error', 'warning', 'information'];

/** Negative if `a` is worse than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** Whether it is not over, be it acknowledged or not. */
export function isOpen(incident: Incident): incident is Firing | Acknowledged {
  return incident.status !== 'resolved';
}

/** How bad it is now: its own figures, or the worst of its symptoms. */
export function severityOf({ evaluation, symptoms = [] }: Incident): Severity {
  const lasting = symptoms.filter(({ endedAt }) => endedAt === undefined).map(({ severity }) => severity);
  return [evaluation.severity, ...lasting].toSorted(compareSeverity)[0] ?? evaluation.severity;
}

/**
 * The next revision of an incident: its cards have to show it. A change of status is made before, so that the result is of
 * that status.
 */
export function revised<Status extends Incident>(
  incident: Status,
  now: EpochMs,
  fields: Partial<IncidentFacts>,
  ...happened: readonly Omit<IncidentEvent, 'at'>[]
): Status {
  const events = happened.map((event) => ({ at: now, ...event }));
  return {
    ...incident,
    ...fields,
    revision: incident.revision + 1,
    updatedAt: now,
    events: [...incident.events, ...events].slice(-maxEvents),
  };
}
