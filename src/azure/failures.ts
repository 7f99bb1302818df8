import { ForeignHostError } from './connection.ts';
import { OperationalError } from '../failure/operational-error.ts';
import { plainCode } from '../failure/plain-code.ts';
import { retryAfterMs } from '../time/retry-after.ts';

/** What an SDK client threw, in our words. `what` completes "Azure … while …": `metrics of 50 hubs`. */
export function azureFailure(error: unknown, what: string, role: string): OperationalError {
  if (error instanceof OperationalError) return error;
  if (error instanceof ForeignHostError) return malformed(what, 'a link to another host');
  const { statusCode, code, name, response } = error as {
    statusCode?: number;
    code?: unknown;
    name?: string;
    response?: { headers?: { get(name: string): string | undefined } };
  };
  const [codeShown, nameShown] = [plainCode(code), plainCode(name)];
  const shown =
    statusCode === undefined ? codeShown || nameShown || 'no answer' : `${String(statusCode)} ${codeShown}`.trim();
  if (
    statusCode === 401 ||
    statusCode === 403 ||
    name === 'CredentialUnavailableError' ||
    name === 'AuthenticationError' ||
    name === 'AggregateAuthenticationError'
  )
    return new OperationalError('azure.auth', `Azure refuses ${what} (${shown})`, {
      hint: `Give the function app's identity the role "${role}", and wait a few minutes for it to take effect.`,
      cause: error,
    });
  if (statusCode === 429 || statusCode === 529)
    return new OperationalError('azure.throttled', `Azure throttles ${what} (${shown})`, {
      hint: 'It is read again as soon as Azure allows; if this goes on, evaluate less often.',
      retryable: true,
      retryAfterMs: retryAfterMs(response?.headers),
      cause: error,
    });
  if (statusCode === 404)
    return new OperationalError('azure.not-found', `Azure does not know ${what} (${shown})`, {
      hint: 'The hub may have been deleted, moved or renamed.',
      cause: error,
    });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500 && statusCode !== 408)
    return new OperationalError('azure.refused', `Azure refuses ${what} (${shown})`, {
      hint: 'This is likely a fault of Hubwatch: report the message with its code.',
      cause: error,
    });
  if (name === 'SyntaxError' || name === 'TypeError' || code === 'PARSE_ERROR')
    return new OperationalError('azure.malformed', `Azure's answer to ${what} cannot be read (${shown})`, {
      hint: 'It is read again; if this goes on, report the message.',
      retryable: true,
      cause: error,
    });
  return new OperationalError('azure.unavailable', `Azure does not answer for ${what} (${shown})`, {
    hint: 'It is read again; see https://azure.status.microsoft/ if this goes on.',
    retryable: true,
    retryAfterMs: retryAfterMs(response?.headers),
    cause: error,
  });
}

/** An answer that is readable JSON and still not what was asked for. */
export function malformed(what: string, why = 'of another shape'): OperationalError {
  return new OperationalError('azure.malformed', `Azure's answer to ${what} cannot be read (${why})`, {
    hint: 'It is read again; if this goes on, report the message.',
    retryable: true,
  });
}
