import { cause } from '../diagnosis/diagnosis.ts';
import { isLogSignal } from '../diagnosis/log-watch.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';
import type { Incident } from './incident.ts';

// Which incidents are about one trouble, and which of two tells of the other.

/** Signals that show the same trouble from two sides, such as lost connections and the refusals in the logs. */
const facets: readonly (readonly [facet: string, signals: RegExp])[] = [
  ['throttling', /^(?:throttling|logs-429)/],
  ['quota', /^(?:quota|logs-403002)/],
  ['connections', /^(?:connected-devices|logs-(?:404|401|400|403012|409|connections|50[0234]$))/],
];

/** What a signal shows a side of. */
export function facetOf(signal: string): string {
  return facets.find(([, signals]) => signals.test(signal))?.[0] ?? signal;
}

/** Whether one incident of a hub tells of another one: because it causes it, or since both are one trouble and it was first. */
export function speaksFor(root: Incident, effect: Incident): boolean {
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

/** Whether the quota is used up, and not only foreseen to be. */
export function isExhausted({ signal, evaluation }: Incident): boolean {
  return signal === 'quota' && (evaluation.numbers.ratio ?? 0) >= 1;
}

/** Connections that are lost once the quota is used up; both times are known to a few minutes. */
function explainedByQuota(root: Incident, effect: Incident): boolean {
  return (
    isExhausted(root) && facetOf(effect.signal) === 'connections' && effect.beganAt >= exhaustedAt(root) - 10 * MINUTE
  );
}

function exhaustedAt(quota: Incident): EpochMs {
  return (
    quota.evaluation.numbers.exhaustedAt ??
    quota.events.find(({ kind, to }) => (kind === 'severity' || kind === 'opened') && to === 'critical')?.at ??
    quota.beganAt
  );
}

/** Whether nothing is established that tells the two apart. */
export function compatible(a: Incident, b: Incident): boolean {
  const [one, other] = [cause(a.diagnosis)?.family, cause(b.diagnosis)?.family];
  return one === undefined || other === undefined || one === other;
}

/** A number, for sorting: what metrics show comes before what the logs do. */
export function isOfLogs({ signal }: Incident): number {
  return isLogSignal(signal) ? 1 : 0;
}

/** Whether both are of one hub. */
export function isSameHub({ subject: a }: Incident, { subject: b }: Incident): boolean {
  return a.kind === 'hub' && b.kind === 'hub' && a.hub.id === b.hub.id;
}
