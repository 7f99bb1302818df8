import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { judgeHub } from '../detection/judge-hub.ts';
import { isSilent } from '../detection/no-data.ts';
import { maintenanceOf, rulesFor, sourcesOf } from '../detection/resolve-rules.ts';
import { isSlow } from '../detection/rule.ts';
import { diagnoseAgain, diagnoseByMetrics } from '../diagnosis/diagnose-by-metrics.ts';
import type { Hub } from '../hubs/hub.ts';
import { fingerprint, nameOf, refOf, type Incident, type Subject } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import { coreMetrics } from '../metrics/iot-hub-metrics.ts';
import { MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { writeStates } from './detector-states.ts';
import { forgetRemoved, recordOf, unread } from './hub-records.ts';
import { factsOf, knownStates, longestPauseMs, readQuotas } from './known-states.ts';
import { endUnwatchedIncidents } from './end-unwatched.ts';
import { errorFields, tellFailedRule } from './log.ts';
import { evaluateMetricRules, newLearning, readOtherMetrics } from './metric-rules.ts';
import type { BatchMessage } from './messages.ts';
import { openingWork, recordObservation, type Recorded } from './record-observation.ts';
import { recordUnreadHubs } from './visibility.ts';
import { tellTagFaults } from './tell-tag-faults.ts';

/** So much is read again with every tick, for what came late or was revised. */
const readBackMs = 45 * MINUTE;
/** A message that has waited longer than this is left to a newer tick's. */
const staleAfterMs = 5 * MINUTE;
/** Reads, judges and records one batch of hubs. One hub's trouble does not stop the others. */
export async function evaluateBatch(deps: Deps, batch: BatchMessage, now: EpochMs): Promise<void> {
  if (now - batch.tickAt > staleAfterMs) {
    deps.log('batch.skipped', { group: batch.group, reason: 'superseded', waitedMs: now - batch.tickAt });
    return;
  }
  const records = new Map((await deps.stores.hubs.listGroup(batch.group)).map((record) => [record.hub.id, record]));
  const live = new Map(
    (await deps.stores.incidents.listLive(batch.group)).map((stored) => [stored.value.fingerprint, stored]),
  );
  const quotas = await readQuotas(deps, batch.hubs, records, now);
  const to = floorTo(now, MINUTE);
  const readings = await deps.azure.metrics.read({
    hubs: batch.hubs,
    metrics: coreMetrics,
    span: { from: readFrom(batch.hubs, records, to), to },
    grainMs: MINUTE,
  });
  const known = await knownStates(deps, batch, records, quotas, now);
  const silent = new Set(
    [...records.values()]
      .filter(({ evaluations }) => Object.values(evaluations ?? {}).some(isSilent))
      .map(({ hub }) => hub.id),
  );

  const otherReadings = await readOtherMetrics(deps, batch, now);
  const learning = newLearning();

  const next: HubRecord[] = [];
  const decisions: string[] = [];
  const opened: Incident[] = [];
  let points = 0;
  for (const [i, hub] of batch.hubs.entries()) {
    const reading = readings[i];
    const before = records.get(hub.id);
    tellTagFaults(deps, hub, before?.hub);
    if (!reading || 'failure' in reading) {
      next.push(unread(hub, before, reading?.failure, now));
      continue;
    }
    points += reading.series.reduce(
      (count, series) => count + series.points.filter((point) => point.value !== null).length,
      0,
    );
    const { states, learnedAt } = known.get(hub.id) ?? {
      states: new Map<string, DetectorState>(),
      learnedAt: undefined,
    };
    const facts = factsOf(hub, quotas.get(hub.id));
    const rules = rulesFor(deps.policies.rules, hub);
    const neighbours = { hubs: records.size - 1, silent: silent.size - Number(silent.has(hub.id)) };
    const core = judgeHub(
      {
        facts,
        rules: rules.filter((rule) => !isSlow(rule)),
        sourcesOf: (rule) => sourcesOf(deps.policies.rules, hub, rule),
        maintenance: maintenanceOf(deps.policies.rules, hub),
        series: reading.series,
        states,
        neighbours,
      },
      tellFailedRule(deps.log, hub.name),
      now,
    );
    const stored = await writeStates(deps.pictures, batch.group, hub.name, core.states, before?.states ?? {});
    const more = await evaluateMetricRules(
      deps,
      {
        group: batch.group,
        hub,
        facts,
        read: otherReadings.get(hub.id),
        others: core.evaluations,
        before: before?.evaluations,
        learning,
      },
      now,
    );
    const evaluations = [...core.evaluations, ...more];
    const judged = {
      evaluations,
      record: recordOf(hub, quotas.get(hub.id), rules, before, evaluations, stored, learnedAt, now),
    };
    next.push(judged.record);
    for (const evaluation of judged.evaluations) {
      try {
        const observed = await record(deps, live, { kind: 'hub', hub: refOf(hub) }, evaluation, judged, now);
        decisions.push(...observed.decisions);
        opened.push(...observed.opened);
      } catch (error) {
        deps.log('evaluation.not-recorded', { hub: hub.name, signal: evaluation.signal, ...errorFields(error) });
      }
    }
  }
  await openingWork(deps, opened);
  await deps.stores.hubs.save(batch.group, next);
  await forgetRemoved(deps, batch, records);
  decisions.push(...(await endUnwatchedIncidents(deps, batch, live.values(), now)));
  const visibility = await recordUnreadHubs(deps, batch, next, live, now);
  decisions.push(...visibility.decisions);
  await openingWork(deps, visibility.opened);
  deps.log('batch.evaluated', {
    group: batch.group,
    at: now,
    hubs: batch.hubs.length,
    points,
    unread: readings
      .flatMap((reading) =>
        'failure' in reading
          ? [`${batch.hubs.find(({ id }) => id === reading.hubId)?.name ?? reading.hubId}: ${reading.failure.message}`]
          : [],
      )
      .slice(0, 5),
    breaches: next.flatMap(({ hub, verdicts }) =>
      Object.entries(verdicts).flatMap(([signal, verdict]) => (verdict === 'breach' ? [`${hub.name} ${signal}`] : [])),
    ),
    decisions,
  });
}

interface Judged {
  readonly evaluations: readonly Evaluation[];
  readonly record: HubRecord;
}

async function record(
  deps: Deps,
  live: ReadonlyMap<string, Versioned<Incident>>,
  subject: Subject,
  evaluation: Evaluation,
  judged: Judged,
  now: EpochMs,
): Promise<Recorded> {
  const current = live.get(fingerprint(subject, evaluation.signal));
  const { diagnosis, changed } = diagnosed(current?.value, evaluation, judged, now);
  const observed = await recordObservation(deps, current, { subject, evaluation, diagnosis }, now);
  if (observed.kind === 'unchanged') return { decisions: [], opened: [] };
  if (changed && now - (observed.incident.diagnosedAt ?? 0) >= MINUTE)
    await deps.queues.investigation({ kind: 'diagnose', incidentId: observed.incident.id });
  const reason = observed.kind === 'opened' ? evaluation.reason : observed.reason;
  return {
    decisions: [`${nameOf(subject)} ${evaluation.signal} ${observed.kind} ${observed.incident.id} (${reason})`],
    opened: observed.kind === 'opened' ? [observed.incident] : [],
  };
}

function diagnosed(
  current: Incident | undefined,
  evaluation: Evaluation,
  judged: Judged,
  now: EpochMs,
): ReturnType<typeof diagnoseAgain> {
  const others = judged.evaluations.filter((other) => other !== evaluation);
  const around = { others, hubState: judged.record.hub.state };
  return current
    ? diagnoseAgain(current.diagnosis, current.evaluation, evaluation, around, now)
    : { diagnosis: diagnoseByMetrics(evaluation, around, now), changed: false };
}

/** From when on metrics are read: further back after a pause, so that nothing is skipped. */
function readFrom(hubs: readonly Hub[], records: ReadonlyMap<string, HubRecord>, to: EpochMs): EpochMs {
  const read = hubs.map((hub) => records.get(hub.id)?.readAt ?? to).filter((at) => at <= to);
  return Math.max(to - longestPauseMs, Math.min(to, ...read) - readBackMs);
}
