import type { Conversation, Inbound, Reply } from '../bot/inbound.ts';
import { languageOf, wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import type { Channel } from '../notify/channel.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';

/** The bot was added to a conversation. A fresh installation has none of our cards, whatever we posted there before. */
export async function added(
  deps: Deps,
  inbound: Extract<Inbound, { kind: 'added' }>,
  known: Channel | undefined,
  now: EpochMs,
): Promise<Reply> {
  const { conversation } = inbound;
  const {
    goneAt: _goneAt,
    goneWhy: _goneWhy,
    heldUntil: _heldUntil,
    ...before
  } = known ?? newChannel(conversation, localeOrDefault(deps, inbound), now);
  const channel: Channel = {
    ...before,
    serviceUrl: conversation.serviceUrl,
    botId: conversation.botId,
    subscribed:
      known && known.goneAt === undefined ? known.subscribed : deps.policies.alertScopes.includes(conversation.kind),
  };
  await deps.stores.channels.put(channel);
  // Teams announces an installation twice; only the installation itself gets the welcome and the open incidents.
  if (!inbound.fresh) return { kind: 'nothing' };
  deps.log('channel.added', { channel: channel.id, kind: channel.kind, subscribed: channel.subscribed });
  for (const { value } of await deps.stores.incidents.listLive()) await deps.stores.posts.remove(value.id, channel.id);
  if (channel.subscribed) await deliverOpen(deps, channel.id);
  return { kind: 'words', text: wordsOf(channel.language).welcome(channel.kind, channel.subscribed) };
}

/** The bot, or the channel, is no longer there. What happens to a team happens in the name of its General channel. */
export async function removed(deps: Deps, { id }: Conversation): Promise<void> {
  const channels = (await deps.stores.channels.list()).filter((channel) => channel.id === id || channel.teamId === id);
  for (const channel of channels) {
    await deps.stores.channels.remove(channel.id);
    deps.log('channel.removed', { channel: channel.id });
  }
}

/** Asks for the cards of everything that is open, in a conversation that wants alerts from now on. */
export async function deliverOpen(deps: Deps, channelId: string): Promise<void> {
  for (const { value } of await deps.stores.incidents.listLive())
    if (value.status !== 'resolved')
      await deps.queues.delivery({ kind: 'delivery', incidentId: value.id, channelId, attempt: 0 });
}

function localeOrDefault(deps: Deps, { locale }: Inbound): Language {
  return locale === undefined ? deps.policies.language : languageOf(locale) === 'fr' ? 'fr' : deps.policies.language;
}

/** A conversation that nothing is known of yet; it gets no alerts. */
export function newChannel(
  { id, kind, tenantId, serviceUrl, botId, teamId }: Conversation,
  language: Language,
  now: EpochMs,
): Channel {
  return {
    id,
    kind,
    tenantId,
    serviceUrl,
    botId,
    ...(teamId === undefined ? {} : { teamId }),
    subscribed: false,
    language,
    addedAt: now,
  };
}

/** Teams may move a conversation to another service URL; the newest is the right one. And who talks to us is not gone. */
export async function seenAgain(deps: Deps, channel: Channel | undefined, { serviceUrl }: Conversation): Promise<void> {
  if (!channel || (channel.serviceUrl === serviceUrl && channel.goneAt === undefined)) return;
  const { goneAt: _goneAt, goneWhy: _goneWhy, ...alive } = channel;
  await deps.stores.channels.put({ ...alive, serviceUrl });
}
