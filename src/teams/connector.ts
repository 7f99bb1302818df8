import type { ConnectorClient } from './bot-sdk.ts';

/** A call to the Bot Connector that takes longer than this is given up; it may still have arrived. */
export const patienceMs = 8_000;

interface Pipeline {
  removePolicy(options: { readonly name: string }): void;
  addPolicy(policy: {
    readonly name: string;
    sendRequest(request: { timeout: number }, next: (request: unknown) => Promise<unknown>): Promise<unknown>;
  }): void;
}

/**
 * Makes a client of the bot SDK send everything once, within a limit of time. On its own it repeats a POST up to three
 * times, though it may have arrived, and sleeps as long as Teams asks, though a turn and a worker cannot.
 */
export function sendingOnce(client: ConnectorClient, timeoutMs: number): ConnectorClient {
  const { pipeline } = (client as unknown as { readonly client: { readonly pipeline: Pipeline } }).client;
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline.addPolicy({
    name: 'hubwatch-limit',
    sendRequest: (request, next) => {
      request.timeout = timeoutMs;
      return next(request);
    },
  });
  return client;
}
