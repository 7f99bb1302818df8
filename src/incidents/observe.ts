import type { Evaluation } from '../detection/evaluation.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { EpochMs } from '../time/time.ts';
import {
  compareSeverity,
  fingerprint,
  groupOfSubject,
  incidentId,
  revised,
  type Firing,
  type Incident,
  type Resolved,
  type Subject,
} from './incident.ts';

/** What a tick saw of one signal of one subject. */
export interface Observation {
  readonly subject: Subject;
  readonly evaluation: Evaluation;
  readonly diagnosis: Diagnosis;
}

export interface LifecyclePolicy {
  /** A breach this soon after its end is the same incident again. */
  readonly reopenWithinMs: number;
  /** The figures on an unchanged card are brought up to date this often. */
  readonly refreshAfterMs: number;
}

/** What an observation makes of the incident. Only the kinds with an `incident` are stored. */
export type Observed =
  | { readonly kind: 'opened'; readonly incident: Firing; readonly replaces?: Resolved }
  | {
      readonly kind: 'reopened' | 'changed' | 'refreshed' | 'resolved';
      readonly incident: Incident;
      readonly reason: string;
    }
  | { readonly kind: 'unchanged'; readonly reason: string };

/** Applies what was seen now to the live incident of the same fingerprint, if there is one. */
export function observe(
  current: Incident | undefined,
  observation: Observation,
  now: EpochMs,
  policy: LifecyclePolicy,
): Observed {
  const { evaluation } = observation;
  switch (evaluation.verdict) {
    case 'unknown':
      return { kind: 'unchanged', reason: evaluation.reason };
    case 'normal':
      if (!current || current.status === 'resolved') return { kind: 'unchanged', reason: evaluation.reason };
      return { kind: 'resolved', incident: recovered(current, evaluation, now), reason: 'recovered' };
    case 'breach':
      if (!current) return { kind: 'opened', incident: open(observation, now) };
      if (current.status !== 'resolved') return update(current, observation, now, policy);
      // Somebody closed it while it was going on: the same breach does not open it again.
      if (current.resolvedBy && (evaluation.sinceAt ?? now) <= current.resolvedAt)
        return { kind: 'unchanged', reason: 'closed-by-person' };
      if (now - current.resolvedAt <= policy.reopenWithinMs)
        return { kind: 'reopened', incident: reopen(current, observation, now), reason: 'breached-again' };
      return { kind: 'opened', incident: open(observation, now), replaces: current };
  }
}

function open({ subject, evaluation, diagnosis }: Observation, now: EpochMs): Firing {
  const print = fingerprint(subject, evaluation.signal);
  return {
    status: 'firing',
    id: incidentId(print, now),
    fingerprint: print,
    group: groupOfSubject(subject),
    subject,
    signal: evaluation.signal,
    revision: 1,
    beganAt: evaluation.sinceAt ?? now,
    openedAt: now,
    updatedAt: now,
    evaluation,
    diagnosis,
    grouping: 'waiting',
    worstSeverity: evaluation.severity,
    events: [{ at: now, kind: 'opened', to: evaluation.severity }],
  };
}

function reopen(current: Resolved, { subject, evaluation, diagnosis }: Observation, now: EpochMs): Firing {
  const {
    resolvedAt: _resolvedAt,
    resolvedBy: _resolvedBy,
    endReason: _endReason,
    acknowledgedBy: _acknowledgedBy,
    ...facts
  } = current;
  const again: Firing = { ...facts, status: 'firing' };
  const worstSeverity = worse(current.worstSeverity, evaluation.severity);
  return revised(
    again,
    now,
    { subject, evaluation, diagnosis, worstSeverity },
    { kind: 'reopened', to: evaluation.severity },
  );
}

function update(
  current: Exclude<Incident, Resolved>,
  { subject, evaluation, diagnosis }: Observation,
  now: EpochMs,
  policy: LifecyclePolicy,
): Observed {
  const severity = compareSeverity(evaluation.severity, current.evaluation.severity);
  const family = familyOf(diagnosis) !== familyOf(current.diagnosis) && diagnosis.candidates.length > 0;
  const other = diagnosis.candidates[0]?.reason !== current.diagnosis.candidates[0]?.reason;
  const reason =
    severity < 0
      ? 'severity-raised'
      : severity > 0
        ? 'severity-lowered'
        : family
          ? 'family-changed'
          : other
            ? 'cause-changed'
            : undefined;
  if (!reason && now - current.updatedAt < policy.refreshAfterMs) return { kind: 'unchanged', reason: 'still-firing' };
  const worstSeverity = worse(current.worstSeverity, evaluation.severity);
  const incident = revised(
    current,
    now,
    { subject, evaluation, diagnosis, worstSeverity },
    ...(severity === 0 ? [] : [{ kind: 'severity', to: evaluation.severity } as const]),
    ...(family ? [{ kind: 'family', to: familyOf(diagnosis) } as const] : []),
  );
  return reason ? { kind: 'changed', incident, reason } : { kind: 'refreshed', incident, reason: 'figures-refreshed' };
}

function recovered(current: Exclude<Incident, Resolved>, evaluation: Evaluation, now: EpochMs): Resolved {
  const over: Resolved = { ...current, status: 'resolved', resolvedAt: now };
  return revised(over, now, { evaluation: afterwards(current.evaluation, evaluation) }, { kind: 'resolved' });
}

/** What a card tells of an incident that is over: its own last figures, and a picture that shows its end if there is one. */
function afterwards(breach: Evaluation, recovered: Evaluation): Evaluation {
  // A picture of a few minutes without any errors shows less than the trouble itself.
  const empty = recovered.picture?.values.every((value) => value === null || value === 0) ?? true;
  const picture = empty ? breach.picture : recovered.picture;
  return {
    ...breach,
    verdict: recovered.verdict,
    ...(recovered.settledAt === undefined ? {} : { settledAt: recovered.settledAt }),
    ...(picture ? { picture } : {}),
  };
}

function worse<T extends Incident['worstSeverity']>(a: T, b: T): T {
  return compareSeverity(a, b) <= 0 ? a : b;
}

function familyOf({ candidates }: Diagnosis): string {
  return candidates[0]?.code ?? candidates[0]?.family ?? 'none';
}
