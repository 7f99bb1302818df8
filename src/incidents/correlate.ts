import {
  compareSeverity,
  fingerprint,
  groupOfSubject,
  incidentId,
  withEvent,
  type Firing,
  type Incident,
  type Member,
  type Subject,
} from './incident.ts';
import { cause } from '../diagnosis/diagnosis.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';

/** How many hubs are watched, to tell "half the region" from "three of two hundred". */
export interface Fleet {
  readonly byRegion: ReadonlyMap<string, number>;
  readonly bySubscription: ReadonlyMap<string, number>;
}

/** A change to store: an incident as it must be from now on. `new` ones are inserted. */
export interface Correlated {
  readonly incident: Incident;
  readonly kind: 'parent-opened' | 'parent-changed' | 'folded' | 'unfolded' | 'settled';
}

/** Incidents that begin within this time of each other may be one storm. */
const togetherMs = 5 * MINUTE;
/** An incident is looked at for a storm this long after it opened; a storm takes in latecomers this long. */
const joinMs = 15 * MINUTE;
/** So many hubs at once are never a coincidence … */
const manyHubs = 5;
/** … and fewer only if they are most of what there is; two never are, unless the platform says it is at fault. */
const someHubs = 3;
const someShare = 0.5;
/** A storm is over when no more than this share of its hubs is still in trouble. */
const overShare = 0.1;
/** A member that is still in trouble so long after its storm is over gets a card of its own. */
const leftoverMs = 10 * MINUTE;

/**
 * Which incidents belong together: side effects fold into their cause on the same hub, and incidents that begin
 * together on many hubs of one region or subscription become one. Pure: looks at the live incidents and says what has
 * to change.
 */
export function correlate(live: readonly Incident[], fleet: Fleet, now: EpochMs): readonly Correlated[] {
  const changes = new Map<string, Correlated>();
  const current = (incident: Incident): Incident => changes.get(incident.fingerprint)?.incident ?? incident;
  const change = (incident: Incident, kind: Correlated['kind']): void => {
    changes.set(incident.fingerprint, { incident, kind });
  };

  foldSideEffects(live, now, current, change);
  for (const parent of live.filter(isStorm)) followStorm(parent, live, now, current, change);
  for (const storm of findStorms(live.map(current), fleet, now)) {
    change(storm.parent, 'parent-opened');
    for (const member of storm.members) change(folded(current(member), storm.parent.id, now), 'folded');
  }
  unfoldLeftovers(live, now, current, change);
  for (const incident of live) {
    const latest = current(incident);
    if (latest.grouping === 'waiting' && !latest.foldedInto) change({ ...latest, grouping: 'settled' }, 'settled');
  }
  return [...changes.values()];
}

type Change = (incident: Incident, kind: Correlated['kind']) => void;
type Current = (incident: Incident) => Incident;

const isOpen = (incident: Incident): boolean => incident.status !== 'resolved';
const isStorm = (incident: Incident): boolean =>
  incident.subject.kind === 'hubs' && incident.signal !== 'visibility' && isOpen(incident);

/** Log codes that are part of what a metric incident of the same hub is about. */
const covers: Readonly<Record<string, RegExp>> = {
  throttling: /^logs-429/,
  quota: /^logs-(?:403002|404|401|409|400)/,
  'connected-devices': /^logs-(?:404|401|400|403012|409|50[0234])/,
};

/** On one hub: log incidents fold into the metric incident that is about them, lost connections into a used-up quota, and the later of two with the same established cause into the earlier. */
function foldSideEffects(live: readonly Incident[], now: EpochMs, current: Current, change: Change): void {
  const byHub = Map.groupBy(
    live.filter((incident) => isOpen(incident) && incident.subject.kind === 'hub'),
    (incident) => (incident.subject.kind === 'hub' ? incident.subject.hub.id : ''),
  );
  for (const incidents of byHub.values()) {
    for (const effect of incidents) {
      if (current(effect).foldedInto) continue;
      const root = incidents.find((other) => other !== effect && !current(other).foldedInto && explains(other, effect));
      if (root) change(folded(current(effect), root.id, now), 'folded');
    }
  }
}

function explains(root: Incident, effect: Incident): boolean {
  if (covers[root.signal]?.test(effect.signal)) return true;
  const exhausted = root.signal === 'quota' && (root.evaluation.numbers.ratio ?? 0) >= 1;
  if (exhausted && effect.signal === 'connected-devices') return effect.beganAt >= exhaustedAt(root) - 3 * MINUTE;
  const family = cause(root.diagnosis)?.family;
  const same = family !== undefined && family === cause(effect.diagnosis)?.family;
  return same && (root.beganAt < effect.beganAt || (root.beganAt === effect.beganAt && root.id < effect.id));
}

function exhaustedAt(quota: Incident): EpochMs {
  return (
    quota.events.find(({ kind, to }) => (kind === 'severity' || kind === 'opened') && to === 'critical')?.at ??
    quota.beganAt
  );
}

/** Keeps a storm's list true: who joined, who recovered, and whether it is over. */
function followStorm(
  parent: Incident,
  live: readonly Incident[],
  now: EpochMs,
  current: Current,
  change: Change,
): void {
  if (parent.subject.kind !== 'hubs' || parent.status === 'resolved') return;
  const own = live.filter((incident) => incident.foldedInto?.id === parent.id);
  const joining = live.filter(
    (incident) =>
      isCandidate(current(incident), now) &&
      incident.signal === parent.signal &&
      isIn(incident, parent.subject) &&
      now - parent.openedAt <= joinMs &&
      incident.beganAt >= parent.beganAt - togetherMs &&
      compatible(parent, incident),
  );
  for (const incident of joining) change(folded(current(incident), parent.id, now), 'folded');

  const known = new Map(parent.subject.members.map((member) => [member.hub.id, member]));
  for (const incident of [...own, ...joining]) {
    if (incident.subject.kind !== 'hub') continue;
    const before = known.get(incident.subject.hub.id);
    const recoveredAt = incident.status === 'resolved' ? (before?.recoveredAt ?? incident.resolvedAt) : undefined;
    known.set(incident.subject.hub.id, {
      hub: incident.subject.hub,
      incidentId: incident.id,
      ...(recoveredAt === undefined ? {} : { recoveredAt }),
    });
  }
  // A member whose incident has gone to history recovered long ago.
  const liveIds = new Set(own.map(({ id }) => id));
  const members = [...known.values()].map((member): Member =>
    member.recoveredAt === undefined &&
    member.incidentId !== undefined &&
    !liveIds.has(member.incidentId) &&
    !joining.some(({ id }) => id === member.incidentId)
      ? { ...member, recoveredAt: now }
      : member,
  );
  const active = members.filter(({ recoveredAt }) => recoveredAt === undefined).length;
  const activeBefore = parent.subject.members.filter(({ recoveredAt }) => recoveredAt === undefined).length;
  if (members.length === parent.subject.members.length && active === activeBefore) return;
  const subject: Subject = { ...parent.subject, members };
  const over = active <= Math.floor(members.length * overShare);
  const changed = {
    ...parent,
    subject,
    revision: parent.revision + 1,
    updatedAt: now,
    evaluation: stormEvaluation(parent.evaluation, members, over),
  };
  change(
    over
      ? {
          ...changed,
          status: 'resolved',
          resolvedAt: now,
          events: withEvent(parent.events, { at: now, kind: 'resolved' }),
        }
      : { ...changed, events: withEvent(parent.events, { at: now, kind: 'members', to: String(members.length) }) },
    'parent-changed',
  );
}

interface Storm {
  readonly parent: Firing;
  readonly members: readonly Incident[];
}

function findStorms(incidents: readonly Incident[], fleet: Fleet, now: EpochMs): readonly Storm[] {
  const storms: Storm[] = [];
  const taken = new Set<string>();
  const open = incidents.filter((incident) => isCandidate(incident, now));
  const clusters = [
    ...cluster(
      open,
      (hub) => hub.region,
      (region) => ({ kind: 'hubs', subscriptionId: '*', region, members: [] }),
      fleet.byRegion,
    ),
    ...cluster(
      open,
      (hub) => hub.subscriptionId,
      (id) => ({ kind: 'hubs', subscriptionId: id, region: undefined, members: [] }),
      fleet.bySubscription,
    ),
  ];
  for (const { subject, members, watched } of clusters) {
    const free = members.filter(({ fingerprint: print }) => !taken.has(print));
    const together = beginTogether(free);
    const platform =
      together.length >= 2 &&
      together.every(({ diagnosis }) => diagnosis.candidates[0]?.reason === 'platform-unhealthy');
    const enough =
      together.length >= manyHubs || (together.length >= someHubs && together.length >= watched * someShare);
    if (!enough && !platform) continue;
    const [first] = together;
    if (!first) continue;
    // What came a little before or after the core belongs to it too, as it would if the storm were open already.
    const joined = free.filter(({ beganAt }) => beganAt >= first.beganAt - togetherMs);
    for (const { fingerprint: print } of joined) taken.add(print);
    storms.push({ parent: openStorm(subject, joined, first, now), members: joined });
  }
  return storms;
}

/** An incident of one hub, open, that nothing speaks for, and young enough to be part of something that is beginning. */
function isCandidate(incident: Incident, now: EpochMs): boolean {
  return (
    incident.subject.kind === 'hub' && isOpen(incident) && !incident.foldedInto && now - incident.openedAt <= joinMs
  );
}

function cluster(
  open: readonly Incident[],
  place: (hub: Member['hub']) => string,
  subjectOf: (place: string) => Extract<Subject, { kind: 'hubs' }>,
  watched: ReadonlyMap<string, number>,
) {
  const groups = Map.groupBy(open, (incident) =>
    incident.subject.kind === 'hub' ? `${incident.signal}|${place(incident.subject.hub)}` : '',
  );
  return [...groups].map(([key, members]) => {
    const where = key.slice(key.indexOf('|') + 1);
    return { subject: subjectOf(where), members: sameFamily(members), watched: watched.get(where) ?? members.length };
  });
}

/** Those whose established family is the most frequent one, and those of whom nothing is established. */
function sameFamily(members: readonly Incident[]): readonly Incident[] {
  const families = Map.groupBy(members, (incident) => cause(incident.diagnosis)?.family ?? '');
  const [lead] = [...families].filter(([family]) => family !== '').toSorted((a, b) => b[1].length - a[1].length)[0] ?? [
    '',
  ];
  return members.filter((incident) => ['', lead].includes(cause(incident.diagnosis)?.family ?? ''));
}

/** The largest set of incidents that began within a few minutes of each other. */
function beginTogether(members: readonly Incident[]): readonly Incident[] {
  const sorted = members.toSorted((a, b) => a.beganAt - b.beganAt);
  let best: readonly Incident[] = [];
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to]?.beganAt ?? 0) - (sorted[from]?.beganAt ?? 0) > togetherMs) from++;
    if (to - from + 1 > best.length) best = sorted.slice(from, to + 1);
  }
  return best;
}

function openStorm(
  subject: Extract<Subject, { kind: 'hubs' }>,
  incidents: readonly Incident[],
  first: Incident,
  now: EpochMs,
): Firing {
  const members = incidents.flatMap(({ subject: own, id }): Member[] =>
    own.kind === 'hub' ? [{ hub: own.hub, incidentId: id }] : [],
  );
  const whole: Subject = { ...subject, members };
  const print = fingerprint(whole, first.signal);
  const established = incidents.find(({ diagnosis }) => cause(diagnosis) !== undefined) ?? first;
  const severity = incidents.map(({ evaluation }) => evaluation.severity).toSorted(compareSeverity)[0] ?? 'error';
  const { beganAt } = first;
  const evaluation = stormEvaluation(
    { ...first.evaluation, rule: 'storm', reason: 'many-hubs', severity, sinceAt: beganAt },
    members,
    false,
  );
  return {
    status: 'firing',
    id: incidentId(print, now),
    fingerprint: print,
    group: groupOfSubject(whole),
    subject: whole,
    signal: first.signal,
    revision: 1,
    beganAt,
    openedAt: now,
    updatedAt: now,
    evaluation,
    diagnosis: established.diagnosis,
    grouping: 'settled',
    worstSeverity: severity,
    events: [{ at: now, kind: 'opened', to: severity }],
  };
}

function stormEvaluation(evaluation: Evaluation, members: readonly Member[], over: boolean): Evaluation {
  const { picture: _picture, ...rest } = evaluation;
  const active = members.filter(({ recoveredAt }) => recoveredAt === undefined).length;
  return { ...rest, verdict: over ? 'normal' : 'breach', numbers: { value: active, total: members.length } };
}

function isIn(incident: Incident, subject: Subject): boolean {
  if (incident.subject.kind !== 'hub' || subject.kind !== 'hubs') return false;
  const { hub } = incident.subject;
  return (
    (subject.region === undefined || subject.region === hub.region) &&
    (subject.subscriptionId === '*' || subject.subscriptionId === hub.subscriptionId)
  );
}

function compatible(a: Incident, b: Incident): boolean {
  const [one, other] = [cause(a.diagnosis)?.family, cause(b.diagnosis)?.family];
  return one === undefined || other === undefined || one === other;
}

/** What another incident spoke for is on its own again when that one has been over for a while, or has gone. */
function unfoldLeftovers(live: readonly Incident[], now: EpochMs, current: Current, change: Change): void {
  for (const incident of live) {
    const latest = current(incident);
    if (!isOpen(latest) || !latest.foldedInto || changesNow(latest, now)) continue;
    const parentId = latest.foldedInto.id;
    const parent = live.find(({ id }) => id === parentId);
    const speaks = parent && (parent.status !== 'resolved' || now - parent.resolvedAt < leftoverMs);
    if (speaks) continue;
    const { foldedInto: _foldedInto, ...alone } = latest;
    change(
      {
        ...alone,
        grouping: 'settled',
        revision: latest.revision + 1,
        updatedAt: now,
        events: withEvent(latest.events, { at: now, kind: 'unfolded' }),
      },
      'unfolded',
    );
  }
}

/** Folded in this very round: its parent may not be among the live ones yet. */
function changesNow(incident: Incident, now: EpochMs): boolean {
  return incident.foldedInto?.at === now;
}

function folded(incident: Incident, id: string, now: EpochMs): Incident {
  return {
    ...incident,
    grouping: 'settled',
    foldedInto: { id, at: now },
    revision: incident.revision + 1,
    updatedAt: now,
    events: withEvent(incident.events, { at: now, kind: 'folded', to: id }),
  };
}
