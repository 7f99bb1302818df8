import type { EpochMs } from '../time/time.ts';

/** Where people talk: a channel of a team, a group chat, or a personal chat with the bot. */
export type ChannelKind = 'channel' | 'group' | 'personal';

/** A conversation that the bot was added to. */
export interface Channel {
  /** The conversation's id, without a message id: `19:…@thread.tacv2`. */
  readonly id: string;
  readonly kind: ChannelKind;
  readonly tenantId: string;
  /** Where the Bot Connector for this conversation is; the newest one seen. */
  readonly serviceUrl: string;
  /** The bot's id in this conversation. */
  readonly botId: string;
  readonly teamId?: string;
  /** Whether alerts go here. */
  readonly subscribed: boolean;
  /** `en` or `fr`: the language of the cards. */
  readonly language: 'en' | 'fr';
  /** Whether somebody chose that language here; otherwise it was guessed when the bot was added. */
  readonly languageChosen?: boolean;
  readonly addedAt: EpochMs;
  /** Set when Teams refused for good (bot removed, channel deleted): nothing is sent until the bot is added again. */
  readonly goneAt?: EpochMs;
  readonly goneWhy?: string;
  /** Teams asked to be left alone until then. */
  readonly heldUntil?: EpochMs;
}

export interface ChannelStore {
  list(): Promise<readonly Channel[]>;
  get(id: string): Promise<Channel | undefined>;
  /** Adds or replaces. */
  put(channel: Channel): Promise<void>;
  /** Forgets the conversation. */
  remove(id: string): Promise<void>;
}

export function receivesAlerts(channel: Channel): boolean {
  return channel.subscribed && channel.goneAt === undefined;
}
