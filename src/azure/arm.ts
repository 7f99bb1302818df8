import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { tickBudget, withinBudget, type Budget } from './budget.ts';
import type { AzureConnection } from './connection.ts';
import { azureFailure, malformed } from './failures.ts';

const host = 'https://management.azure.com';

export interface ArmReader {
  /** `pathOrUrl` is a path with its query, or a `nextLink` as given; `what` names it in errors. */
  get(pathOrUrl: string, what: string): Promise<unknown>;
  post(path: string, body: unknown, what: string): Promise<unknown>;
}

/**
 * Reads documents from Azure Resource Manager, for the few places where a client package would be loaded for a single
 * request.
 */
export function armReader(connection: AzureConnection, budget: Budget = tickBudget): ArmReader {
  const { httpClient } = connection.clientOptions;
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential: connection.credential, scopes: `${host}/.default` }),
  );
  const read = (pathOrUrl: string, body: string | undefined, what: string): Promise<unknown> =>
    withinBudget(
      budget,
      (error) => azureFailure(error, what, 'Reader'),
      async (abortSignal) => {
        const request = createPipelineRequest({
          url: pathOrUrl.startsWith('/') ? `${host}${pathOrUrl}` : pathOrUrl,
          abortSignal,
          ...(body === undefined
            ? {}
            : { method: 'POST', body, headers: createHttpHeaders({ 'content-type': 'application/json' }) }),
        });
        const response = await pipeline.sendRequest(httpClient, request);
        if (response.status !== 200)
          throw Object.assign(new Error(`${what}: ${String(response.status)}`), {
            statusCode: response.status,
            response,
          });
        return JSON.parse(response.bodyAsText ?? '') as unknown;
      },
    );
  return {
    get: async (pathOrUrl, what) => {
      // The token goes with the request, so it goes nowhere else.
      if (!pathOrUrl.startsWith('/') && originOf(pathOrUrl) !== host) throw malformed(what, 'a link to another host');
      return read(pathOrUrl, undefined, what);
    },
    post: (path, body, what) => read(path, JSON.stringify(body), what),
  };
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
