import type { TokenCredential } from '@azure/identity';
import { QueueClient } from '@azure/storage-queue';
import { OperationalError } from '../failure/operational-error.ts';
import { asciiJson } from './ascii-json.ts';
import { mayPass, storageHint, type StorageAccess } from './storage-account.ts';

/** Sends one message, to be seen after `delayMs`. */
export type SendMessage = (message: unknown, delayMs?: number) => Promise<void>;

/** A storage queue takes messages of at most 64 KiB. */
const longestMessage = 64 * 1024;
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
    const text = asciiJson(message);
    if (text.length > longestMessage)
      throw new OperationalError(
        'state.refused',
        `A message of ${String(text.length)} bytes is too large for the queue ${name}`,
        { hint: 'This is a fault of Hubwatch: report the message.' },
      );
    try {
      await (created ??= client.createIfNotExists());
      await client.sendMessage(text, {
        visibilityTimeout: Math.ceil(Math.min(Math.max(0, delayMs), longestDelayMs) / 1000),
        messageTimeToLive: -1,
      });
    } catch (cause) {
      created = undefined;
      const { statusCode, code } = cause as { statusCode?: number; code?: string };
      throw new OperationalError(
        'state.unavailable',
        `The storage queue ${name} cannot be used (${String(statusCode ?? code ?? 'no answer')})`,
        {
          hint: storageHint(statusCode, 'Queue'),
          retryable: mayPass(statusCode),
          cause,
        },
      );
    }
  };
}
