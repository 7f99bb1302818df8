import { parseArgs } from 'node:util';
import { standInConnection } from '../azure/connection.ts';
import { azureReaders, type LogAccess } from '../azure/readers.ts';
import type { Policies } from '../app/deps.ts';
import type { Log } from '../app/log.ts';
import { cause } from '../diagnosis/diagnosis.ts';
import type { Incident } from '../incidents/incident.ts';
import { loadScenario } from '../simulator/load-scenario.ts';
import { openPlayback, type Playback } from '../simulator/playback.ts';
import { impatient, playScenario } from '../simulator/play-scenario.ts';
import { ScenarioFault } from '../simulator/scenario.ts';
import { iso, MINUTE, type EpochMs } from '../time/time.ts';
import type { Output } from './io.ts';
import { standInFault } from './stand-in.ts';

const usage = `hubwatch evaluate --scenario NAME|FILE [--json]
hubwatch evaluate --standin URL --from TIME --to TIME [--subscription ID …] [--workspace ID …] [--json]

Runs the evaluations of a span in simulated time, through the real Azure clients, and prints the incidents: one JSON line
each with --json.

  --scenario NAME|FILE  a scenario, played by a simulator of its own
  --standin URL         a server on this machine that speaks Azure's formats
  --from, --to          ISO 8601, such as 2026-03-10T09:00:00Z
  --subscription ID     where to look for hubs; default: every subscription that the server lists
  --workspace ID        where to read logs; default: the logs of the subscription, or of each hub
`;

/** A notification that would have been sent. */
interface Notification {
  readonly at: string;
  readonly action: string;
  readonly reason: string;
  readonly channel: string;
}

/** The `evaluate` command. @returns the exit code */
export async function evaluate(args: readonly string[], io: Output): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string' },
        standin: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        subscription: { type: 'string', multiple: true },
        workspace: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    io.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options.help || (options.scenario === undefined) === (options.standin === undefined)) {
    (options.help ? io.stdout : io.stderr).write(usage);
    return options.help ? 0 : 2;
  }

  const told = new Set<string>();
  const notifications = new Map<string, Notification[]>();
  let now: EpochMs = 0;
  const log: Log = (event, fields) => {
    if (event === 'delivery.sent') {
      const { incident, action, reason, channel } = fields as Record<string, string>;
      const own = notifications.get(incident ?? '') ?? [];
      own.push({ at: iso(now), action: action ?? '', reason: reason ?? '', channel: channel ?? '' });
      notifications.set(incident ?? '', own);
    }
    // What could not be read is worth a line, once; everything else is in the result.
    const { hub = '', scope = '', subscription = '', error = '' } = fields as Record<string, string>;
    const trouble = [event, hub, scope, subscription, error].filter((part) => part !== '').join(' ');
    if (!/unread|unlisted|missing|not-recorded/.test(event) || told.has(trouble)) return;
    told.add(trouble);
    io.stderr.write(`${iso(now)} ${trouble}\n`);
  };

  let incidents: readonly Incident[];
  try {
    if (options.scenario !== undefined) {
      const scenario = loadScenario(options.scenario);
      const play = await playScenario(scenario, { log });
      try {
        for (now = scenario.startsAt + MINUTE; now <= scenario.startsAt + scenario.length; now += MINUTE)
          await play.tick(now);
        incidents = await play.incidents();
      } finally {
        await play.close();
      }
    } else {
      const span = spanOf(options.from, options.to);
      if (typeof span === 'string') {
        io.stderr.write(`${span}\n\n${usage}`);
        return 2;
      }
      const { standin = '' } = options;
      const fault = standInFault(standin);
      if (fault !== undefined) {
        io.stderr.write(`${fault}\n`);
        return 2;
      }
      const play = await againstStandIn(standin, options.subscription, options.workspace, log);
      for (now = span.from + MINUTE; now <= span.to; now += MINUTE) await play.tick(now);
      incidents = await play.incidents();
    }
  } catch (error) {
    if (!(error instanceof ScenarioFault)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 2;
  }
  for (const incident of incidents) {
    const line = described(incident, notifications.get(incident.id) ?? []);
    io.stdout.write(options.json ? `${JSON.stringify(line)}\n` : `${readable(line)}\n`);
  }
  if (!options.json && incidents.length === 0) io.stdout.write('No incident.\n');
  return 0;
}

function spanOf(
  from: string | undefined,
  to: string | undefined,
): { readonly from: EpochMs; readonly to: EpochMs } | string {
  const [start, end] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (Number.isNaN(start) || Number.isNaN(end)) return '--standin needs --from and --to, such as 2026-03-10T09:00:00Z.';
  if (end <= start || end - start > 100 * 24 * 60 * MINUTE) return '--to must be after --from, by at most 100 days.';
  return { from: Math.floor(start / MINUTE) * MINUTE, to: end };
}

async function againstStandIn(
  url: string,
  subscriptions: readonly string[] | undefined,
  workspaces: readonly string[] | undefined,
  log: Log,
): Promise<Playback> {
  const logs: LogAccess = workspaces ? { kind: 'workspaces', ids: workspaces } : { kind: 'subscriptions' };
  const policies: Partial<Policies> = subscriptions ? { selection: { kind: 'subscriptions', ids: subscriptions } } : {};
  return openPlayback({ azure: azureReaders(standInConnection(url), logs, impatient), policies, log });
}

/** One incident as a line of the result. */
function described(incident: Incident, notifications: readonly Notification[]) {
  const { subject, diagnosis, evaluation } = incident;
  const best = cause(diagnosis);
  const others = diagnosis.candidates.filter((candidate) => candidate !== best);
  return {
    id: incident.id,
    hub: subject.kind === 'hub' ? subject.hub.name : null,
    hubId: subject.kind === 'hub' ? subject.hub.id : null,
    group:
      subject.kind === 'hubs'
        ? {
            subscription: subject.subscriptionId,
            region: subject.region ?? null,
            hubs: subject.members.map(({ hub }) => hub.name),
          }
        : null,
    partOf: incident.foldedInto?.id ?? null,
    signal: incident.signal,
    severity: incident.worstSeverity,
    status: incident.status,
    start: iso(incident.beganAt),
    opened: iso(incident.openedAt),
    end: incident.status === 'resolved' ? iso(incident.resolvedAt) : null,
    family: best?.family ?? null,
    code: best?.code ?? null,
    confidence: best?.confidence ?? 'not-established',
    reason: best?.reason ?? null,
    numbers: evaluation.numbers,
    logs: diagnosis.logs.state === 'unavailable' ? `unavailable: ${diagnosis.logs.why}` : diagnosis.logs.state,
    evidence: [...diagnosis.rows, ...(diagnosis.logs.state === 'found' ? diagnosis.logs.rows : [])],
    loudestDevices: diagnosis.logs.state === 'found' ? diagnosis.logs.loudest : [],
    candidates: others.map(({ family, code, confidence, reason, figures }) => ({
      family,
      code: code ?? null,
      confidence,
      reason,
      figures: figures ?? {},
    })),
    notifications,
  };
}

function readable(line: ReturnType<typeof described>): string {
  const who =
    line.hub ??
    `${String(line.group?.hubs.length ?? 0)} hubs in ${line.group?.region ?? line.group?.subscription ?? '?'}`;
  const what = line.code ?? line.family ?? 'cause not established';
  return `${line.opened}  ${who}  ${line.signal}  ${what} (${line.confidence})  ${line.end === null ? 'still open' : `until ${line.end}`}${line.partOf === null ? '' : `  part of ${line.partOf}`}`;
}
