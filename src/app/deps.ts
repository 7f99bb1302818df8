import type { LogRecordStore } from '../diagnosis/log-record.ts';
import type { LogScope, LogSource } from '../diagnosis/log-source.ts';
import type { HubRecordStore } from '../detection/hub-record.ts';
import type { PictureStore } from '../detection/picture-store.ts';
import type { RulesFile } from '../detection/rules.ts';
import type { HeartbeatStore } from '../hubs/heartbeat.ts';
import type { HealthSource } from '../hubs/health.ts';
import type { Hub, HubInventory } from '../hubs/hub.ts';
import type { LifecyclePolicy } from '../incidents/observe.ts';
import type { IncidentStore, SilenceStore } from '../incidents/store.ts';
import type { MetricSource } from '../metrics/series.ts';
import type { ChannelStore } from '../notify/channel.ts';
import type { Messenger } from '../notify/messenger.ts';
import type { NotificationPolicy } from '../notify/plan-delivery.ts';
import type { PostStore } from '../notify/post.ts';
import type { HubSelection } from '../config/settings.ts';
import { HOUR, MINUTE } from '../time/time.ts';
import type { Log } from './log.ts';
import type { Backtests } from './backtests.ts';
import type { PictureCache } from './picture-cache.ts';
import type { BatchMessage, DeliveryMessage, InvestigationMessage } from './messages.ts';

/** Where state lives. */
export interface Stores {
  readonly incidents: IncidentStore;
  readonly silences: SilenceStore;
  readonly channels: ChannelStore;
  readonly posts: PostStore;
  readonly hubs: HubRecordStore;
  readonly pictures: PictureStore;
  readonly heartbeat: HeartbeatStore;
  readonly logs: LogRecordStore;
}

/** Puts work on a queue, to be done after `delayMs`. */
export interface Queues {
  batch(message: BatchMessage): Promise<void>;
  delivery(message: DeliveryMessage, delayMs?: number): Promise<void>;
  investigation(message: InvestigationMessage, delayMs?: number): Promise<void>;
}

/** What Azure is asked for. */
export interface AzureReaders {
  readonly metrics: MetricSource;
  readonly inventory: HubInventory;
  readonly health: HealthSource;
  /** Absent: reading logs is switched off. */
  readonly logs: LogSource | undefined;
  /** Where the logs of a hub are swept. */
  logScopes(hub: Pick<Hub, 'subscriptionId'>): readonly LogScope[];
  /** Every subscription that can be read. */
  listSubscriptions(): Promise<readonly string[]>;
}

export interface Policies {
  readonly selection: HubSelection;
  readonly scheduleMs: number;
  readonly rules: RulesFile;
  readonly lifecycle: LifecyclePolicy;
  readonly notification: NotificationPolicy;
  readonly language: 'en' | 'fr';
  /** Logs are swept this often; 0: never. */
  readonly logSweepMs: number;
  readonly alertScopes: readonly ('channel' | 'group' | 'personal')[];
}

export const defaultLifecycle: LifecyclePolicy = { reopenWithinMs: 30 * MINUTE, refreshAfterMs: 5 * MINUTE };
export const defaultNotification: NotificationPolicy = { repeatAfterMs: 4 * HOUR };

/** Everything that a use case may touch; `wire.ts` picks the adapters. */
export interface Deps {
  readonly stores: Stores;
  readonly queues: Queues;
  readonly azure: AzureReaders;
  readonly messenger: Messenger;
  readonly policies: Policies;
  /** What has been read of the hubs' seasonal pictures. */
  readonly pictures: PictureCache;
  /** What people have asked to be replayed. */
  readonly backtests: Backtests;
  readonly log: Log;
}
