import type { Channel } from './channel.ts';
import type { PostRef } from './post.ts';

/** A message as the core makes it: one card and the words for a notification, or plain words. */
export interface Message {
  readonly card?: Readonly<Record<string, unknown>>;
  /** What the toast, the lock screen and a screen reader say. */
  readonly summary: string;
  readonly important?: boolean;
}

/** How messages reach people. */
export interface Messenger {
  /**
   * A new message in the conversation.
   * @throws {OperationalError} `teams.throttled`, `teams.unavailable` (retryable; the message may have arrived),
   *   `teams.gone` (the bot is not there any more), `teams.rejected` (too large or malformed: do not repeat)
   */
  post(channel: Channel, message: Message): Promise<PostRef>;
  /**
   * Replaces a message for everybody.
   * @throws {OperationalError} as {@link post}, or `teams.lost-card` (it has been deleted)
   */
  update(channel: Channel, at: PostRef, message: Message): Promise<void>;
  /** A message in the thread of another one. @throws as {@link post} */
  reply(channel: Channel, at: PostRef, message: Message): Promise<void>;
}
