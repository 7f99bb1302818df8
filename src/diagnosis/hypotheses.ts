import { blamesCustomer, isPlatformFault } from '../hubs/health.ts';
import { sendAttempts, sendThrottle } from '../metrics/iot-hub-metrics.ts';
import { MINUTE } from '../time/time.ts';
import type { Candidate, EvidenceRow } from './diagnosis.ts';
import { connectionRate, isLogSignal } from './log-watch.ts';
import { familyOfMetric } from './metric-families.ts';
import { breaching, counted, familyName, quotaRatio, risen, suddenness, type Case } from './situation.ts';

/** A candidate with its rank (higher is better) and the evidence that does not come from logs. */
export interface Weighed extends Candidate {
  readonly rank: number;
  readonly rows?: readonly EvidenceRow[];
}

/** Looks at a case and says how well it would explain it, or nothing. */
export type Hypothesis = (found: Case) => readonly Weighed[];

// Ranks: what shows the root itself stands above what shows a symptom. 404104, 409002 and 400027 are mostly symptoms of
// something else, so they come after every other code that has risen with them.
const rank = { platform: 100, root: 80, metric: 75, effect: 60, symptom: 40, hint: 20, suspect: 10 } as const;

/** One device that makes at least this share of the errors is not "the fleet". */
const loudShare = 0.5;
const loudCount = 20;

/** Refused sends by the metric, other throttles by the logs, or one device that overdoes it. */
export const throttled: Hypothesis = (found) => {
  const result: Weighed[] = [];
  const { evaluation } = found;
  const rows = risen(found, '429');
  const loudest = found.facts?.loudest.get('429')?.[0];
  const isLoud = rows.length > 0 && loudest !== undefined && loudest.share >= loudShare && loudest.count >= loudCount;
  const ownLimit = rows.find(({ code }) => code === '429005');
  if (ownLimit && (isLoud || ownLimit.count >= counted(rows) / 2))
    result.push({
      family: '429xxx',
      code: '429005',
      confidence: 'established',
      reason: 'one-noisy-device',
      figures: { share: loudest?.share ?? 1, count: ownLimit.count },
      rank: rank.root + 5,
    });
  else if (isLoud)
    result.push({
      family: '429xxx',
      code: rows[0]?.code ?? '429001',
      confidence: 'established',
      reason: 'one-noisy-device',
      figures: { share: loudest.share, count: loudest.count },
      rank: rank.root + 5,
    });
  const metric = familyOfMetric(evaluation.metric) ? undefined : breaching(found, 'throttling');
  // What begins with attempts above the rate soon refuses some; only then is it more than a warning.
  const { total = 0, value = 0, ratio = 0, limit = 0 } = metric?.numbers ?? {};
  const ahead = metric?.reason === 'attempts-above-rate' && total === 0 && value === 0;
  const refuses = metric !== undefined && !ahead;
  if (refuses) {
    const count = Math.max(total, value);
    result.push({
      family: '429xxx',
      code: '429001',
      confidence: 'established',
      reason: evaluation.signal === 'connected-devices' ? 'throttling-drops-connections' : 'throttle-metric',
      figures: { count },
      rank: evaluation.signal === 'throttling' ? rank.metric : rank.effect,
      rows: [{ source: 'metric', code: '429001', where: sendThrottle.metric, count }],
    });
  } else if (metric) {
    result.push({
      family: '429xxx',
      code: '429001',
      confidence: 'likely',
      reason: 'near-send-limit',
      rank: rank.metric,
      rows: [{ source: 'metric', code: '429001', where: sendAttempts.metric, count: Math.round(ratio * limit) }],
    });
  }
  // Other throttles have no metric: a flat metric with these codes means that another operation is over its rate, or
  // that the metric is behind the logs.
  const [first] = rows.filter(({ code }) => code !== '429005');
  if (first && !refuses)
    result.push({
      family: '429xxx',
      code: first.code,
      confidence: 'established',
      reason:
        evaluation.signal === 'connected-devices'
          ? 'throttling-drops-connections'
          : first.categories[0] === 'DeviceTelemetry'
            ? 'sends-refused-in-logs'
            : 'throttled-operation',
      figures: { count: first.count, category: first.categories[0] ?? '' },
      rank: evaluation.signal === 'connected-devices' ? rank.effect + 5 : rank.root,
    });
  return result;
};

/** Calls of one operation, or new connections, come near the rate of the hub's size; none needs to be refused yet. */
export const nearRate: Hypothesis = ({ evaluation: { reason, signal, numbers } }) => {
  if (reason !== 'near-rate') return [];
  const connecting = signal === connectionRate;
  return [
    {
      family: '429xxx',
      confidence: 'likely',
      reason: connecting ? 'near-connection-rate' : 'near-operation-rate',
      figures: { ratio: numbers.ratio ?? 0, limit: numbers.limit ?? 0 },
      // Why devices connect so often is another question: whatever else the logs show answers it better.
      rank: connecting ? rank.hint : rank.metric,
    },
  ];
};

/** The daily quota: used up, near, or soon to be if the traffic goes on. */
export const quota: Hypothesis = (found) => {
  const ratio = quotaRatio(found);
  const [logged] = risen(found, '403002');
  const metric = breaching(found, 'quota');
  const own = found.evaluation.signal === 'quota';
  const row: EvidenceRow[] = metric
    ? [{ source: 'metric', code: '403002', where: metric.metric, count: metric.numbers.value ?? 0 }]
    : [];
  if (ratio >= 1 || logged) {
    const late = isAfterwards(found, logged?.firstAt);
    return [
      {
        family: '403xxx',
        code: '403002',
        confidence: late ? 'possible' : 'established',
        reason: found.evaluation.signal === 'connected-devices' ? 'quota-drops-connections' : 'quota-exhausted',
        figures: { ratio, count: logged?.count ?? 0 },
        rank: late ? rank.hint : rank.root + (own ? 10 : 3),
        rows: late ? [] : row,
      },
    ];
  }
  if (own)
    return [
      {
        family: '403xxx',
        code: '403002',
        confidence: 'likely',
        reason: 'quota-near',
        figures: { ratio },
        rank: rank.root,
        rows: row,
      },
    ];
  if (found.evaluation.signal === 'throttling' && ratio >= 0.5)
    return [
      {
        family: '403xxx',
        code: '403002',
        confidence: 'possible',
        reason: 'quota-soon',
        figures: { ratio },
        rank: rank.hint,
      },
    ];
  return [];
};

/** What is used up only after the trouble began did not cause it; both times are known to a few minutes. */
function isAfterwards({ evaluation, others, beganAt }: Case, refusedAt = Number.POSITIVE_INFINITY): boolean {
  if (!/^(?:connected-devices|logs-(?!403002|429))/.test(evaluation.signal)) return false;
  const exhaustedAt = others.find(({ signal }) => signal === 'quota')?.numbers.exhaustedAt ?? Number.POSITIVE_INFINITY;
  const earliest = Math.min(exhaustedAt, refusedAt);
  return Number.isFinite(earliest) && earliest > beganAt + 10 * MINUTE;
}

/** Resource Health calls the hub broken, and not because of its own load. */
export const platform: Hypothesis = ({ health, facts }) => {
  if (!health || !isPlatformFault(health)) return [];
  const server = [...(facts?.codes.values() ?? [])]
    .filter(({ code }) => /^50[03]/.test(code))
    .toSorted((a, b) => b.count - a.count)[0];
  return [
    {
      family: server ? familyName(server.code) : '500xxx',
      ...(server ? { code: server.code } : {}),
      confidence: 'established',
      reason: 'platform-unhealthy',
      figures: { state: health.state },
      rank: rank.platform,
      rows: [{ source: 'health', code: '', where: health.state, count: 1 }],
    },
  ];
};

/** The hub is being failed over, restored, suspended or deleted. */
export const hubState: Hypothesis = ({ hubState: state }) => {
  if (/^active$/i.test(state)) return [];
  const code = /fail/i.test(state)
    ? '404012'
    : /suspend/i.test(state)
      ? '403001'
      : /activat|creat|restor/i.test(state)
        ? '503006'
        : '404012';
  return [
    {
      family: familyName(code),
      code,
      confidence: 'likely',
      reason: 'hub-not-active',
      figures: { state },
      rank: rank.platform + 5,
      rows: [{ source: 'state', code, where: state, count: 1 }],
    },
  ];
};

/** 500xxx and 503xxx have risen. Under the customer's own overload they are its effect, not a fault of the platform. */
export const serverErrors: Hypothesis = (found) => {
  const rows = risen(found, '500', '502', '503', '504').filter(({ code }) => code !== '504101');
  const [first] = rows;
  if (!first) return [];
  const overload =
    breaching(found, 'throttling') !== undefined ||
    risen(found, '429').some(({ categories }) => rows.some((row) => overlap(row.categories, categories))) ||
    (found.health && blamesCustomer(found.health));
  return [
    {
      family: familyName(first.code),
      code: first.code,
      confidence: 'established',
      reason: 'server-errors',
      figures: { count: counted(rows) },
      rank: overload ? rank.hint : rank.root + 8,
    },
  ];
};

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((category) => others.includes(category));
}

/** Connections closed and refused while Azure upgrades the service. */
export const upgrade: Hypothesis = (found) => {
  const [first] = risen(found, '400029', '400030');
  if (!first) return [];
  return [
    {
      family: '400xxx',
      code: first.code,
      confidence: 'established',
      reason: 'platform-upgrade',
      figures: { count: first.count },
      rank: rank.root + 6,
    },
  ];
};

/**
 * Devices are not let in, and stay away. A wave of 401003 and 404104 after which the same devices are back within two
 * minutes is the renewal of their tokens.
 */
export const credentials: Hypothesis = (found) => {
  const [first] = risen(found, '401');
  if (!first) return [];
  const back = found.facts?.returnedRatio ?? 0;
  const renewal = first.code === '401003' && back >= 0.8;
  return [
    {
      family: '401xxx',
      code: first.code,
      confidence: renewal ? 'likely' : 'established',
      reason: renewal ? 'token-renewal' : 'credentials-refused',
      figures: { count: first.count, devices: first.devices, back },
      rank: renewal ? rank.symptom + 5 : rank.root + 2,
    },
  ];
};

/** Devices were disabled or deleted in the registry. */
export const registry: Hypothesis = (found) =>
  risen(found, '403012', '404001')
    .slice(0, 1)
    .map((first) => ({
      family: familyName(first.code),
      code: first.code,
      confidence: 'established',
      reason: first.code === '403012' ? 'devices-disabled' : 'devices-deleted',
      figures: { count: first.count, devices: first.devices },
      rank: rank.root,
    }));

/** A second connection with the same identity: alone it is the cause, after a drop it is devices coming back. */
export const duplicates: Hypothesis = (found) => {
  const [first] = risen(found, '409002', '400027');
  if (!first) return [];
  const drop = risen(found, '404104', '500', '503', '403002', '429')[0];
  const afterDrop = drop !== undefined && drop.firstAt <= first.firstAt && drop.count >= first.count / 2;
  return [
    {
      family: familyName(first.code),
      code: first.code,
      confidence: afterDrop ? 'possible' : 'established',
      reason: afterDrop ? 'reconnecting-after-drop' : 'duplicate-identity',
      figures: { count: first.count, devices: first.devices },
      rank: afterDrop ? rank.hint : rank.symptom + 10,
    },
  ];
};

/** Connections were closed from the devices' side, and nothing else says why: the network, or the devices themselves. */
export const closed: Hypothesis = (found) => {
  if (found.evaluation.signal !== 'connected-devices' && !isLogSignal(found.evaluation.signal)) return [];
  const [first] = risen(found, '404104');
  if (!first) return [];
  const sudden = suddenness(found.evaluation);
  return [
    {
      family: '404xxx',
      code: '404104',
      confidence: 'established',
      reason: sudden !== undefined && sudden >= 0.8 ? 'connections-closed-at-once' : 'connections-closed-gradually',
      figures: { count: first.count, devices: first.devices, ...(sudden === undefined ? {} : { sudden }) },
      rank: rank.symptom,
    },
  ];
};

/** 403004 in Routes is a full routing endpoint; elsewhere it is a device's full command queue. */
export const full: Hypothesis = (found) =>
  risen(found, '403004').map((first) => ({
    family: '403xxx',
    code: '403004',
    confidence: 'established',
    reason: first.categories[0] === 'Routes' ? 'endpoint-full' : 'queue-full',
    figures: { count: first.count },
    rank: rank.root - 2,
  }));

/** Any other code that has clearly risen. */
export const anyOther: Hypothesis = (found) => {
  const handled = /^(?:429|403002|403004|403012|404001|404104|409002|400027|400029|400030|401|50[0234])/;
  return risen(found, '4', '5')
    .filter(({ code }) => /^\d{6}$/.test(code) && (!handled.test(code) || code === '504101'))
    .slice(0, 2)
    .map((first, i) => ({
      family: familyName(first.code),
      code: first.code,
      confidence: 'established',
      reason: 'logged-errors',
      figures: { count: first.count, category: first.categories[0] ?? '' },
      rank: rank.symptom + 8 - i,
    }));
};

/** When nothing shows the cause of lost connections: what to look at, most documented first. */
export const suspects: Hypothesis = (found) => {
  if (found.evaluation.signal !== 'connected-devices') return [];
  const sudden = (suddenness(found.evaluation) ?? 0) >= 0.8;
  return [
    {
      family: '404xxx',
      code: '404104',
      confidence: 'possible',
      reason: 'look-at-network',
      rank: rank.suspect + (sudden ? 0 : 2),
    },
    {
      family: '500xxx',
      confidence: 'possible',
      reason: 'look-at-server-errors',
      rank: rank.suspect + (sudden ? 2 : 1),
    },
    { family: '401xxx', code: '401003', confidence: 'possible', reason: 'look-at-credentials', rank: rank.suspect },
  ];
};

/** A metric without a detector of its own points to errors of the operation that it counts. */
export const named: Hypothesis = ({ evaluation }) =>
  (familyOfMetric(evaluation.metric)?.codes ?? []).map((code, i) => ({
    family: familyName(code),
    code,
    confidence: 'possible',
    reason: 'rule-names-family',
    rank: rank.suspect - i,
  }));

export const hypotheses: readonly Hypothesis[] = [
  hubState,
  platform,
  quota,
  throttled,
  nearRate,
  upgrade,
  serverErrors,
  credentials,
  registry,
  duplicates,
  full,
  anyOther,
  closed,
  suspects,
  named,
];
