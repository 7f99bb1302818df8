import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

/** How Azure is reached: as itself, or through a server on this machine that speaks its formats. */
export interface AzureConnection {
  readonly credential: TokenCredential;
  /** Options for every SDK client. Retries are ours: the SDK would sleep as long as Azure asks, past the tick's end. */
  readonly clientOptions: { readonly httpClient: HttpClient; readonly retryOptions: { readonly maxRetries: 0 } };
}

/** A request was about to leave for a host that is not Azure's: an answer led there, or a hub that is none. */
export class ForeignHostError extends Error {
  override readonly name = 'ForeignHostError';
}

/** Where the clients go: Resource Manager, the metrics of a region, Log Analytics. */
const azureHosts = /^(?:management\.azure\.com|[a-z0-9]+\.metrics\.monitor\.azure\.com|api\.loganalytics\.io)$/;

/**
 * Sends requests to Azure's own hosts and nowhere else: the clients add the identity's token to whatever they are given,
 * be it a region's name or the link to a next page.
 */
function onlyToAzure(inner: HttpClient): HttpClient {
  return {
    sendRequest: (request) => {
      const { protocol, host } = new URL(request.url);
      return protocol === 'https:' && azureHosts.test(host)
        ? inner.sendRequest(request)
        : Promise.reject(new ForeignHostError("a request for a host other than Azure's was not sent"));
    },
  };
}

/** Azure itself, with the identity of the Function app (or of the developer's `az login`). */
export async function azureConnection(): Promise<AzureConnection> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return {
    credential: new DefaultAzureCredential(),
    clientOptions: { httpClient: onlyToAzure(createDefaultHttpClient()), retryOptions: { maxRetries: 0 } },
  };
}

/**
 * A server on loopback in the place of Azure. The clients keep their real hosts, scopes and headers; only the last step,
 * opening the connection, goes elsewhere, with the true host in `x-original-host`.
 */
export function standInConnection(url: string): AzureConnection {
  const base = new URL(url);
  const inner = createDefaultHttpClient();
  const httpClient = onlyToAzure({
    sendRequest: (request) => {
      const target = new URL(request.url);
      request.headers.set('x-original-host', target.host);
      request.url = `${base.origin}${target.pathname}${target.search}`;
      request.allowInsecureConnection = true;
      return inner.sendRequest(request);
    },
  });
  const token = { token: 'stand-in', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
  return {
    credential: { getToken: () => Promise.resolve(token) },
    clientOptions: { httpClient, retryOptions: { maxRetries: 0 } },
  };
}
