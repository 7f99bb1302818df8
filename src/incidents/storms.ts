import { cause, type Diagnosis } from '../diagnosis/diagnosis.ts';
import { isLogSignal } from '../diagnosis/log-watch.ts';
import type { Evaluation, Severity } from '../detection/evaluation.ts';
import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';
import {
  compareSeverity,
  fingerprint,
  groupOfSubject,
  incidentId,
  isOpen,
  revised,
  severityOf,
  type Firing,
  type Incident,
  type Member,
  type Resolved,
  type Subject,
} from './incident.ts';
import type { Round } from './round.ts';
import { compatible, facetOf } from './kinship.ts';
import { folded } from './fold.ts';

/** How many hubs are watched, to tell "half the region" from "three of two hundred". */
export interface Fleet {
  readonly byRegion: ReadonlyMap<string, number>;
  readonly bySubscription: ReadonlyMap<string, number>;
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

/** Whether the platform itself is found at fault, by the word of Azure. */
function blamesPlatform({ diagnosis }: Incident): boolean {
  return diagnosis.candidates[0]?.reason === 'platform-unhealthy';
}

/** Whether other hubs may be about to show in the logs what this one shows. */
export function mayBeFirst(
  { subject, signal, openedAt }: Incident,
  { byRegion, bySubscription }: Fleet,
  now: EpochMs,
): boolean {
  if (subject.kind !== 'hub' || !isLogSignal(signal) || now - openedAt >= straggleMs) return false;
  const near = Math.max(byRegion.get(subject.hub.region) ?? 0, bySubscription.get(subject.hub.subscriptionId) ?? 0);
  return near >= someHubs;
}

/** Whether the platform was found at fault for several young incidents, which may have gone out one by one before. */
export function mayBePlatform(incidents: readonly Incident[], now: EpochMs): boolean {
  return incidents.filter((incident) => isCandidate(incident, now) && blamesPlatform(incident)).length >= 2;
}

/** Whether an incident is a storm that is still on. */
export function isStorm(incident: Incident): boolean {
  return incident.subject.kind === 'hubs' && incident.signal !== 'visibility' && isOpen(incident);
}

/** Keeps a storm's list true: who joined, who recovered, and whether it is over. */
export function followStorm(parent: Incident, { live, now, current, change }: Round): void {
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
  const platform = members.filter(blamesPlatform);
  const [first] = platform;
  if (first && platform.length >= 2) return blamesPlatform(parent) ? parent.diagnosis : first.diagnosis;
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

/** Storms that begin in this round: incidents of one trouble, at one place and time, on enough hubs. */
export function findStorms(incidents: readonly Incident[], fleet: Fleet, now: EpochMs): readonly Storm[] {
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
    const platform = together.length >= 2 && together.every(blamesPlatform);
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
