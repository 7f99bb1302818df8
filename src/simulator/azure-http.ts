import type { EpochMs } from '../time/time.ts';
import type { World } from './world.ts';

/** One request as the handlers see it: the path with single slashes, and the names that are not case-sensitive lowered. */
export interface AzureRequest {
  readonly method: string;
  /** Collapsed `//`, decoded, letter case as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The Azure host that the client believed to talk to. */
  readonly host: string;
  readonly now: EpochMs;
  readonly world: World;
}

export interface AzureAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error in the shape that Azure uses everywhere but for single-resource metrics (and the SDK reads both). */
export function failure(status: number, code: string, message: string): AzureAnswer {
  return { status, body: { error: { code, message } } };
}
