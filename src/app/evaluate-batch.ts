import { evaluate, learn, type SignalInput, type SignalState } from '../detection/evaluate.ts';
import type { Evaluation, Signal } from '../detection/evaluation.ts';
import type { HubRecord } from '../detection/hub-record.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { undiagnosed, type Diagnosis } from '../diagnosis/diagnosis.ts';
import type { OperationalError } from '../failure/operational-error.ts';
import type { Hub, HubQuota } from '../hubs/hub.ts';
import type { HubRef, Incident, Subject } from '../incidents/incident.ts';
import { fingerprint } from '../incidents/incident.ts';
import type { Versioned } from '../incidents/store.ts';
import { connectedDevices, coreMetrics } from '../metrics/iot-hub-metrics.ts';
import type { HubReading } from '../metrics/series.ts';
import { DAY, HOUR, MINUTE, floorTo, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import type { BatchMessage } from './messages.ts';
import { openingWork, recordObservation } from './record-observation.ts';

const signals: readonly Signal[] = ['throttling', 'quota', 'connected-devices', 'no-data'];
const readBackMs = 30 * MINUTE;
const historyMs = 7 * DAY;
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
    span: { from: to - readBackMs, to },
    grainMs: MINUTE,
  });
  const learned = await learnHubs(deps, batch.hubs, records, to);

  const next: HubRecord[] = [];
  const decisions: string[] = [];
  const opened: Incident[] = [];
  let points = 0;
  for (const [i, hub] of batch.hubs.entries()) {
    const reading = readings[i];
    const before = records.get(hub.id);
    if (!reading || 'failure' in reading) {
      next.push(unread(hub, before, reading?.failure, now));
      continue;
    }
    points += reading.series.reduce(
      (count, series) => count + series.points.filter((point) => point.value !== null).length,
      0,
    );
    const states = learned.get(hub.id) ?? before?.signals ?? {};
    const judged = judge(hub, quotas.get(hub.id), reading, states, now);
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
        'failure' in reading ? [`${nameOf(batch.hubs, reading.hubId)}: ${reading.failure.message}`] : [],
      )
      .slice(0, 5),
    breaches: next.flatMap(({ hub, verdicts }) =>
      Object.entries(verdicts).flatMap(([signal, verdict]) => (verdict === 'breach' ? [`${hub.name} ${signal}`] : [])),
    ),
    decisions,
  });
}

interface Recorded {
  readonly decisions: readonly string[];
  readonly opened: readonly Incident[];
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
  const diagnosis =
    current && !crossed(current.value.evaluation, evaluation)
      ? current.value.diagnosis
      : first(evaluation, judged, now);
  const observed = await recordObservation(deps, current, { subject, evaluation, diagnosis }, now);
  if (observed.kind === 'unchanged') return { decisions: [], opened: [] };
  const name = subject.kind === 'hub' ? subject.hub.name : `${String(subject.members.length)} hubs`;
  const reason = observed.kind === 'opened' ? evaluation.reason : observed.reason;
  return {
    decisions: [`${name} ${evaluation.signal} ${observed.kind} ${observed.incident.id} (${reason})`],
    opened: observed.kind === 'opened' ? [observed.incident] : [],
  };
}

/** What the metrics alone say; logs and health follow when the incident is looked into. */
function first(
  evaluation: Evaluation,
  judged: { readonly evaluations: readonly Evaluation[]; readonly record: HubRecord } | undefined,
  now: EpochMs,
): Diagnosis {
  if (!judged) return undiagnosed;
  return diagnose({
    evaluation,
    beganAt: evaluation.sinceAt ?? now,
    others: judged.evaluations.filter((other) => other !== evaluation),
    logs: { state: 'not-asked' },
    health: undefined,
    hubState: judged.record.hub.state,
    now,
  });
}

/** The quota is used up now, and was not before: that is another cause. */
function crossed(before: Evaluation, after: Evaluation): boolean {
  return after.signal === 'quota' && (before.numbers.ratio ?? 0) < 1 && (after.numbers.ratio ?? 0) >= 1;
}

function judge(
  hub: Hub,
  quota: HubQuota | undefined,
  reading: Extract<HubReading, { series: unknown }>,
  states: HubRecord['signals'],
  now: EpochMs,
) {
  const evaluations: Evaluation[] = [];
  const nextStates: Record<string, SignalState> = {};
  for (const signal of signals) {
    const input: SignalInput = { signal, hub, quota, series: reading.series };
    const { state, evaluation } = evaluate(input, states[signal], now);
    nextStates[signal] = state;
    evaluations.push(evaluation);
  }
  const settledAt = Math.max(0, ...evaluations.map((evaluation) => evaluation.settledAt ?? 0));
  const record: HubRecord = {
    hub,
    ...(quota ? { quota } : {}),
    signals: nextStates,
    verdicts: Object.fromEntries(evaluations.map(({ signal, verdict }) => [signal, verdict])),
    evaluations: Object.fromEntries(
      evaluations.map(({ picture: _picture, ...evaluation }) => [evaluation.signal, evaluation]),
    ),
    readAt: now,
    ...(settledAt > 0 ? { settledAt } : {}),
  };
  return { evaluations, record };
}

/** The record of a hub that could not be read: what was known stays known, its verdicts do not. */
function unread(
  hub: Hub,
  before: HubRecord | undefined,
  failure: OperationalError | undefined,
  now: EpochMs,
): HubRecord {
  return {
    ...(before ?? { signals: {} }),
    hub,
    verdicts: Object.fromEntries(signals.map((signal) => [signal, 'unknown'])),
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
  const isBlind = ({ failingSince }: HubRecord): boolean =>
    failingSince !== undefined && now - failingSince >= blindAfterMs;
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
  const since = Math.min(now, ...blind.map((each) => each.failingSince ?? now));
  const evaluation: Evaluation = {
    rule: 'visibility',
    signal: 'visibility',
    metric: coreMetrics.map(({ metric }) => metric).join(', '),
    verdict: blind.length > 0 ? 'breach' : 'normal',
    reason: blind[0]?.failure ?? 'readable',
    severity: 'error',
    ...(blind.length > 0 ? { sinceAt: since } : {}),
    numbers: { value: blind.length },
  };
  return record(deps, current, subject, evaluation, undefined, now);
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

/** The usual level of hubs that are seen for the first time, and once a day of the others. */
async function learnHubs(
  deps: Deps,
  hubs: readonly Hub[],
  records: ReadonlyMap<string, HubRecord>,
  to: EpochMs,
): Promise<ReadonlyMap<string, HubRecord['signals']>> {
  const due = hubs.filter((hub) => {
    const learnedAt = records.get(hub.id)?.signals['connected-devices']?.learnedAt;
    return learnedAt === undefined || to - learnedAt >= DAY || learnedAt > to;
  });
  if (due.length === 0) return new Map();
  const end = floorTo(to, HOUR);
  const readings = await deps.azure.metrics.read({
    hubs: due,
    metrics: [connectedDevices],
    span: { from: end - historyMs, to: end },
    grainMs: HOUR,
  });
  return new Map(
    readings.flatMap((reading): [string, HubRecord['signals']][] => {
      const history = 'series' in reading ? reading.series[0] : undefined;
      if (!history) return [];
      const states = records.get(reading.hubId)?.signals ?? {};
      return [[reading.hubId, { ...states, 'connected-devices': learn(states['connected-devices'], history, to) }]];
    }),
  );
}

async function forgetRemoved(deps: Deps, batch: BatchMessage, records: ReadonlyMap<string, HubRecord>): Promise<void> {
  const { from, until } = batch.ids;
  const present = new Set(batch.hubs.map((hub) => hub.id));
  const gone = [...records.values()]
    .filter(({ hub }) => hub.id >= from && (until === undefined || hub.id < until) && !present.has(hub.id))
    .map(({ hub }) => hub.name);
  if (gone.length > 0) await deps.stores.hubs.remove(batch.group, gone);
}

function refOf({ id, name, subscriptionId, region, sku, units }: Hub): HubRef {
  return { id, name, subscriptionId, region, sku, units };
}

function nameOf(hubs: readonly Hub[], id: string): string {
  return hubs.find((hub) => hub.id === id)?.name ?? id;
}
