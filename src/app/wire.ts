import type { BotFrameworkAuthentication } from '../teams/bot-sdk.ts';
import type { IncomingRequest, OutgoingResponse } from '../teams/http.ts';
import type { InboundDoor } from '../teams/inbound.ts';
import type { StorageAccess } from '../state/storage-account.ts';
import type { Messenger } from '../notify/messenger.ts';
import { describeFaults, readSettings, type Settings } from '../config/settings.ts';
import type { RulesFile } from '../detection/rules.ts';
import type { EpochMs } from '../time/time.ts';
import { defaultLifecycle, defaultNotification, type Deps } from './deps.ts';
import { errorFields, jsonLog, type Log } from './log.ts';

// The one place that picks adapters. Everything heavy (the Azure and bot SDKs) is imported when it is first needed:
// loading the app costs every cold start, and most invocations need only a part of it.

/** What the triggers call. Requests and responses have the shapes of `@azure/functions`. */
export interface App {
  evaluate(now: EpochMs): Promise<void>;
  evaluateBatch(message: unknown, now: EpochMs): Promise<void>;
  investigate(message: unknown, now: EpochMs): Promise<void>;
  deliver(message: unknown, now: EpochMs): Promise<void>;
  converse(request: IncomingRequest, now: EpochMs): Promise<OutgoingResponse>;
  health(now: EpochMs): Promise<OutgoingResponse>;
}

export const batchQueue = 'hubwatch-batches';
export const investigationQueue = 'hubwatch-investigations';
export const deliveryQueue = 'hubwatch-deliveries';

/** The settings have faults; the message names all of them. */
export class SettingsFault extends Error {}

/**
 * The app over the real adapters, as the settings say.
 * @throws {SettingsFault} with every fault
 */
export function createApp(env: Readonly<Record<string, string | undefined>>, log: Log = jsonLog): App {
  const settings = readSettings(env);
  if ('faults' in settings) throw new SettingsFault(describeFaults(settings.faults));

  const deps = memo(() => wire(settings, log));
  const readHealth = memo(async () => {
    const [{ healthReader }, ready] = await Promise.all([import('./health.ts'), deps()]);
    return healthReader(ready);
  });
  const door = memo(() => openDoor(settings, log));

  return {
    evaluate: async (now) => {
      const { evaluateTick } = await import('./evaluate.ts');
      await evaluateTick(await deps(), now);
    },
    evaluateBatch: async (message, now) => {
      const [{ evaluateBatch }, { batchMessage }] = await Promise.all([
        import('./evaluate-batch.ts'),
        import('./messages.ts'),
      ]);
      await evaluateBatch(await deps(), batchMessage.parse(message), now);
    },
    investigate: async (message, now) => {
      const [{ investigate }, { investigationMessage }] = await Promise.all([
        import('./investigate.ts'),
        import('./messages.ts'),
      ]);
      await investigate(await deps(), investigationMessage.parse(message), now);
    },
    deliver: async (message, now) => {
      const [{ deliver }, { deliveryMessage }] = await Promise.all([import('./deliver.ts'), import('./messages.ts')]);
      await deliver(await deps(), deliveryMessage.parse(message), now);
    },
    converse: async (request, now) => {
      const [{ converse }, ready, open] = await Promise.all([import('./converse.ts'), deps(), door()]);
      return open.receive(request, (inbound) => converse(ready, inbound, now));
    },
    health: async (now) => {
      const body = await (await readHealth())(now);
      return { status: body.status === 'ok' ? 200 : 503, headers: { 'cache-control': 'no-store' }, jsonBody: body };
    },
  };
}

async function wire(settings: Settings, log: Log): Promise<Deps> {
  const [azure, stores, queues, rules] = await Promise.all([
    openAzure(settings),
    openStores(settings),
    openQueues(settings),
    openRules(settings),
  ]);
  const { createPictureCache } = await import('./picture-cache.ts');
  const { createBacktests } = await import('./backtests.ts');
  const pictures = createPictureCache(stores.pictures);
  return {
    azure,
    stores,
    queues,
    messenger: lazyMessenger(memo(() => openMessenger(settings))),
    policies: {
      selection: settings.hubs,
      scheduleMs: settings.scheduleMs,
      rules,
      lifecycle: defaultLifecycle,
      notification: defaultNotification,
      language: settings.language,
      logSweepMs: settings.logs.kind === 'off' ? 0 : settings.logs.sweepMs,
      alertScopes: settings.alertScopes,
    },
    pictures,
    backtests: createBacktests(),
    log,
  };
}

/** @throws {SettingsFault} with every fault of the file */
async function openRules({ rulesFile }: Settings): Promise<RulesFile> {
  const { readRulesFile } = await import('../config/rules-file.ts');
  const read = await readRulesFile(rulesFile);
  if ('faults' in read) throw new SettingsFault(describeFaults(read.faults));
  return read.rules;
}

async function openAzure({ azureStandIn, logs }: Settings): Promise<Deps['azure']> {
  const { azureConnection, standInConnection } = await import('../azure/connection.ts');
  const { azureReaders } = await import('../azure/readers.ts');
  return azureReaders(azureStandIn === undefined ? await azureConnection() : standInConnection(azureStandIn), logs);
}

async function storageAccess({ storage }: Settings): Promise<StorageAccess> {
  if (storage.kind === 'connection-string') return storage;
  const { DefaultAzureCredential } = await import('@azure/identity');
  return { ...storage, credential: new DefaultAzureCredential() };
}

async function openStores(settings: Settings): Promise<Deps['stores']> {
  const [tables, access] = await Promise.all([import('../state/table-stores.ts'), storageAccess(settings)]);
  return {
    incidents: tables.tableIncidents(access),
    silences: tables.tableSilences(access),
    channels: tables.tableChannels(access),
    posts: tables.tablePosts(access),
    hubs: tables.tableHubRecords(access),
    pictures: tables.tablePictures(access),
    heartbeat: tables.tableHeartbeat(access),
    logs: tables.tableLogRecords(access),
  };
}

async function openQueues(settings: Settings): Promise<Deps['queues']> {
  const [{ openQueue }, access] = await Promise.all([import('../state/queues.ts'), storageAccess(settings)]);
  return {
    batch: openQueue(access, batchQueue),
    delivery: openQueue(access, deliveryQueue),
    investigation: openQueue(access, investigationQueue),
  };
}

async function openMessenger(settings: Settings): Promise<Messenger> {
  const [{ connectorMessenger }, authentication] = await Promise.all([
    import('../teams/outbound.ts'),
    authenticate(settings),
  ]);
  return connectorMessenger({
    authentication,
    appId: settings.bot.kind === 'anonymous' ? '' : settings.bot.appId,
    serviceOrigins: await serviceOrigins(settings),
  });
}

async function openDoor(settings: Settings, log: Log): Promise<InboundDoor> {
  const [{ inboundDoor }, { publicAuthority }, authentication] = await Promise.all([
    import('../teams/inbound.ts'),
    import('../teams/identity.ts'),
    authenticate(settings),
  ]);
  return inboundDoor({
    authentication,
    policy: {
      anonymous: settings.bot.kind === 'anonymous',
      issuer: publicAuthority.issuer,
      serviceOrigins: await serviceOrigins(settings),
      tenantId: settings.bot.kind === 'anonymous' ? undefined : settings.bot.tenantId,
    },
    report: (where, error) => {
      log('teams.refused', { where, ...errorFields(error) });
    },
  });
}

async function authenticate(settings: Settings): Promise<BotFrameworkAuthentication> {
  const { botAuthentication } = await import('../teams/authentication.ts');
  return botAuthentication(settings.bot);
}

async function serviceOrigins({ extraServiceOrigins }: Settings): Promise<readonly string[]> {
  const { teamsServiceOrigins } = await import('../teams/identity.ts');
  return [...teamsServiceOrigins, ...extraServiceOrigins];
}

/** The bot SDK is loaded when the first message is sent, not when the first metric is read. */
function lazyMessenger(open: () => Promise<Messenger>): Messenger {
  return {
    post: async (channel, message) => (await open()).post(channel, message),
    update: async (channel, at, message) => {
      await (await open()).update(channel, at, message);
    },
    reply: async (channel, at, message) => {
      await (await open()).reply(channel, at, message);
    },
  };
}

/** The same promise every time; a failed one is forgotten, so that the next call tries again. */
function memo<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** What runs in this process: the app, and the clock that the triggers read. */
export interface Host {
  readonly app: App;
  readonly now: () => EpochMs;
}

let host: Host | undefined;

/** The app of this process, made from its environment at the first call: a fault in the settings fails the invocation, with its words. */
export function getHost(): Host {
  host ??= { app: createApp(process.env), now: Date.now };
  return host;
}

/** Puts another app or clock in place: the local run's, with its simulated time. */
export function setHost(other: Host): void {
  host = other;
}
