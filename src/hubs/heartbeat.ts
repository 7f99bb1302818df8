import type { EpochMs } from '../time/time.ts';

/** What the timer remembers from one tick to the next. */
export interface Heartbeat {
  readonly tickAt: EpochMs;
  /** Subscriptions whose hubs could not be listed: since when, and why. */
  readonly failing: Readonly<Record<string, { readonly since: EpochMs; readonly code: string }>>;
}

export interface HeartbeatStore {
  read(): Promise<Heartbeat | undefined>;
  write(heartbeat: Heartbeat): Promise<void>;
}
