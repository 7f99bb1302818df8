import type { EpochMs } from '../time/time.ts';
import type { Incident } from './incident.ts';
import type { Silence } from './silence.ts';

/** A value with the version under which it was read, for compare-and-set. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: string;
}

/** Incidents: the live ones by group, the old ones as history. */
export interface IncidentStore {
  /** Live incidents (not archived yet) of one group, or of all. No order. */
  listLive(group?: string): Promise<readonly Versioned<Incident>[]>;
  /** By id, live or from history. A version from history cannot be saved to. */
  find(id: string): Promise<(Versioned<Incident> & { readonly archived: boolean }) | undefined>;
  /** Adds a live incident. `exists`: one of the same fingerprint is live. */
  insert(incident: Incident): Promise<'inserted' | 'exists'>;
  /** Saves over the version that was read. `stale`: somebody else has saved since; read again. */
  save(incident: Incident, version: string): Promise<'saved' | 'stale'>;
  /** Moves a resolved incident to history. `stale`: it has changed since it was read. */
  archive(stored: Versioned<Incident>): Promise<'archived' | 'stale'>;
  /** Incidents from history that were resolved in [from, to), newest first, at most `limit`. */
  listArchived(from: EpochMs, to: EpochMs, limit: number): Promise<readonly Incident[]>;
}

export interface SilenceStore {
  /** Silences that have not ended before `endedAfter`. */
  list(endedAfter: EpochMs): Promise<readonly Silence[]>;
  /** Adds, or replaces the one with the same id. */
  put(silence: Silence): Promise<void>;
  remove(id: string): Promise<void>;
}
