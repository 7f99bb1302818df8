import { deliver } from '../app/deliver.ts';
import type { AzureReaders, Deps, Policies, Stores } from '../app/deps.ts';
import { defaultLifecycle, defaultNotification } from '../app/deps.ts';
import { evaluateBatch } from '../app/evaluate-batch.ts';
import { evaluateTick } from '../app/evaluate.ts';
import type { Log } from '../app/log.ts';
import { createBacktests } from '../app/backtests.ts';
import { createPictureCache } from '../app/picture-cache.ts';
import { emptyRulesFile } from '../detection/resolve-rules.ts';
import { investigate } from '../app/investigate.ts';
import type { BatchMessage, DeliveryMessage, InvestigationMessage } from '../app/messages.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Channel } from '../notify/channel.ts';
import type { Message, Messenger } from '../notify/messenger.ts';
import {
  memoryChannels,
  memoryHeartbeat,
  memoryHubRecords,
  memoryIncidents,
  memoryLogRecords,
  memoryPictures,
  memoryPosts,
  memorySilences,
} from '../state/memory.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';

/** A message that left for a channel. */
export interface Sent {
  readonly at: EpochMs;
  readonly action: 'post' | 'update' | 'reply';
  readonly channelId: string;
  readonly message: Message;
}

/** The app in simulated time, as fast as it goes: the same use cases, with state in memory and queues in order of time. */
export interface Playback {
  readonly deps: Deps;
  /** What was sent so far; empty if another messenger was given. */
  readonly sent: readonly Sent[];
  /** One evaluation at `now`, with everything that is due until then. */
  tick(now: EpochMs): Promise<void>;
  /** Does what the queues hold until nothing is due at `now` any more. */
  drain(now: EpochMs): Promise<void>;
  /** Evaluations every minute of (from, to]. */
  run(from: EpochMs, to: EpochMs): Promise<void>;
  /** Every incident so far, live or in history, in order of opening. */
  incidents(): Promise<readonly Incident[]>;
}

/** The channel that alerts go to in a playback. */
export const playbackChannel: Channel = {
  id: '19:alerts@thread.tacv2',
  kind: 'channel',
  tenantId: '99999999-0000-0000-0000-000000000000',
  serviceUrl: 'http://127.0.0.1/',
  botId: '28:bot',
  subscribed: true,
  language: 'en',
  addedAt: 0,
};

export function memoryStores(): Stores {
  return {
    incidents: memoryIncidents(),
    silences: memorySilences(),
    channels: memoryChannels(),
    posts: memoryPosts(),
    hubs: memoryHubRecords(),
    pictures: memoryPictures(),
    heartbeat: memoryHeartbeat(),
    logs: memoryLogRecords(),
  };
}

export async function openPlayback(options: {
  readonly azure: AzureReaders;
  /** Where cards go; absent: they are only recorded. */
  readonly messenger?: Messenger;
  readonly channels?: readonly Channel[];
  readonly policies?: Partial<Policies>;
  readonly stores?: Stores;
  readonly log?: Log;
}): Promise<Playback> {
  const waiting: { readonly due: EpochMs; readonly work: (now: EpochMs) => Promise<void> }[] = [];
  const sent: Sent[] = [];
  let time: EpochMs = 0;
  const put = (delayMs: number, work: (now: EpochMs) => Promise<void>): Promise<void> => {
    waiting.push({ due: time + delayMs, work });
    return Promise.resolve();
  };
  const stores = options.stores ?? memoryStores();
  const deps: Deps = {
    azure: options.azure,
    stores,
    pictures: createPictureCache(stores.pictures),
    backtests: createBacktests(),
    queues: {
      batch: (message: BatchMessage) => put(0, (now) => evaluateBatch(deps, message, now)),
      investigation: (message: InvestigationMessage, delayMs = 0) =>
        put(delayMs, (now) => investigate(deps, message, now)),
      delivery: (message: DeliveryMessage, delayMs = 0) => put(delayMs, (now) => deliver(deps, message, now)),
    },
    messenger: options.messenger ?? recorder(sent, () => time),
    policies: {
      selection: { kind: 'all' },
      scheduleMs: MINUTE,
      rules: emptyRulesFile,
      lifecycle: defaultLifecycle,
      notification: defaultNotification,
      language: 'en',
      logSweepMs: MINUTE,
      alertScopes: ['channel', 'group'],
      ...options.policies,
    },
    log: options.log ?? (() => undefined),
  };
  for (const channel of options.channels ?? [playbackChannel]) await deps.stores.channels.put(channel);

  async function drain(now: EpochMs): Promise<void> {
    time = now;
    for (;;) {
      const index = waiting.findIndex(({ due }) => due <= now);
      const [next] = index < 0 ? [] : waiting.splice(index, 1);
      if (!next) return;
      await next.work(now);
    }
  }
  async function tick(now: EpochMs): Promise<void> {
    await drain(now);
    await evaluateTick(deps, now);
    await drain(now);
  }
  return {
    deps,
    sent,
    tick,
    drain,
    run: async (from, to) => {
      for (let now = from + MINUTE; now <= to; now += MINUTE) await tick(now);
    },
    incidents: async () => {
      const live = (await deps.stores.incidents.listLive()).map(({ value }) => value);
      const archived = await deps.stores.incidents.listArchived(0, Date.parse('9999-01-01T00:00:00Z'), 1_000_000);
      return [...live, ...archived].toSorted((a, b) => a.openedAt - b.openedAt);
    },
  };
}

function recorder(sent: Sent[], now: () => EpochMs): Messenger {
  let messages = 0;
  return {
    post: (channel, message) => {
      sent.push({ at: now(), action: 'post', channelId: channel.id, message });
      const activityId = String(++messages);
      return Promise.resolve({ conversationId: `${channel.id};messageid=${activityId}`, activityId });
    },
    update: (channel, _at, message) => {
      sent.push({ at: now(), action: 'update', channelId: channel.id, message });
      return Promise.resolve();
    },
    reply: (channel, _at, message) => {
      sent.push({ at: now(), action: 'reply', channelId: channel.id, message });
      return Promise.resolve();
    },
  };
}
