import {
  compareSeverity,
  fingerprint,
  groupOfSubject,
  incidentId,
  severityOf,
  revised,
  type Firing,
  type Incident,
  type Member,
  type Resolved,
  type Subject,
  type Symptom,
} from './incident.ts';
import { cause, type Diagnosis } from '../diagnosis/diagnosis.ts';
import { isLogSignal } from '../diagnosis/log-watch.ts';
import type { Evaluation, Severity } from '../detection/evaluation.ts';
import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';

/** How many hubs are watched, to tell "half the region" from "three of two hundred". */
export interface Fleet {
  readonly byRegion: ReadonlyMap<string, number>;
  readonly bySubscription: ReadonlyMap<string, number>;
}

/** A change to store: an incident as it must be from now on. `new` ones are inserted. */
export interface Correlated {
  readonly incident: Incident;
  readonly kind: 'parent-opened' | 'parent-changed' | 'folded' | 'unfolded' | 'symptoms' | 'settled';
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
/**
 * Log records come minutes late, by chance, so that hubs which fail together are seen one after the other. Where a storm
 * is possible, the first of them waits so long for the others.
 */
const straggleMs = 75 * SECOND;
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
  noteSymptoms(live, current, change, now);
  for (const incident of live) {
    const latest = current(incident);
    if (latest.grouping === 'waiting' && !latest.foldedInto && !mayBeFirst(latest, fleet, now))
      change({ ...latest, grouping: 'settled' }, 'settled');
  }
  return [...changes.values()];
}

/** Whether other hubs may be about to show in the logs what this one shows. */
function mayBeFirst(
  { subject, signal, openedAt }: Incident,
  { byRegion, bySubscription }: Fleet,
  now: EpochMs,
): boolean {
  if (subject.kind !== 'hub' || !isLogSignal(signal) || now - openedAt >= straggleMs) return false;
  const near = Math.max(byRegion.get(subject.hub.region) ?? 0, bySubscription.get(subject.hub.subscriptionId) ?? 0);
  return near >= someHubs;
}

type Change = (incident: Incident, kind: Correlated['kind']) => void;
type Current = (incident: Incident) => Incident;

const isOpen = (incident: Incident): boolean => incident.status !== 'resolved';
const isStorm = (incident: Incident): boolean =>
  incident.subject.kind === 'hubs' && incident.signal !== 'visibility' && isOpen(incident);

/** Signals that show the same trouble from two sides, such as lost connections and the refusals in the logs. */
const facets: readonly (readonly [facet: string, signals: RegExp])[] = [
  ['throttling', /^(?:throttling|logs-429)/],
  ['quota', /^(?:quota|logs-403002)/],
  ['connections', /^(?:connected-devices|logs-(?:404|401|400|403012|409|connections|50[0234]$))/],
];

function facetOf(signal: string): string {
  return facets.find(([, signals]) => signals.test(signal))?.[0] ?? signal;
}

/**
 * On one hub, of several incidents about one trouble one speaks: the one whose card is out already, else the metric's
 * before the log's, else the first.
 */
function foldSideEffects(live: readonly Incident[], now: EpochMs, current: Current, change: Change): void {
  const byHub = Map.groupBy(
    live.filter((incident) => isOpen(incident) && incident.subject.kind === 'hub'),
    (incident) => (incident.subject.kind === 'hub' ? incident.subject.hub.id : ''),
  );
  for (const incidents of byHub.values()) {
    for (const effect of incidents) {
      const into = current(effect).foldedInto?.id;
      if (into !== undefined) {
        // What spoke for it may have become part of a storm since.
        const above = live.find(({ id }) => id === into);
        const storm = above && current(above).foldedInto?.id;
        if (storm !== undefined && storm !== into) change(folded(current(effect), storm, now), 'folded');
        // A forecast that has come true is trouble of its own, with steps of its own.
        const root = above && facetOf(above.signal) === 'throttling' ? above : undefined;
        if (root?.subject.kind === 'hub' && isExhausted(effect)) change(unfolded(current(effect), now), 'unfolded');
        continue;
      }
      const root = incidents.find((other) => other !== effect && speaksFor(current(other), effect));
      if (root) change(folded(current(effect), current(root).foldedInto?.id ?? root.id, now), 'folded');
    }
  }
}

function speaksFor(root: Incident, effect: Incident): boolean {
  if (root.foldedInto?.id === effect.id) return false;
  if (isForecastUnder(root, effect)) return true;
  if (isForecastUnder(effect, root)) return false;
  if (explainedByQuota(root, effect)) return true;
  if (explainedByQuota(effect, root)) return false;
  const sameFacet = facetOf(root.signal) === facetOf(effect.signal) && compatible(root, effect);
  if (!sameFacet && !sameCause(root, effect)) return false;
  const rank = (incident: Incident): readonly (number | string)[] => [
    incident.foldedInto || incident.grouping === 'settled' ? 0 : 1,
    incident.grouping === 'settled' ? incident.openedAt : 0,
    isOfLogs(incident),
    incident.beganAt,
    incident.id,
  ];
  const [one, other] = [rank(root), rank(effect)];
  const differs = one.findIndex((value, i) => value !== other[i]);
  return (one[differs] ?? 0) < (other[differs] ?? 0);
}

/** Both were found to come of one thing: of one kind of throttling, of one fault of the hub, else of the very same error. */
function sameCause(a: Incident, b: Incident): boolean {
  const [one, other] = [cause(a.diagnosis), cause(b.diagnosis)];
  if (one === undefined || one.family !== other?.family) return false;
  return (
    one.code === other.code || one.code === undefined || other.code === undefined || /^(?:429|50)/.test(one.family)
  );
}

/** Traffic at the limit of the send rate uses up the quota too: as long as that is only a forecast, it is part of it. */
function isForecastUnder(root: Incident, effect: Incident): boolean {
  return facetOf(root.signal) === 'throttling' && effect.signal === 'quota' && !isExhausted(effect);
}

function isExhausted({ signal, evaluation }: Incident): boolean {
  return signal === 'quota' && (evaluation.numbers.ratio ?? 0) >= 1;
}

/** Connections that are lost once the quota is used up. */
function explainedByQuota(root: Incident, effect: Incident): boolean {
  return (
    isExhausted(root) && facetOf(effect.signal) === 'connections' && effect.beganAt >= exhaustedAt(root) - 3 * MINUTE
  );
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
  const own = live.map(current).filter((incident) => incident.foldedInto?.id === parent.id);
  const joining = live
    .map(current)
    .filter(
      (incident) =>
        isCandidate(incident, now) &&
        facetOf(incident.signal) === facetOf(parent.signal) &&
        isIn(incident, parent.subject) &&
        now - parent.openedAt <= joinMs &&
        incident.beganAt >= parent.beganAt - togetherMs &&
        compatible(parent, incident),
    );
  for (const incident of joining) change(folded(incident, parent.id, now), 'folded');

  const members = membersNow(parent.subject.members, [...own, ...joining], now);
  const active = members.filter(({ recoveredAt }) => recoveredAt === undefined).length;
  const activeBefore = parent.subject.members.filter(({ recoveredAt }) => recoveredAt === undefined).length;
  const severity = worstOf([...own, ...joining]) ?? parent.evaluation.severity;
  const diagnosis = sharedDiagnosis(parent, own);
  const same = members.length === parent.subject.members.length && active === activeBefore;
  if (same && severity === parent.evaluation.severity && diagnosis === parent.diagnosis) return;
  const subject: Subject = { ...parent.subject, members };
  const over = active <= Math.floor(members.length * overShare);
  // Where nobody saw a hub recover, the storm did not either.
  const unwatched = own.length > 0 && own.every((each) => each.status === 'resolved' && each.endReason !== undefined);
  const fields = {
    subject,
    diagnosis,
    worstSeverity: [parent.worstSeverity, severity].toSorted(compareSeverity)[0] ?? severity,
    evaluation: stormEvaluation({ ...parent.evaluation, severity }, members, over),
  };
  if (!over) change(revised(parent, now, fields, { kind: 'members', to: String(members.length) }), 'parent-changed');
  else {
    const ended: Resolved = {
      ...parent,
      status: 'resolved',
      resolvedAt: now,
      ...(unwatched ? { endReason: 'no-longer-watched' } : {}),
    };
    change(revised(ended, now, fields, { kind: unwatched ? 'unwatched' : 'resolved' }), 'parent-changed');
  }
}

/** How bad it is for the hub that has it worst. */
function worstOf(incidents: readonly Incident[]): Severity | undefined {
  return incidents.filter(isOpen).map(severityOf).toSorted(compareSeverity)[0];
}

/** What Resource Health says of several hubs explains the storm; otherwise the cause that was found first stays. */
function sharedDiagnosis(parent: Incident, members: readonly Incident[]): Diagnosis {
  const platform = members.filter(({ diagnosis }) => diagnosis.candidates[0]?.reason === 'platform-unhealthy');
  const [first] = platform;
  if (first && platform.length >= 2)
    return parent.diagnosis.candidates[0]?.reason === 'platform-unhealthy' ? parent.diagnosis : first.diagnosis;
  if (cause(parent.diagnosis)) return parent.diagnosis;
  return members.find(({ diagnosis }) => cause(diagnosis))?.diagnosis ?? parent.diagnosis;
}

/** The members as they are now: one is in trouble as long as any of its incidents is open. */
function membersNow(before: readonly Member[], incidents: readonly Incident[], now: EpochMs): readonly Member[] {
  const byHub = new Map<string, Incident[]>();
  const known = new Map(before.map((member) => [member.hub.id, member]));
  for (const incident of incidents) {
    if (incident.subject.kind !== 'hub') continue;
    const { hub } = incident.subject;
    byHub.set(hub.id, [...(byHub.get(hub.id) ?? []), incident]);
    known.set(hub.id, known.get(hub.id) ?? { hub, incidentId: incident.id });
  }
  return [...known.values()].map((member): Member => {
    const { recoveredAt, ...rest } = member;
    const own = byHub.get(member.hub.id) ?? [];
    if (own.some(isOpen)) return rest;
    // One whose incidents have all gone to history recovered long ago.
    const ends = own.map((incident) => (incident.status === 'resolved' ? incident.resolvedAt : now));
    return { ...rest, recoveredAt: recoveredAt ?? (ends.length > 0 ? Math.max(...ends) : now) };
  });
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
    incident.subject.kind === 'hub' ? `${facetOf(incident.signal)}|${place(incident.subject.hub)}` : '',
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
  const severity = worstOf(incidents) ?? 'error';
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

/**
 * What another incident spoke for is on its own again when that one has been over for a while, or has gone. Of several on
 * one hub the first speaks for the rest.
 */
function unfoldLeftovers(live: readonly Incident[], now: EpochMs, current: Current, change: Change): void {
  for (const incident of live.toSorted((a, b) => a.openedAt - b.openedAt || isOfLogs(a) - isOfLogs(b))) {
    const latest = current(incident);
    if (!isOpen(latest) || !latest.foldedInto || changesNow(latest, now)) continue;
    const parentId = latest.foldedInto.id;
    const parent = live.find(({ id }) => id === parentId);
    const speaks = parent && (parent.status !== 'resolved' || now - parent.resolvedAt < leftoverMs);
    if (speaks) continue;
    const root = live
      .map(current)
      .find(
        (other) =>
          other.id !== latest.id &&
          isOpen(other) &&
          !other.foldedInto &&
          isSameHub(other, latest) &&
          speaksFor(other, latest),
      );
    if (root) change(folded(latest, root.id, now), 'folded');
    else change(unfolded(latest, now), 'unfolded');
  }
}

function isOfLogs({ signal }: Incident): number {
  return isLogSignal(signal) ? 1 : 0;
}

function isSameHub({ subject: a }: Incident, { subject: b }: Incident): boolean {
  return a.kind === 'hub' && b.kind === 'hub' && a.hub.id === b.hub.id;
}

/** What else the metrics of the same hub show: an incident tells it for those that are folded into it. */
function noteSymptoms(live: readonly Incident[], current: Current, change: Change, now: EpochMs): void {
  const told = live.map(current).filter(({ foldedInto, signal }) => foldedInto && !isLogSignal(signal));
  for (const incident of live.map(current)) {
    if (!isOpen(incident) || incident.subject.kind !== 'hub') continue;
    const symptoms = told
      .filter(({ foldedInto }) => foldedInto?.id === incident.id)
      .map((effect): Symptom => {
        const { severity, reason, numbers, metric } = effect.evaluation;
        const ended = effect.status === 'resolved' ? { endedAt: effect.resolvedAt } : {};
        return {
          incidentId: effect.id,
          signal: effect.signal,
          metric,
          reason,
          severity,
          numbers,
          sinceAt: effect.beganAt,
          ...ended,
        };
      });
    if (outline(symptoms) === outline(incident.symptoms ?? [])) continue;
    const worst = [incident.worstSeverity, ...symptoms.map(({ severity }) => severity)].toSorted(compareSeverity)[0];
    change(revised(incident, now, { symptoms, worstSeverity: worst ?? incident.worstSeverity }), 'symptoms');
  }
}

/** What of the symptoms is worth an edit of the card. */
function outline(symptoms: readonly Symptom[]): string {
  return symptoms
    .map(({ incidentId, severity, endedAt }) => `${incidentId} ${severity} ${String(endedAt)}`)
    .toSorted()
    .join();
}

/** Folded in this very round: its parent may not be among the live ones yet. */
function changesNow(incident: Incident, now: EpochMs): boolean {
  return incident.foldedInto?.at === now;
}

function unfolded(incident: Incident, now: EpochMs): Incident {
  const { foldedInto: _foldedInto, ...alone } = incident;
  return revised(alone, now, { grouping: 'settled' }, { kind: 'unfolded' });
}

function folded(incident: Incident, id: string, now: EpochMs): Incident {
  return revised(incident, now, { grouping: 'settled', foldedInto: { id, at: now } }, { kind: 'folded', to: id });
}
