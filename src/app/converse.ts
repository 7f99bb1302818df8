import { commandOf, parseText, type Command } from '../bot/command.ts';
import { cardReply, type Inbound, type Reply } from '../bot/inbound.ts';
import { search } from '../bot/search.ts';
import { clean } from '../cards/clean.ts';
import { helpCard, incidentsCard } from '../cards/list-cards.ts';
import { membersCard } from '../cards/members.ts';
import { languageOf, wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { acknowledge, resolve } from '../incidents/act.ts';
import type { Channel } from '../notify/channel.ts';
import type { EpochMs } from '../time/time.ts';
import { answerBacktest } from './answer-backtest.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { added, removed, deliverOpen, newChannel, seenAgain } from './membership.ts';
import { act, silence, shown } from './act-on-incident.ts';
import { explained, answerLanguage } from './answer-question.ts';
import { why, whyNot, status } from './tell-why.ts';

/**
 * Answers one message, button or event from Teams. A command's failure becomes a polite sentence, never an error.
 * @throws what keeps an installation or a removal from being noted: nobody would say it again
 */
export async function converse(deps: Deps, inbound: Inbound, now: EpochMs): Promise<Reply> {
  let language = languageOf(inbound.locale);
  try {
    const channel = await deps.stores.channels.get(inbound.conversation.id);
    language = channel?.language ?? language;
    switch (inbound.kind) {
      case 'added':
        return await added(deps, inbound, channel, now);
      case 'removed':
        await removed(deps, inbound.conversation);
        return { kind: 'nothing' };
      case 'text':
        await seenAgain(deps, channel, inbound.conversation);
        return await run(deps, parseText(inbound.text), inbound, channel, language, now);
      case 'action':
      case 'submit':
        if (!inbound.action) return { kind: 'words', text: wordsOf(language).labels.notUnderstood };
        return await run(deps, commandOf(inbound.action), inbound, channel, language, now);
      case 'search':
        return { kind: 'results', results: search(inbound.query, inbound, answerLanguage(inbound, channel)) };
      case 'other':
        return { kind: 'nothing' };
    }
  } catch (error) {
    deps.log('conversation.failed', { kind: inbound.kind, ...errorFields(error) });
    if (inbound.kind === 'added' || inbound.kind === 'removed') throw error;
    return inbound.kind === 'search'
      ? { kind: 'results', results: [] }
      : { kind: 'words', text: wordsOf(language).labels.tryAgain };
  }
}

async function run(
  deps: Deps,
  command: Command,
  inbound: Inbound,
  channel: Channel | undefined,
  language: Language,
  now: EpochMs,
): Promise<Reply> {
  const words = wordsOf(language);
  switch (command.kind) {
    case 'help':
      return cardReply(helpCard(language));
    case 'incidents': {
      const open = (await deps.stores.incidents.listLive())
        .map(({ value }) => value)
        .filter(({ status }) => status !== 'resolved');
      return cardReply(incidentsCard(open, command.page, language, now));
    }
    case 'status':
      return cardReply(await status(deps, command.page, language, now));
    case 'acknowledge':
      return act(deps, command.kind, command.incident, inbound, language, now, (incident) =>
        acknowledge(incident, inbound.from, now),
      );
    case 'resolve':
      return act(deps, command.kind, command.incident, inbound, language, now, (incident) =>
        resolve(incident, inbound.from, now),
      );
    case 'silence':
      return silence(deps, command.incident, inbound, language, now);
    case 'show': {
      const found = await deps.stores.incidents.find(command.incident);
      return found
        ? shown(deps, found.value, language, now)
        : { kind: 'words', text: words.unknownIncident(clean(command.incident, 20)) };
    }
    case 'members': {
      const found = await deps.stores.incidents.find(command.incident);
      return found
        ? cardReply(membersCard(found.value, command.page, language))
        : { kind: 'words', text: words.unknownIncident(clean(command.incident, 20)) };
    }
    case 'why':
      return why(deps, command.incident, language, now);
    case 'why-not':
      return whyNot(deps, command.hub, language, now);
    case 'backtest':
      return answerBacktest(deps, command.hub, language, now);
    case 'explain':
      return explained(deps, command.text, command.language ?? answerLanguage(inbound, channel), now);
    case 'subscribe':
    case 'unsubscribe': {
      const subscribed = command.kind === 'subscribe';
      await deps.stores.channels.put({ ...(channel ?? newChannel(inbound.conversation, language, now)), subscribed });
      deps.log('channel.subscription', { channel: inbound.conversation.id, subscribed, by: inbound.from.id });
      if (subscribed) await deliverOpen(deps, inbound.conversation.id);
      return { kind: 'words', text: subscribed ? words.labels.subscribed : words.labels.unsubscribed };
    }
    case 'language':
      await deps.stores.channels.put({
        ...(channel ?? newChannel(inbound.conversation, command.language, now)),
        language: command.language,
        languageChosen: true,
      });
      return { kind: 'words', text: wordsOf(command.language).labels.languageSet };
  }
}
