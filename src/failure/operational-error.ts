/**
 * What the outside refused. Thrown by adapters, caught once per unit of work (one batch, one delivery) so that one
 * refusal does not stop the others. `message` and `hint` are our own words and may be shown to a person; what the
 * other side said stays in `cause`, for the log.
 */
export class OperationalError extends Error {
  readonly code: FailureCode;
  readonly hint: string;
  readonly retryable: boolean;
  /** How long the other side asked to be left alone, if it said. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { hint: string; retryable?: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'OperationalError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Who refused, and why. */
export type FailureCode =
  | 'azure.auth'
  | 'azure.throttled'
  | 'azure.unavailable'
  | 'azure.malformed'
  | 'azure.refused'
  | 'azure.not-found'
  | 'state.unavailable'
  | 'state.refused'
  | 'teams.throttled'
  | 'teams.unavailable'
  | 'teams.gone'
  | 'teams.lost-card'
  | 'teams.rejected';
