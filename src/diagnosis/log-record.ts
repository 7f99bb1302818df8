import type { EpochMs } from '../time/time.ts';
import type { Unavailable } from './diagnosis.ts';
import type { Usual } from './log-watch.ts';

/** What is remembered of the logs of one scope between two sweeps. A cache: lost, it is learned again. */
export interface LogScopeRecord {
  readonly sweptAt?: EpochMs;
  /** By hub id: when the hub was last seen in the logs at all, and what is usual for it. */
  readonly hubs: Readonly<Record<string, { readonly seenAt: EpochMs; readonly usual: Usual }>>;
  /** Where hubs have to be asked for one by one: by hub id, when it was its turn. */
  readonly turns?: Readonly<Record<string, EpochMs>>;
  /** Since when the logs cannot be read, and why. */
  readonly unreadable?: { readonly since: EpochMs; readonly why: Unavailable };
}

export interface LogRecordStore {
  read(scope: string): Promise<LogScopeRecord | undefined>;
  write(scope: string, record: LogScopeRecord): Promise<void>;
}
