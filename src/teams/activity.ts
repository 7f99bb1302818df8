import * as z from 'zod';
import { maxTextLength } from '../bot/command.ts';
import type { Conversation, Inbound } from '../bot/inbound.ts';
import { parseCardAction } from '../cards/card-action.ts';
import { clean } from '../cards/clean.ts';

/**
 * The fields of a Bot Framework activity that are read; everything else passes by. Parsed once, here.
 * @see https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md
 */
const account = z.object({
  id: z.string().max(400),
  name: z.string().max(400).nullish(),
  aadObjectId: z.string().max(100).nullish(),
});
const activitySchema = z.object({
  type: z.string().min(1).max(100),
  name: z.string().max(200).nullish(),
  action: z.string().max(100).nullish(),
  id: z.string().max(400).nullish(),
  replyToId: z.string().max(400).nullish(),
  channelId: z.string().max(100),
  serviceUrl: z.url().max(1_000),
  locale: z.string().max(40).nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  // A mention that is not as it should be is none; the rest of the message still says something.
  entities: z.array(z.unknown()).max(1_000).nullish().catch(undefined),
  from: account.nullish(),
  recipient: account.nullish(),
  conversation: z.object({
    id: z.string().min(1).max(1_000),
    conversationType: z.string().max(100).nullish(),
    tenantId: z.string().max(100).nullish(),
    isGroup: z.boolean().nullish(),
  }),
  membersAdded: z.array(account).max(1_000).nullish(),
  membersRemoved: z.array(account).max(1_000).nullish(),
  channelData: z
    .object({
      eventType: z.string().max(100).nullish(),
      tenant: z.object({ id: z.string().max(100) }).nullish(),
      team: z.object({ id: z.string().max(400).nullish() }).nullish(),
      channel: z.object({ id: z.string().max(400).nullish() }).nullish(),
      settings: z.object({ selectedChannel: z.object({ id: z.string().max(400).nullish() }).nullish() }).nullish(),
    })
    .nullish(),
});
export type CheckedActivity = z.infer<typeof activitySchema>;

const mentionSchema = z.object({
  type: z.literal('mention'),
  text: z.string().min(1).max(1_000),
  mentioned: z.object({ id: z.string() }),
});

/** The activity in a request's body, or `undefined` if it is none. */
export function parseActivity(text: string): CheckedActivity | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = activitySchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export function tenantOf(activity: CheckedActivity): string {
  return activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? '';
}

/** What the activity says, in the product's words. */
export function toInbound(activity: CheckedActivity): Inbound {
  const base = {
    conversation: conversationOf(activity),
    from: {
      id: activity.from?.aadObjectId ?? activity.from?.id ?? '',
      name: clean(activity.from?.name ?? '', 60) || 'someone',
    },
    locale: activity.locale ?? undefined,
  };
  const bot = activity.recipient?.id;
  const isBot = (member: { readonly id: string }): boolean => bot !== undefined && member.id === bot;
  switch (activity.type) {
    case 'message': {
      const said = plainText(withoutMention(activity));
      if (said === '' && activity.value !== null && activity.value !== undefined)
        return { ...base, kind: 'submit', action: parseCardAction(undefined, activity.value) };
      return { ...base, kind: 'text', text: said };
    }
    case 'invoke':
      return { ...base, ...invoked(activity) };
    case 'installationUpdate':
      if (activity.action?.startsWith('add')) return { ...base, kind: 'added', fresh: activity.action === 'add' };
      return { ...base, kind: activity.action?.startsWith('remove') ? 'removed' : 'other' };
    case 'conversationUpdate':
      if (activity.membersAdded?.some(isBot)) return { ...base, kind: 'added', fresh: false };
      if (activity.membersRemoved?.some(isBot)) return { ...base, kind: 'removed' };
      if (/^(?:channel|team)(?:Deleted|HardDeleted)$/.test(activity.channelData?.eventType ?? ''))
        return { ...base, kind: 'removed' };
      return { ...base, kind: 'other' };
    default:
      return { ...base, kind: 'other' };
  }
}

function conversationOf(activity: CheckedActivity): Conversation {
  const { channelData, conversation } = activity;
  const type = conversation.conversationType;
  const kind =
    type === 'personal'
      ? 'personal'
      : type === 'groupChat'
        ? 'group'
        : type === 'channel' || channelData?.team
          ? 'channel'
          : conversation.isGroup
            ? 'group'
            : 'personal';
  const own = conversation.id.split(';')[0] ?? conversation.id;
  // Events about a team come in its name; the channel that they are about stands in the channel data, and the one that
  // somebody chose for the bot while installing it comes first.
  const chosen = channelData?.settings?.selectedChannel?.id;
  const about = channelData?.channel?.id;
  const id =
    kind !== 'channel'
      ? own
      : activity.type === 'installationUpdate'
        ? (chosen ?? about ?? own)
        : (about ?? chosen ?? own);
  const teamId = channelData?.team?.id;
  return {
    id,
    kind,
    tenantId: tenantOf(activity),
    serviceUrl: activity.serviceUrl,
    botId: activity.recipient?.id ?? '',
    ...(teamId ? { teamId } : {}),
  };
}

const actionValue = z.object({
  action: z.object({ verb: z.string().max(60).nullish(), data: z.unknown().optional() }),
});
const queryValue = z.object({
  parameters: z
    .array(z.object({ name: z.string().max(60), value: z.unknown().optional() }))
    .max(10)
    .nullish(),
  queryOptions: z.object({ skip: z.number().nullish(), count: z.number().nullish() }).nullish(),
});

function invoked(activity: CheckedActivity) {
  if (activity.name === 'adaptiveCard/action') {
    const value = actionValue.safeParse(activity.value);
    return {
      kind: 'action',
      action: value.success ? parseCardAction(value.data.action.verb, value.data.action.data) : undefined,
      messageId: activity.replyToId ?? undefined,
    } as const;
  }
  if (activity.name === 'composeExtension/query') {
    const value = queryValue.safeParse(activity.value);
    const query = value.success
      ? value.data.parameters?.find((parameter) => parameter.name !== 'initialRun')?.value
      : undefined;
    const { skip, count } = (value.success ? value.data.queryOptions : undefined) ?? {};
    return {
      kind: 'search',
      query: typeof query === 'string' ? query.slice(0, 1_000) : '',
      skip: bounded(skip, 0, 1_000, 0),
      count: bounded(count, 1, 25, 10),
    } as const;
  }
  return { kind: 'other' } as const;
}

function bounded(value: number | null | undefined, lowest: number, highest: number, fallback: number): number {
  return Number.isInteger(value) ? Math.min(highest, Math.max(lowest, value ?? fallback)) : fallback;
}

/** The text without what names the bot: in a channel it is only heard when it is mentioned. */
function withoutMention({ text, entities, recipient }: CheckedActivity): string {
  let said = (text ?? '').slice(0, 2 * maxTextLength);
  for (const entity of entities ?? []) {
    const mention = mentionSchema.safeParse(entity).data;
    if (mention && mention.mentioned.id === recipient?.id) said = said.replaceAll(mention.text, () => ' ');
  }
  return said;
}

/** Teams sends `<at>` tags and entities in the text of a message. */
function plainText(text: string): string {
  return text
    .replace(/<at\b[^<>]*>[^<]*<\/at>/gi, ' ')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .trim();
}
