import type { TokenCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { OperationalError } from '../failure/operational-error.ts';
import type { StorageAccess } from './tables.ts';

/** Sends one message, to be seen after `delayMs`. */
export type SendMessage = (message: unknown, delayMs?: number) => Promise<void>;

/** Storage queues hide a message for at most seven days. */
const longestDelayMs = 7 * 24 * 3_600_000;

/** Opens a queue for sending, creating it the first time. The Functions host does the receiving. */
export function openQueue(access: StorageAccess, name: string): SendMessage {
  const client =
    access.kind === 'connection-string'
      ? new QueueClient(access.connectionString, name)
      : new QueueClient(
          `https://${access.accountName}.queue.core.windows.net/${name}`,
          access.credential satisfies TokenCredential,
        );
  let created: Promise<unknown> | undefined;
  return async (message, delayMs = 0) => {
    try {
      await (created ??= client.createIfNotExists());
      await client.sendMessage(JSON.stringify(message), {
        visibilityTimeout: Math.floor(Math.min(delayMs, longestDelayMs) / 1000),
        messageTimeToLive: -1,
      });
    } catch (cause) {
      created = undefined;
      const { statusCode } = cause as { statusCode?: number };
      throw new OperationalError(
        'state.unavailable',
        `The storage queue ${name} cannot be used (${String(statusCode ?? 'no answer')})`,
        {
          hint: 'Check the connection string, or give the identity the role "Storage Queue Data Contributor".',
          retryable: true,
          cause,
        },
      );
    }
  };
}
