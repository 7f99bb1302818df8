import type { DetectorState } from '../detection/evaluate-rule.ts';
import type { Evaluation } from '../detection/evaluation.ts';
import type { HubFacts } from '../detection/hub-facts.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { judgeHub } from '../detection/judge-hub.ts';
import { isSilent } from '../detection/no-data.ts';
import { maintenanceOf, rulesFor, sourcesOf } from '../detection/resolve-rules.ts';
import { isSlow, type Rule } from '../detection/rule.ts';
import { diagnoseAgain, diagnoseByMetrics } from '../diagnosis/diagnose-by-metrics.ts';
import { undiagnosed } from '../diagnosis/diagnosis.ts';
import type { OperationalError } from '../failure/operational-error.ts';
import type { Hub, HubQuota } from '../hubs/hub.ts';
import { fingerprint, nameOf, refOf, type Incident, type Subject } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import { coreMetrics } from '../metrics/iot-hub-metrics.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { readStates, writeStates } from './detector-states.ts';
import { learnHub, readHistory } from './learn-hub.ts';
import { endUnwatchedIncidents } from './end-unwatched.ts';
import { errorFields, tellFailedRule } from './log.ts';
import { blindSince, evaluateMetricRules, newLearning, readOtherMetrics } from './metric-rules.ts';
import type { BatchMessage } from './messages.ts';
import { hasGone } from './plan-batches.ts';
import { openingWork, recordObservation, type Recorded } from './record-observation.ts';
import { tellTagFaults } from './tell-tag-faults.ts';

/** So much is read again with every tick, for what came late or was revised. */
const readBackMs = 45 * MINUTE;
/** After a longer pause than this the detectors start from history again. */
const longestPauseMs = DAY;
/** So many hubs of a batch are learned in one tick: it reads weeks of history. */
const learnedPerTick = 20;
const quotaAgeMs = HOUR;
/** A message that has waited longer than this is left to a newer tick's. */
const staleAfterMs = 5 * MINUTE;
/** Hubs that could not be read for that long make an incident of their own: silence would look like health. */
const blindAfterMs = 10 * MINUTE;

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
  const visibility = await recordVisibility(deps, batch, next, live, now);
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

async function record(
  deps: Deps,
  live: ReadonlyMap<string, Versioned<Incident>>,
  subject: Subject,
  evaluation: Evaluation,
  judged: { readonly evaluations: readonly Evaluation[]; readonly record: HubRecord } | undefined,
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
  judged: { readonly evaluations: readonly Evaluation[]; readonly record: HubRecord } | undefined,
  now: EpochMs,
): ReturnType<typeof diagnoseAgain> {
  if (!judged) return { diagnosis: current?.diagnosis ?? undiagnosed, changed: false };
  const others = judged.evaluations.filter((other) => other !== evaluation);
  const around = { others, hubState: judged.record.hub.state };
  return current
    ? diagnoseAgain(current.diagnosis, current.evaluation, evaluation, around, now)
    : { diagnosis: diagnoseByMetrics(evaluation, around, now), changed: false };
}

function factsOf(hub: Hub, quota: HubQuota | undefined): HubFacts {
  return { sku: hub.sku, units: hub.units, messagesPerDay: quota?.messagesPerDay };
}

/** From when on metrics are read: further back after a pause, so that nothing is skipped. */
function readFrom(hubs: readonly Hub[], records: ReadonlyMap<string, HubRecord>, to: EpochMs): EpochMs {
  const read = hubs.map((hub) => records.get(hub.id)?.readAt ?? to).filter((at) => at <= to);
  return Math.max(to - longestPauseMs, Math.min(to, ...read) - readBackMs);
}

function recordOf(
  hub: Hub,
  quota: HubQuota | undefined,
  rules: readonly Rule[],
  before: HubRecord | undefined,
  evaluations: readonly Evaluation[],
  states: HubRecord['states'],
  learnedAt: EpochMs | undefined,
  now: EpochMs,
): HubRecord {
  // Rules that are judged less often keep what they said last, as long as they are in force.
  const unhurried = new Set(rules.filter(isSlow).map(({ id }) => id));
  const said = new Map(
    Object.values(before?.evaluations ?? {})
      .filter(({ rule }) => unhurried.has(rule))
      .map((old) => [old.signal, old]),
  );
  for (const { picture: _picture, ...evaluation } of evaluations) said.set(evaluation.signal, evaluation);
  const settledAt = Math.max(0, ...evaluations.map((evaluation) => evaluation.settledAt ?? 0));
  return {
    hub,
    ...(quota ? { quota } : {}),
    states,
    ...(learnedAt === undefined ? {} : { learnedAt }),
    verdicts: Object.fromEntries([...said.values()].map(({ signal, verdict }) => [signal, verdict])),
    evaluations: Object.fromEntries(said),
    readAt: now,
    ...(settledAt > 0 ? { settledAt } : {}),
  };
}

/** The record of a hub that could not be read: what was known stays known, its verdicts do not. */
function unread(
  hub: Hub,
  before: HubRecord | undefined,
  failure: OperationalError | undefined,
  now: EpochMs,
): HubRecord {
  return {
    ...(before ?? { states: {} }),
    hub,
    verdicts: Object.fromEntries(Object.keys(before?.verdicts ?? {}).map((signal) => [signal, 'unknown'])),
    failingSince: before?.failingSince ?? now,
    failure: failure?.code ?? 'azure.malformed',
  };
}

/**
 * One incident for all hubs of the group that have been unreadable for a while. A large group is read in several batches,
 * so what the others found is read again: by itself, each would end what another began.
 */
async function recordVisibility(
  deps: Deps,
  batch: BatchMessage,
  own: readonly HubRecord[],
  live: ReadonlyMap<string, Versioned<Incident>>,
  now: EpochMs,
): Promise<Recorded> {
  const isBlind = (record: HubRecord): boolean => now - (unseenSince(record) ?? now) >= blindAfterMs;
  const [first] = batch.hubs;
  if (!first) return { decisions: [], opened: [] };
  const place = { kind: 'hubs', subscriptionId: first.subscriptionId, region: first.region } as const;
  const print = fingerprint({ ...place, members: [] }, 'visibility');
  if (!own.some(isBlind) && !live.has(print)) return { decisions: [], opened: [] };

  const blind = (await deps.stores.hubs.listGroup(batch.group)).filter(isBlind);
  const current = new Map(
    (await deps.stores.incidents.listLive(batch.group)).map((stored) => [stored.value.fingerprint, stored]),
  );
  if (blind.length === 0 && !current.has(print)) return { decisions: [], opened: [] };
  const subject: Subject = { ...place, members: blind.map(({ hub }) => ({ hub: refOf(hub) })) };
  const since = Math.min(now, ...blind.map((each) => unseenSince(each) ?? now));
  const wholly = blind.find(({ failingSince }) => failingSince !== undefined);
  const evaluation: Evaluation = {
    rule: 'visibility',
    signal: 'visibility',
    metric: coreMetrics.map(({ metric }) => metric).join(', '),
    verdict: blind.length > 0 ? 'breach' : 'normal',
    reason: blind.length === 0 ? 'readable' : (wholly?.failure ?? 'rules-unread'),
    severity: 'error',
    ...(blind.length > 0 ? { sinceAt: since } : {}),
    numbers: { value: blind.length },
  };
  return record(deps, current, subject, evaluation, undefined, now);
}

/** Since when the hub, or the metrics of some of its rules, cannot be read. */
function unseenSince({ failingSince, evaluations = {} }: HubRecord): EpochMs | undefined {
  const since = Object.values(evaluations).flatMap((each) => blindSince(each) ?? []);
  return failingSince ?? (since.length === 0 ? undefined : Math.min(...since));
}

/** Daily limits, read again every hour and as soon as somebody scales the hub. */
async function readQuotas(
  deps: Deps,
  hubs: readonly Hub[],
  records: ReadonlyMap<string, HubRecord>,
  now: EpochMs,
): Promise<ReadonlyMap<string, HubQuota>> {
  const quotas = new Map<string, HubQuota>();
  await Promise.all(
    hubs.map(async (hub) => {
      const before = records.get(hub.id);
      if (before?.quota) quotas.set(hub.id, before.quota);
      const scaled = before !== undefined && (before.hub.sku !== hub.sku || before.hub.units !== hub.units);
      if (before?.quota && !scaled && now - before.quota.readAt < quotaAgeMs && now >= before.quota.readAt) return;
      try {
        quotas.set(hub.id, await deps.azure.inventory.readQuota(hub, now));
      } catch (error) {
        deps.log('quota.unread', { hub: hub.name, ...errorFields(error) });
      }
    }),
  );
  return quotas;
}

interface Known {
  readonly states: ReadonlyMap<string, DetectorState>;
  readonly learnedAt: EpochMs | undefined;
}

/** What the detectors remember of each hub. Hubs that are new, were not read for long, or whose state is damaged learn from history. */
async function knownStates(
  deps: Deps,
  batch: BatchMessage,
  records: ReadonlyMap<string, HubRecord>,
  quotas: ReadonlyMap<string, HubQuota>,
  now: EpochMs,
): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  const due: Hub[] = [];
  for (const hub of batch.hubs) {
    const record = records.get(hub.id);
    const { readAt, learnedAt } = record ?? {};
    const current = readAt !== undefined && now - readAt < longestPauseMs && readAt <= now + MINUTE;
    const read = await readStates(deps.pictures, batch.group, hub.name, record && current ? record.states : {});
    if (read.damaged.length > 0) deps.log('states.rebuilt', { hub: hub.name, rules: read.damaged });
    const whole = current && learnedAt !== undefined && read.damaged.length === 0;
    if (!whole && due.length < learnedPerTick) due.push(hub);
    known.set(hub.id, { states: read.states, learnedAt: whole ? learnedAt : undefined });
  }
  if (due.length === 0) return known;
  const history = await readHistory(deps.azure.metrics, due, now);
  for (const hub of due) {
    const series = history.get(hub.id);
    if (!series) continue;
    const rules = rulesFor(deps.policies.rules, hub);
    const learned = learnHub(
      rules,
      factsOf(hub, quotas.get(hub.id)),
      series,
      maintenanceOf(deps.policies.rules, hub),
      now,
    );
    // What cannot be learned from history goes on as it was.
    known.set(hub.id, { states: new Map([...(known.get(hub.id)?.states ?? []), ...learned]), learnedAt: now });
  }
  deps.log('hubs.learned', { group: batch.group, hubs: due.length, read: history.size });
  return known;
}

async function forgetRemoved(deps: Deps, batch: BatchMessage, records: ReadonlyMap<string, HubRecord>): Promise<void> {
  const gone = [...records.values()].filter(({ hub }) => hasGone(batch, hub.id)).map(({ hub }) => hub.name);
  if (gone.length > 0) await deps.stores.hubs.remove(batch.group, gone);
  for (const name of gone) await deps.pictures.forget(batch.group, name);
}
