import { decodeJwt } from 'jose';
import type { Inbound, Reply } from '../bot/inbound.ts';
import { parseActivity, tenantOf, toInbound } from './activity.ts';
import {
  CloudAdapter,
  type Activity,
  type BotFrameworkAuthentication,
  type ConnectorClient,
  type TurnContext,
} from './bot-sdk.ts';
import { patienceMs, sendingOnce } from './connector.ts';
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
 * and keeps a list that a forged token can grow. Issuer, tenant, channel and service URL are therefore checked before it
 * runs.
 */
export function inboundDoor(options: {
  readonly authentication: BotFrameworkAuthentication;
  readonly policy: InboundPolicy;
  readonly report: (where: 'authentication' | 'turn', error: unknown) => void;
  /** How long the keys of the callers' tokens may take to be fetched. */
  readonly patienceMs?: number;
  /** How long one message of an answer may take to be sent. */
  readonly answerMs?: number;
}): InboundDoor {
  const { policy } = options;
  const adapter = new Adapter(options.authentication, {
    patienceMs: options.patienceMs ?? 10_000,
    answerMs: options.answerMs ?? patienceMs,
  });

  async function receive(
    request: IncomingRequest,
    handle: (inbound: Inbound) => Promise<Reply>,
  ): Promise<OutgoingResponse> {
    if (request.method !== 'POST') return answer(405, 'MethodNotAllowed', { allow: 'POST' });
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return answer(415, 'UnsupportedMediaType');
    const authorization = request.headers.get('authorization') ?? '';
    if (!policy.anonymous) {
      const refusal = gate(authorization, policy);
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
        const inbound = toInbound(activity);
        await send(context, inbound, await handle(inbound), (error) => {
          options.report('turn', error);
        });
      });
    } catch (error) {
      if (!(error instanceof CallerRefused)) {
        options.report('turn', error);
        return answer(500, 'InternalError');
      }
      options.report('authentication', error.cause);
      // The keys could not be fetched: that is our trouble, not the caller's.
      const { name = '', statusCode } = error.cause as { name?: string; statusCode?: number };
      if (['FetchError', 'TimeoutError'].includes(name) || statusCode === 500)
        return answer(503, 'AuthenticationUnavailable', { 'retry-after': '5' });
      return answer(403, 'Forbidden');
    }
  }
  return { receive };
}

/** Tenants of the Bot Framework itself, which the SDK knows. */
const botFrameworkTenants: readonly unknown[] = [
  'd6d49420-f39b-4df7-a1dc-d59a935871db',
  'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
];

/** Cheap checks before the body is read. */
function gate(authorization: string, { issuer, tenantId }: InboundPolicy): OutgoingResponse | undefined {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization)?.[1];
  if (token === undefined) return answer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
  try {
    const { iss, tid } = decodeJwt(token);
    // For every tenant that it has not seen the SDK adds four issuers to a list, before it looks at the signature.
    const known = tid === undefined || tid === tenantId || botFrameworkTenants.includes(tid);
    return iss === issuer && known ? undefined : answer(403, 'Forbidden');
  } catch {
    return answer(403, 'Forbidden');
  }
}

class CallerRefused extends Error {}

interface Limits {
  readonly patienceMs: number;
  readonly answerMs: number;
}

class Adapter extends CloudAdapter {
  readonly #limits: Limits;
  constructor(authentication: BotFrameworkAuthentication, limits: Limits) {
    super(authentication);
    this.#limits = limits;
  }

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
    const checked = this.botFrameworkAuthentication.authenticateRequest(activity, authorization);
    const caller = await inTime(checked, this.#limits.patienceMs).catch((cause: unknown) => {
      throw new CallerRefused('the caller is not who it says', { cause });
    });
    const response = await this.processActivity(caller, activity, async (context) => {
      sendingOnce(context.turnState.get<ConnectorClient>(this.ConnectorClientKey), this.#limits.answerMs);
      await logic(context);
    });
    if (!response) return answer(200);
    const body: unknown = response.body;
    return { ...answer(response.status), ...(body === undefined ? {} : { jsonBody: body }) };
  }
}

/** The SDK fetches keys without a limit of time. */
async function inTime<T>(work: Promise<T>, patienceMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new DOMException('the keys could not be fetched in time', 'TimeoutError'));
  }, patienceMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const adaptiveCard = 'application/vnd.microsoft.card.adaptive';

async function send(
  context: TurnContext,
  inbound: Inbound,
  reply: Reply,
  report: (error: unknown) => void,
): Promise<void> {
  if (inbound.kind === 'search') {
    await invokeResponse(context, {
      composeExtension: { type: 'result', attachmentLayout: 'list', attachments: results(reply) },
    });
    return;
  }
  const below = reply.kind === 'card' && (inbound.kind !== 'action' || reply.placement === 'below');
  if (below)
    try {
      await context.sendActivity(cardActivity(reply));
    } catch (error) {
      // A pressed button must not end in an error bar: its message bar has the card's words.
      if (inbound.kind !== 'action') throw error;
      report(error);
    }
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
