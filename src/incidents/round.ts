import type { EpochMs } from '../time/time.ts';
import type { Incident } from './incident.ts';

/** A change to store: an incident as it must be from now on. A parent that has opened is inserted. */
export interface Correlated {
  readonly incident: Incident;
  readonly kind: 'parent-opened' | 'parent-changed' | 'folded' | 'unfolded' | 'symptoms' | 'settled';
}

/** One look at what is live: what there is, and what this round has made of it so far. */
export interface Round {
  /** As they were when the round began. */
  readonly live: readonly Incident[];
  readonly now: EpochMs;
  /** One of them as this round has left it until now. */
  readonly current: (incident: Incident) => Incident;
  readonly change: (incident: Incident, kind: Correlated['kind']) => void;
}
