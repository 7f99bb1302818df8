import { OperationalError } from '../failure/operational-error.ts';
import { plainCode } from '../failure/plain-code.ts';
import type { Channel } from '../notify/channel.ts';
import type { Message, Messenger } from '../notify/messenger.ts';
import type { PostRef } from '../notify/post.ts';
import { retryAfterMs } from '../time/retry-after.ts';
import { MINUTE } from '../time/time.ts';
import { patienceMs, sendingOnce } from './connector.ts';
import { ClaimsIdentity, type Activity, type BotFrameworkAuthentication, type ConnectorClient } from './bot-sdk.ts';

const connectorScope = 'https://api.botframework.com';
/** Teams counts UTF-16 code units times two and refuses above 100 kB. */
const maxMessageBytes = 80_000;

/** Posts, edits and replies through the Bot Connector. Retries belong to the queue, so the SDK's own are removed. */
export function connectorMessenger(options: {
  readonly authentication: BotFrameworkAuthentication;
  readonly appId: string;
  readonly serviceOrigins: readonly string[];
  readonly timeoutMs?: number;
}): Messenger {
  const { timeoutMs = patienceMs } = options;
  const identity = new ClaimsIdentity([
    { type: 'aud', value: options.appId },
    { type: 'appid', value: options.appId },
  ]);
  const clients = new Map<string, Promise<ConnectorClient>>();

  function client(serviceUrl: string): Promise<ConnectorClient> {
    if (!options.serviceOrigins.includes(new URL(serviceUrl).origin))
      throw new OperationalError('teams.gone', `The conversation's service URL ${serviceUrl} is not one of Teams`, {
        hint: 'Remove the bot from the conversation and add it again.',
      });
    let found = clients.get(serviceUrl);
    if (!found) {
      found = create(serviceUrl);
      clients.set(serviceUrl, found);
      found.catch(() => clients.delete(serviceUrl));
    }
    return found;
  }

  async function create(serviceUrl: string): Promise<ConnectorClient> {
    const created = await options.authentication.createConnectorFactory(identity).create(serviceUrl, connectorScope);
    return sendingOnce(created, timeoutMs);
  }

  return {
    post: (channel, message) =>
      sending(channel, async () => {
        const { conversations } = await client(channel.serviceUrl);
        const activity = activityOf(message);
        if (channel.kind !== 'channel') {
          const sent = await conversations.sendToConversation(channel.id, activity);
          return { conversationId: channel.id, activityId: known(sent.id) };
        }
        const created = await conversations.createConversation({
          isGroup: true,
          bot: { id: channel.botId, name: '' },
          tenantId: channel.tenantId,
          channelData: { channel: { id: channel.id } },
          activity,
        });
        const conversationId = known(created.id);
        return {
          conversationId,
          activityId: created.activityId
            ? known(created.activityId)
            : known(/;messageid=(\d+)/.exec(conversationId)?.[1]),
        };
      }),
    update: (channel, at, message) =>
      sending(channel, async () => {
        const { conversations } = await client(channel.serviceUrl);
        await conversations.updateActivity(at.conversationId, at.activityId, {
          ...activityOf(message),
          id: at.activityId,
        });
      }),
    reply: (channel, at, message) =>
      sending(channel, async () => {
        const { conversations } = await client(channel.serviceUrl);
        await conversations.sendToConversation(at.conversationId, activityOf(message));
      }),
  };
}

/** One card and nothing beside it: text and card together would become two messages. */
function activityOf({ card, summary, important }: Message): Activity {
  const activity: Partial<Activity> = card
    ? {
        type: 'message',
        summary,
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
      }
    : { type: 'message', text: summary, textFormat: 'plain' };
  if (important) activity.importance = 'high';
  const size = 2 * JSON.stringify(activity).length;
  if (size > maxMessageBytes)
    throw new OperationalError(
      'teams.rejected',
      `The message has ${String(size)} bytes; Teams takes ${String(maxMessageBytes)}`,
      {
        hint: 'This is a fault of Hubwatch: report it with the name of the incident.',
      },
    );
  return activity as Activity;
}

/** An id in an answer; the SDK passes on whatever stands there. */
function known(id: unknown): PostRef['activityId'] {
  if (typeof id !== 'string' || id === '')
    throw new OperationalError('teams.unavailable', 'Teams took the message but gave no id for it', {
      hint: 'It is sent again.',
      retryable: true,
    });
  return id;
}

async function sending<T>(channel: Channel, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw error instanceof OperationalError ? error : classified(error, channel);
  }
}

/** How the identity libraries call a refusal of the bot's secret or managed identity. */
const tokenErrors: ReadonlySet<string> = new Set([
  'ServerError',
  'ClientConfigurationError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
]);

/** What a refusal of the Bot Connector means. @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
function classified(error: unknown, channel: Channel): OperationalError {
  const {
    name,
    statusCode,
    code: failed,
    details,
    response,
  } = error as {
    name?: string;
    statusCode?: number;
    code?: string;
    details?: { error?: { code?: unknown } };
    response?: { headers?: { get(name: string): string | undefined } };
  };
  const code = plainCode(details?.error?.code);
  const where = `conversation ${channel.id}`;
  const shown = `${String(statusCode ?? (plainCode(failed) || 'no answer'))} ${code}`.trim();
  if (statusCode === 429)
    return new OperationalError('teams.throttled', `Teams throttles messages to ${where} (429)`, {
      hint: 'Sent again after the pause that Teams asked for.',
      retryable: true,
      retryAfterMs: pause(response?.headers),
      cause: error,
    });
  if (statusCode === 404 && code === 'ActivityNotFoundInConversation')
    return new OperationalError('teams.lost-card', `The card in ${where} does not exist any more`, {
      hint: 'A new card is posted.',
      cause: error,
    });
  // A 404 without an error of the Bot Connector in it comes from something on the way: no reason to give a channel up.
  if (statusCode === 403 || (statusCode === 404 && code !== ''))
    return new OperationalError('teams.gone', `Teams refuses messages to ${where} (${shown})`, {
      hint: 'The bot has been removed or blocked there: add it again to go on receiving alerts.',
      cause: error,
    });
  const tokenRefused = statusCode === undefined && tokenErrors.has(name ?? '');
  if (statusCode === 401 || tokenRefused)
    return new OperationalError(
      'teams.unavailable',
      tokenRefused
        ? `The bot cannot get its own token (${plainCode(name)})`
        : `The Bot Connector does not accept the bot's token (401)`,
      {
        hint: 'Check MicrosoftAppId, MicrosoftAppType, the secret or identity and MicrosoftAppTenantId.',
        retryable: true,
        cause: error,
      },
    );
  if (statusCode === 400 || statusCode === 413)
    return new OperationalError('teams.rejected', `Teams rejects the message to ${where} (${shown})`, {
      hint: 'A smaller card is sent instead.',
      cause: error,
    });
  return new OperationalError('teams.unavailable', `Teams could not take the message to ${where} (${shown})`, {
    hint: 'Sent again later.',
    retryable: true,
    retryAfterMs: pause(response?.headers),
    cause: error,
  });
}

/** A pause beyond this is asked for again when it is over. */
const longestPauseMs = 10 * MINUTE;

function pause(headers: { get(name: string): string | undefined } | undefined): number | undefined {
  const asked = retryAfterMs(headers);
  return asked === undefined ? undefined : Math.min(asked, longestPauseMs);
}
