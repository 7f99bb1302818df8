import { isLogSignal } from '../diagnosis/log-watch.ts';
import { MINUTE } from '../time/time.ts';
import { compareSeverity, isOpen, revised, type Symptom } from './incident.ts';
import type { Round } from './round.ts';
import { facetOf, isExhausted, isOfLogs, isSameHub, speaksFor } from './kinship.ts';
import { changesNow, folded, unfolded } from './fold.ts';

/** A member that is still in trouble so long after its storm is over gets a card of its own. */
const leftoverMs = 10 * MINUTE;

/**
 * On one hub, of several incidents about one trouble one speaks: the one whose card is out already, else the metric's
 * before the log's, else the first.
 */
export function foldSideEffects({ live, now, current, change }: Round): void {
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

/**
 * What another incident spoke for is on its own again when that one has been over for a while, or has gone. Of several on
 * one hub the first speaks for the rest.
 */
export function unfoldLeftovers({ live, now, current, change }: Round): void {
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

/** What else the metrics of the same hub show: an incident tells it for those that are folded into it. */
export function noteSymptoms({ live, now, current, change }: Round): void {
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
