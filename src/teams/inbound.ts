import { decodeJwt } from 'jose';
import type { Inbound, Reply } from '../bot/inbound.ts';
import { parseActivity, tenantOf, toInbound } from './activity.ts';
import { CloudAdapter, TurnContext, type Activity, type BotFrameworkAuthentication } from './bot-sdk.ts';
import { answer, readBody, type IncomingRequest, type OutgoingResponse } from './http.ts';

export interface InboundPolicy {
  /** Only ever true in an explicit local run. */
  readonly anonymous: boolean;
  readonly issuer: string;
  readonly serviceOrigins: readonly string[];
  /** The only tenant that is let in; `undefined`: any (local run). */
  readonly tenantId: string | undefined;
}

export interface InboundDoor {
  /** Checks the caller, has `handle` answer what was said, and puts the reply into Teams' words. */
  receive(request: IncomingRequest, handle: (inbound: Inbound) => Promise<Reply>): Promise<OutgoingResponse>;
}

const maxBytes = 256 * 1024;

/**
 * The bot's endpoint: lets in what Teams signed, turns it into the product's words, and the reply back into Teams'.
 *
 * The bot SDK's own validator accepts tokens of any tenant on its "emulator" path without comparing the service URL,
 * and keeps a list that a forged token can grow. Issuer, channel and service URL are therefore checked before it runs.
 */
export function inboundDoor(options: {
  readonly authentication: BotFrameworkAuthentication;
  readonly policy: InboundPolicy;
  readonly report: (where: 'authentication' | 'turn', error: unknown) => void;
}): InboundDoor {
  const { policy } = options;
  const adapter = new Adapter(options.authentication);

  async function receive(
    request: IncomingRequest,
    handle: (inbound: Inbound) => Promise<Reply>,
  ): Promise<OutgoingResponse> {
    if (request.method !== 'POST') return answer(405, 'MethodNotAllowed', { allow: 'POST' });
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return answer(415, 'UnsupportedMediaType');
    const authorization = request.headers.get('authorization') ?? '';
    if (!policy.anonymous) {
      const refusal = gate(authorization, policy.issuer);
      if (refusal) return refusal;
    }
    const body = await readBody(request, maxBytes);
    if (body === 'too-large') return answer(413, 'PayloadTooLarge');
    if (body === 'not-text') return answer(400, 'BadRequest');
    const activity = parseActivity(body.text);
    if (activity?.channelId !== 'msteams') return answer(400, 'BadRequest');
    if (!policy.serviceOrigins.includes(new URL(activity.serviceUrl).origin)) return answer(403, 'Forbidden');
    if (policy.tenantId !== undefined && tenantOf(activity) !== policy.tenantId) return answer(403, 'Forbidden');

    const raw = JSON.parse(body.text) as Activity;
    try {
      return await adapter.turn(raw, authorization, async (context) => {
        const said = typeof activity.text === 'string' ? TurnContext.removeRecipientMention(raw) : '';
        const inbound = toInbound(activity, said);
        await send(context, inbound, await handle(inbound));
      });
    } catch (error) {
      if (!(error instanceof CallerRefused)) {
        options.report('turn', error);
        return answer(500, 'InternalError');
      }
      options.report('authentication', error.cause);
      // The keys could not be fetched: that is our trouble, not the caller's.
      const { name, statusCode } = error.cause as { name?: string; statusCode?: number };
      if (name === 'FetchError' || statusCode === 500)
        return answer(503, 'AuthenticationUnavailable', { 'retry-after': '5' });
      return answer(403, 'Forbidden');
    }
  }
  return { receive };
}

/** Cheap checks before the body is read. */
function gate(authorization: string, issuer: string): OutgoingResponse | undefined {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization)?.[1];
  if (token === undefined) return answer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
  try {
    return decodeJwt(token).iss === issuer ? undefined : answer(403, 'Forbidden');
  } catch {
    return answer(403, 'Forbidden');
  }
}

class CallerRefused extends Error {}

class Adapter extends CloudAdapter {
  /** One authenticated turn. @throws {CallerRefused} if the token does not hold */
  async turn(
    activity: Activity,
    authorization: string,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<OutgoingResponse> {
    for (const field of ['timestamp', 'localTimestamp', 'expiration'] as const) {
      const value: unknown = activity[field];
      if (typeof value === 'string') activity[field] = new Date(value);
    }
    const caller = await this.botFrameworkAuthentication
      .authenticateRequest(activity, authorization)
      .catch((cause: unknown) => {
        throw new CallerRefused('the caller is not who it says', { cause });
      });
    const response = await this.processActivity(caller, activity, logic);
    if (!response) return answer(200);
    const body: unknown = response.body;
    return { ...answer(response.status), ...(body === undefined ? {} : { jsonBody: body }) };
  }
}

const adaptiveCard = 'application/vnd.microsoft.card.adaptive';

async function send(context: TurnContext, inbound: Inbound, reply: Reply): Promise<void> {
  if (inbound.kind === 'search') {
    await invokeResponse(context, {
      composeExtension: { type: 'result', attachmentLayout: 'list', attachments: results(reply) },
    });
    return;
  }
  const below = reply.kind === 'card' && (inbound.kind !== 'action' || reply.placement === 'below');
  if (below) await context.sendActivity(cardActivity(reply));
  if (reply.kind === 'words' && inbound.kind !== 'action')
    await context.sendActivity({ type: 'message', text: reply.text, textFormat: 'plain' });
  if (inbound.kind !== 'action') return;
  if (reply.kind === 'card' && !below)
    await invokeResponse(context, { statusCode: 200, type: adaptiveCard, value: reply.card });
  else
    await invokeResponse(context, {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: reply.kind === 'words' ? reply.text : reply.kind === 'card' ? reply.summary.slice(0, 200) : 'OK',
    });
}

function cardActivity(reply: Extract<Reply, { kind: 'card' }>): Partial<Activity> {
  return { type: 'message', summary: reply.summary, attachments: [{ contentType: adaptiveCard, content: reply.card }] };
}

function results(reply: Reply): unknown[] {
  if (reply.kind !== 'results') return [];
  return reply.results.map(({ title, text, card }) => ({
    contentType: adaptiveCard,
    content: card,
    preview: { contentType: 'application/vnd.microsoft.card.thumbnail', content: { title, text } },
  }));
}

async function invokeResponse(context: TurnContext, body: unknown): Promise<void> {
  await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } });
}
