import { cardReply, type Reply } from '../bot/inbound.ts';
import { clean } from '../cards/clean.ts';
import type { Card } from '../cards/elements.ts';
import { statusCard, type HubStatus } from '../cards/list-cards.ts';
import { whyHubCard, whyIncidentCard } from '../cards/why-card.ts';
import { wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { rulesFor } from '../detection/resolve-rules.ts';
import { coreSignals, type CoreSignal } from '../detection/rule.ts';
import type { Hub } from '../hubs/hub.ts';
import type { Incident } from '../incidents/incident.ts';
import { isActive, silenceOf } from '../incidents/silence.ts';
import type { Versioned } from '../incidents/store.ts';
import { planDelivery } from '../notify/plan-delivery.ts';
import { MINUTE, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { tagFaultsOf } from './tell-tag-faults.ts';

/** The numbers, silences and routes behind one incident. */
export async function why(deps: Deps, id: string, language: Language, now: EpochMs): Promise<Reply> {
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
  return cardReply(
    whyIncidentCard(incident, { silence: silenceOf(silences, incident, now), routes, language, now }),
    'below',
  );
}

/** What every rule says of one hub, and what keeps it quiet. */
export async function whyNot(deps: Deps, name: string, language: Language, now: EpochMs): Promise<Reply> {
  const { stores } = deps;
  const record = (await stores.hubs.listAll()).find(({ hub }) => hub.name.toLowerCase() === name.toLowerCase());
  if (!record) return { kind: 'words', text: wordsOf(language).unknownHub(clean(name, 60)) };
  const [live, silences] = await Promise.all([stores.incidents.listLive(), stores.silences.list(now)]);
  const incidents = live
    .map(({ value }) => value)
    .filter(({ subject }) => subject.kind === 'hub' && subject.hub.id === record.hub.id);
  const covering = silences.filter((each) => isActive(each, now) && each.fingerprint.startsWith(`${record.hub.id}|`));
  return cardReply(
    whyHubCard(record, {
      incidents,
      silences: covering,
      off: signalsOff(deps, record.hub),
      tagFaults: tagFaultsOf(deps, record.hub),
      language,
      now,
    }),
    'below',
  );
}

/** Every hub with the age of its data. */
export async function status(deps: Deps, page: number, language: Language, now: EpochMs): Promise<Card> {
  const [records, live] = await Promise.all([deps.stores.hubs.listAll(), deps.stores.incidents.listLive()]);
  const open = live.map(({ value }: Versioned<Incident>) => value).filter((incident) => incident.status !== 'resolved');
  const troubled = new Set(
    open.flatMap(({ subject }) =>
      subject.kind === 'hub' ? [subject.hub.id] : subject.members.map(({ hub }) => hub.id),
    ),
  );
  const hubs = records.map((record): HubStatus => {
    const off = signalsOff(deps, record.hub);
    const unwatched = off.length === coreSignals.length;
    const unknown =
      record.failingSince !== undefined ||
      record.readAt === undefined ||
      now - record.readAt > 15 * MINUTE ||
      record.settledAt === undefined;
    return {
      name: record.hub.name,
      region: record.hub.region,
      state: troubled.has(record.hub.id) ? 'incident' : unwatched ? 'off' : unknown ? 'unknown' : 'fine',
      off,
      ageMs: record.settledAt === undefined ? undefined : now - record.settledAt,
    };
  });
  return statusCard(hubs, open.length, page, language);
}

/** What is switched off on a hub: it must never look healthy for it. */
function signalsOff({ policies }: Pick<Deps, 'policies'>, hub: Hub): readonly CoreSignal[] {
  const inForce = new Set(rulesFor(policies.rules, hub).map(({ id }) => id));
  return coreSignals.filter((signal) => !inForce.has(signal));
}
