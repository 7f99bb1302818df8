import type { Hub, HubQuota } from '../hubs/hub.ts';
import type { EpochMs } from '../time/time.ts';
import type { Evaluation, Verdict } from './evaluation.ts';
import type { StoredState } from './stored/stored-state.ts';

/**
 * What is remembered of one hub between two ticks. It is a cache: lost or damaged, it is rebuilt from Azure Monitor's
 * own history at the next tick.
 */
export interface HubRecord {
  readonly hub: Hub;
  readonly quota?: HubQuota;
  /** By rule id: what the detectors remember, without their seasonal pictures. */
  readonly states: Readonly<Record<string, StoredState>>;
  /** When the detectors were given the history that Azure had of the hub. */
  readonly learnedAt?: EpochMs;
  /** By signal. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The newest evaluation of each signal, without its picture. */
  readonly evaluations?: Readonly<Record<string, Evaluation>>;
  /** When metrics were last read successfully, and the newest settled bin among them. */
  readonly readAt?: EpochMs;
  readonly settledAt?: EpochMs;
  /** Since when reading has been failing, and why. */
  readonly failingSince?: EpochMs;
  readonly failure?: string;
}

export interface HubRecordStore {
  /** The records of one group. Damaged ones are left out: they are rebuilt. */
  listGroup(group: string): Promise<readonly HubRecord[]>;
  listAll(): Promise<readonly HubRecord[]>;
  /** Adds or replaces; the last writer wins, which is right for a cache. */
  save(group: string, records: readonly HubRecord[]): Promise<void>;
  remove(group: string, hubNames: readonly string[]): Promise<void>;
}
