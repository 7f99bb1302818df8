import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { tickBudget, withinBudget, type Budget } from './budget.ts';
import type { AzureConnection } from './connection.ts';
import { azureFailure } from './failures.ts';

const host = 'https://management.azure.com';

/**
 * Reads one document from Azure Resource Manager, for the few places where a client package would be loaded for a single
 * GET. `pathOrUrl` is a path with its query, or a `nextLink` as given.
 */
export function armReader(
  connection: AzureConnection,
  budget: Budget = tickBudget,
): (pathOrUrl: string, what: string) => Promise<unknown> {
  const { httpClient = createDefaultHttpClient() } = connection.clientOptions;
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential: connection.credential, scopes: `${host}/.default` }),
  );
  return (pathOrUrl, what) =>
    withinBudget(
      budget,
      (error) => azureFailure(error, what, 'Reader'),
      async (abortSignal) => {
        const url = pathOrUrl.startsWith('/') ? `${host}${pathOrUrl}` : pathOrUrl;
        const response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url, abortSignal }));
        if (response.status !== 200)
          throw Object.assign(new Error(`${what}: ${String(response.status)}`), {
            statusCode: response.status,
            response,
          });
        return JSON.parse(response.bodyAsText ?? '') as unknown;
      },
    );
}
