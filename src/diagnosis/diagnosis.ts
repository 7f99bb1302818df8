import type { EpochMs, Span } from '../time/time.ts';

/**
 * How far the evidence carries a candidate:
 * - `established`: rows of evidence show this error itself;
 * - `likely`: it fits what was measured, and nothing that was looked at speaks against it;
 * - `possible`: it is among the usual suspects and has to be checked.
 */
export type Confidence = 'established' | 'likely' | 'possible';

/** One error family that may explain an incident. */
export interface Candidate {
  /** `429xxx`. */
  readonly family: string;
  /** The six-digit code, where the evidence names one. */
  readonly code?: string;
  readonly confidence: Confidence;
  /** Why it is here, and what would confirm or refute it: a code that the cards put into words, with its figures. */
  readonly reason: Reason;
  readonly figures?: Readonly<Record<string, number | string>>;
}

export type Reason =
  | 'throttle-metric'
  | 'near-send-limit'
  | 'near-operation-rate'
  | 'near-connection-rate'
  | 'one-noisy-device'
  | 'throttled-operation'
  | 'sends-refused-in-logs'
  | 'throttling-drops-connections'
  | 'quota-exhausted'
  | 'quota-near'
  | 'quota-drops-connections'
  | 'quota-soon'
  | 'platform-unhealthy'
  | 'server-errors'
  | 'platform-upgrade'
  | 'hub-not-active'
  | 'credentials-refused'
  | 'token-renewal'
  | 'devices-disabled'
  | 'devices-deleted'
  | 'duplicate-identity'
  | 'reconnecting-after-drop'
  | 'connections-closed-at-once'
  | 'connections-closed-gradually'
  | 'endpoint-full'
  | 'queue-full'
  | 'logged-errors'
  | 'look-at-network'
  | 'look-at-server-errors'
  | 'look-at-credentials'
  | 'rule-names-family';

/** One line of evidence: how often an error was seen in the window, and in the equally long time just before. */
export interface EvidenceRow {
  readonly source: 'log' | 'metric' | 'health' | 'state';
  /** Six digits; three where the hub logged no more; empty for a row that names no error. */
  readonly code: string;
  /** The log category, the metric's REST name, or what health or state said. */
  readonly where: string;
  readonly count: number;
  readonly countBefore?: number;
  readonly devices?: number;
  readonly firstAt?: EpochMs;
  readonly lastAt?: EpochMs;
}

/** A device that stands out in the rows. */
export interface LoudDevice {
  readonly device: string;
  readonly count: number;
  /** Its part of all rows of the incident's codes, 0–1. */
  readonly share: number;
}

/** What the resource logs say. The three answers are never confused with each other. */
export type LogEvidence =
  | { readonly state: 'not-asked' }
  | {
      readonly state: 'found';
      readonly window: Span;
      readonly readAt: EpochMs;
      /** Strongest first. */
      readonly rows: readonly EvidenceRow[];
      readonly loudest: readonly LoudDevice[];
      readonly sdks: readonly string[];
      /** Azure cut the answer: counts are at least these. */
      readonly partial: boolean;
    }
  | { readonly state: 'empty'; readonly window: Span; readonly readAt: EpochMs }
  | { readonly state: 'unavailable'; readonly why: Unavailable; readonly readAt: EpochMs };

/** Why logs could not be read; each has its remedy. */
export type Unavailable =
  | 'switched-off'
  | 'no-permission'
  | 'no-workspace'
  | 'no-diagnostic-setting'
  | 'throttled'
  | 'no-answer'
  | 'unreadable';

/** Ranked candidates, best first; an only possible one at the top means that the cause is not established. */
export interface Diagnosis {
  readonly candidates: readonly Candidate[];
  readonly logs: LogEvidence;
  /** Evidence for the first candidate that does not come from logs, strongest first. */
  readonly rows: readonly EvidenceRow[];
}

export const undiagnosed: Diagnosis = { candidates: [], logs: { state: 'not-asked' }, rows: [] };

/** The candidate that a card names as the cause, if the evidence carries one. */
export function cause({ candidates }: Pick<Diagnosis, 'candidates'>): Candidate | undefined {
  return candidates[0]?.confidence === 'possible' ? undefined : candidates[0];
}
