import { commandOf, parseText, type Command } from '../bot/command.ts';
import { explain } from '../bot/explain.ts';
import type { Conversation, Inbound, Reply } from '../bot/inbound.ts';
import { happeningsOf } from '../bot/happenings.ts';
import { leadOf } from '../bot/lead.ts';
import { familiesOf, search } from '../bot/search.ts';
import { answerCard, type AnswerContext } from '../cards/answer-card.ts';
import type { Subject } from '../catalog/subject.ts';
import { clean } from '../cards/clean.ts';
import type { Card } from '../cards/elements.ts';
import { incidentCard } from '../cards/incident-card.ts';
import { helpCard, incidentsCard, statusCard, type HubStatus } from '../cards/list-cards.ts';
import { membersCard } from '../cards/members.ts';
import { whyHubCard, whyIncidentCard } from '../cards/why-card.ts';
import { severalCard } from '../cards/several-card.ts';
import { languageOf, wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { acknowledge, noteSilence, resolve, type Outcome } from '../incidents/act.ts';
import type { Incident } from '../incidents/incident.ts';
import { isActive, silenceOf } from '../incidents/silence.ts';
import type { Versioned } from '../incidents/store.ts';
import type { Channel } from '../notify/channel.ts';
import { planDelivery } from '../notify/plan-delivery.ts';
import { DAY, HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import { backtestOf } from './answer-backtest.ts';
import type { Deps } from './deps.ts';
import { errorFields } from './log.ts';
import { requestDelivery } from './request-delivery.ts';

/** How often a command is tried again when the incident changes under it. */
const maxTries = 5;
const silenceMs = HOUR;

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
      return card(helpCard(language));
    case 'incidents': {
      const open = (await deps.stores.incidents.listLive())
        .map(({ value }) => value)
        .filter(({ status }) => status !== 'resolved');
      return card(incidentsCard(open, command.page, language, now));
    }
    case 'status':
      return card(await status(deps, command.page, language, now));
    case 'acknowledge':
      return act(deps, command.incident, inbound, language, now, (incident) =>
        acknowledge(incident, inbound.from, now),
      );
    case 'resolve':
      return act(deps, command.incident, inbound, language, now, (incident) => resolve(incident, inbound.from, now));
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
        ? card(membersCard(found.value, command.page, language))
        : { kind: 'words', text: words.unknownIncident(clean(command.incident, 20)) };
    }
    case 'why':
      return why(deps, command.incident, language, now);
    case 'why-not':
      return whyNot(deps, command.hub, language, now);
    case 'backtest': {
      const found = await backtestOf(deps, command.hub, language, now);
      return found ? card(found) : { kind: 'words', text: words.unknownHub(clean(command.hub, 60)) };
    }
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

/** Loads, decides, saves with compare-and-set; the loser of a race gets the card as it is now. */
async function act(
  deps: Deps,
  id: string,
  inbound: Inbound,
  language: Language,
  now: EpochMs,
  decide: (incident: Incident) => Outcome,
): Promise<Reply> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const found = await deps.stores.incidents.find(id);
    if (!found) return { kind: 'words', text: wordsOf(language).unknownIncident(clean(id, 20)) };
    const outcome = decide(found.value);
    if (outcome.kind === 'unchanged' || found.archived) return told(deps, found.value, inbound, language, now);
    if ((await deps.stores.incidents.save(outcome.incident, found.version)) === 'stale') continue;
    await requestDelivery(deps, [outcome.incident]);
    return told(deps, outcome.incident, inbound, language, now);
  }
  return { kind: 'words', text: wordsOf(language).labels.tryAgain };
}

async function silence(deps: Deps, id: string, inbound: Inbound, language: Language, now: EpochMs): Promise<Reply> {
  const found = await deps.stores.incidents.find(id);
  if (!found) return { kind: 'words', text: wordsOf(language).unknownIncident(clean(id, 20)) };
  const { fingerprint, status } = found.value;
  const by = inbound.from;
  if (status !== 'resolved')
    await deps.stores.silences.put({ id: `snooze ${fingerprint}`, fingerprint, from: now, until: now + silenceMs, by });
  return act(deps, id, inbound, language, now, (incident) =>
    incident.status === 'resolved'
      ? { kind: 'unchanged', incident }
      : { kind: 'changed', incident: noteSilence(incident, 'silenced', now, by) },
  );
}

/** A pressed button gets the card as it is now, in its place. A typed command gets a sentence: the card is edited anyway. */
async function told(
  deps: Deps,
  incident: Incident,
  inbound: Inbound,
  language: Language,
  now: EpochMs,
): Promise<Reply> {
  if (inbound.kind === 'action') return shown(deps, incident, language, now);
  const words = wordsOf(language);
  const silenced = silenceOf(await deps.stores.silences.list(now), incident, now);
  switch (incident.status) {
    case 'resolved':
      return { kind: 'words', text: words.ending(incident) };
    case 'acknowledged':
      return {
        kind: 'words',
        text: silenced
          ? words.silencedUntil(silenced.by.name, silenced.until)
          : words.acknowledgedBy(incident.acknowledgedBy.name, incident.acknowledgedAt),
      };
    case 'firing':
      return {
        kind: 'words',
        text: silenced ? words.silencedUntil(silenced.by.name, silenced.until) : words.problem(incident, now),
      };
  }
}

async function shown(deps: Deps, incident: Incident, language: Language, now: EpochMs): Promise<Reply> {
  const silences = await deps.stores.silences.list(now);
  return card(incidentCard(incident, { language, silence: silenceOf(silences, incident, now), now }));
}

/** A question is answered in the asker's language, unless one was chosen for the conversation. */
function answerLanguage({ locale }: Inbound, channel: Channel | undefined): Language {
  if (channel?.languageChosen || locale === undefined) return channel?.language ?? languageOf(locale);
  return languageOf(locale);
}

/** How many of the incidents that ended lately are looked through. */
const maxArchived = 200;

async function explained(deps: Deps, text: string, asked: Language, now: EpochMs): Promise<Reply> {
  const found = explain(text);
  const language = found.language ?? asked;
  const words = wordsOf(language);
  switch (found.kind) {
    case 'unknown':
      return { kind: 'words', text: words.answer.unknown };
    case 'several':
      return card(
        severalCard(found.subjects, found.together, {
          language,
          lead: leadOf(found, words),
          ...(await whereHappening(deps, found.subjects, now)),
        }),
        'below',
      );
    case 'one': {
      const { subject, others } = found;
      const lead = leadOf(found, words);
      const happening = await whereHappening(deps, [subject], now);
      return card(answerCard(subject, { language, lead, others, ...happening }), 'below');
    }
  }
}

/** The hubs on which the families of these subjects fire or did in the last 24 hours; nothing where there is no family. */
async function whereHappening(
  { stores }: Deps,
  subjects: readonly Subject[],
  now: EpochMs,
): Promise<Pick<AnswerContext, 'happenings'>> {
  const families = [...new Set(subjects.flatMap(familiesOf))];
  if (families.length === 0) return {};
  const [live, ended] = await Promise.all([
    stores.incidents.listLive(),
    stores.incidents.listArchived(now - DAY, now, maxArchived),
  ]);
  return { happenings: happeningsOf([...live.map(({ value }) => value), ...ended], families, now) };
}

async function why(deps: Deps, id: string, language: Language, now: EpochMs): Promise<Reply> {
  const { stores, policies } = deps;
  const found = await stores.incidents.find(id);
  if (!found) return { kind: 'words', text: wordsOf(language).unknownIncident(clean(id, 20)) };
  const incident = found.value;
  const [silences, channels, posts] = await Promise.all([
    stores.silences.list(now),
    stores.channels.list(),
    stores.posts.list(incident.id),
  ]);
  const routes = channels.map((channel) => {
    const post = posts.find((each) => each.channelId === channel.id);
    return {
      channelId: channel.id,
      decision: planDelivery({ incident, channel, post, silences }, policies.notification, now),
      revision: post?.ref && post.revision,
    };
  });
  return card(
    whyIncidentCard(incident, { silence: silenceOf(silences, incident, now), routes, language, now }),
    'below',
  );
}

async function whyNot(deps: Deps, name: string, language: Language, now: EpochMs): Promise<Reply> {
  const { stores } = deps;
  const record = (await stores.hubs.listAll()).find(({ hub }) => hub.name.toLowerCase() === name.toLowerCase());
  if (!record) return { kind: 'words', text: wordsOf(language).unknownHub(clean(name, 60)) };
  const [live, silences] = await Promise.all([stores.incidents.listLive(), stores.silences.list(now)]);
  const incidents = live
    .map(({ value }) => value)
    .filter(({ subject }) => subject.kind === 'hub' && subject.hub.id === record.hub.id);
  const covering = silences.filter((each) => isActive(each, now) && each.fingerprint.startsWith(`${record.hub.id}|`));
  return card(whyHubCard(record, { incidents, silences: covering, language, now }), 'below');
}

async function status(deps: Deps, page: number, language: Language, now: EpochMs): Promise<Card> {
  const [records, live] = await Promise.all([deps.stores.hubs.listAll(), deps.stores.incidents.listLive()]);
  const open = live.map(({ value }: Versioned<Incident>) => value).filter((incident) => incident.status !== 'resolved');
  const troubled = new Set(
    open.flatMap(({ subject }) =>
      subject.kind === 'hub' ? [subject.hub.id] : subject.members.map(({ hub }) => hub.id),
    ),
  );
  const hubs = records.map((record): HubStatus => {
    const unknown =
      record.failingSince !== undefined || record.readAt === undefined || now - record.readAt > 15 * MINUTE;
    return {
      name: record.hub.name,
      region: record.hub.region,
      state: troubled.has(record.hub.id) ? 'incident' : unknown ? 'unknown' : 'fine',
      ageMs: record.settledAt === undefined ? undefined : now - record.settledAt,
    };
  });
  return statusCard(hubs, open.length, page, language);
}

/** The bot was added to a conversation. A fresh installation has none of our cards, whatever we posted there before. */
async function added(
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
async function removed(deps: Deps, { id }: Conversation): Promise<void> {
  const channels = (await deps.stores.channels.list()).filter((channel) => channel.id === id || channel.teamId === id);
  for (const channel of channels) {
    await deps.stores.channels.remove(channel.id);
    deps.log('channel.removed', { channel: channel.id });
  }
}

async function deliverOpen(deps: Deps, channelId: string): Promise<void> {
  for (const { value } of await deps.stores.incidents.listLive())
    if (value.status !== 'resolved')
      await deps.queues.delivery({ kind: 'delivery', incidentId: value.id, channelId, attempt: 0 });
}

function localeOrDefault(deps: Deps, { locale }: Inbound): Language {
  return locale === undefined ? deps.policies.language : languageOf(locale) === 'fr' ? 'fr' : deps.policies.language;
}

function newChannel(
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
async function seenAgain(deps: Deps, channel: Channel | undefined, { serviceUrl }: Conversation): Promise<void> {
  if (!channel || (channel.serviceUrl === serviceUrl && channel.goneAt === undefined)) return;
  const { goneAt: _goneAt, goneWhy: _goneWhy, ...alive } = channel;
  await deps.stores.channels.put({ ...alive, serviceUrl });
}

function card(content: Card, placement: 'replace' | 'below' = 'replace'): Reply {
  return {
    kind: 'card',
    card: content as unknown as Record<string, unknown>,
    summary: (content.speak ?? '').slice(0, 300),
    placement,
  };
}
