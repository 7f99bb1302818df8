import type { Hub } from '../hubs/hub.ts';
import type { EpochMs, Span } from '../time/time.ts';

/** Where logs of several hubs are read with one query: a Log Analytics workspace, or all resources of a subscription. */
export type LogScope =
  | { readonly kind: 'workspace'; readonly workspaceId: string }
  | { readonly kind: 'subscription'; readonly subscriptionId: string };

/** Records of one hub with the same category, code and operation, in one span. */
export interface LogCount {
  readonly hubId: string;
  readonly category: string;
  /** `429001`; three digits where the hub logged no more; empty for an event that is no error. */
  readonly code: string;
  readonly operation: string;
  readonly failed: boolean;
  readonly count: number;
  /** Distinct devices, as Azure estimates them. */
  readonly devices: number;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
}

/** The same per minute, for the sweep. */
export interface LogMinute extends LogCount {
  readonly minute: EpochMs;
}

/** What one device did in the window. */
export interface LogDevice {
  readonly device: string;
  readonly sdk: string;
  /** Records with an error code, by the code's first three digits. */
  readonly errors: Readonly<Record<string, number>>;
  /** Dropped connections, and connections made. */
  readonly drops: number;
  readonly connects: number;
  readonly lastDropAt: EpochMs | undefined;
  readonly lastConnectAt: EpochMs | undefined;
}

export interface LogSweep {
  readonly minutes: readonly LogMinute[];
  /** Ids of the hubs that were asked for: of the others nothing is known. Absent: all. */
  readonly only?: ReadonlySet<string>;
  readonly partial: boolean;
}

export interface LogInspection {
  /** Counts in the window … */
  readonly window: readonly LogCount[];
  /** … and in the equally long time just before it. */
  readonly before: readonly LogCount[];
  /** The devices with most errors, at most a few hundred. */
  readonly devices: readonly LogDevice[];
  readonly partial: boolean;
}

/** So many hubs are asked for one by one in a sweep: the others wait for their turn. */
export const hubsPerSweep = 5;

export interface LogSource {
  /**
   * Error records and connections of every hub in the scope, per minute: one query. Where the scope as a whole may not be
   * read, one query for each of the first {@link hubsPerSweep} hubs. Logs come minutes late and out of order.
   * @param hubs that are known to be in the scope, the one that has waited longest first
   * @throws {OperationalError} `azure.auth`, `azure.not-found` (no such workspace), `azure.throttled`, `azure.unavailable`
   */
  sweep(scope: LogScope, span: Span, hubs: readonly Pick<Hub, 'id'>[]): Promise<LogSweep>;
  /**
   * What the logs of one hub say about a window: two queries.
   * @throws {OperationalError} as {@link sweep}
   */
  inspect(hub: Pick<Hub, 'id' | 'name' | 'subscriptionId'>, window: Span): Promise<LogInspection>;
}
