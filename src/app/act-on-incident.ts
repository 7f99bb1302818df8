import { cardReply, type Inbound, type Reply } from '../bot/inbound.ts';
import { clean } from '../cards/clean.ts';
import { incidentCard } from '../cards/incident-card.ts';
import { wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { snoozed, type Outcome } from '../incidents/act.ts';
import type { Incident } from '../incidents/incident.ts';
import { silenceOf, snoozeOf } from '../incidents/silence.ts';
import type { EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { requestDelivery } from './request-delivery.ts';

/** How often a command is tried again when the incident changes under it. */
const maxTries = 5;

/** Loads, decides, saves with compare-and-set; the loser of a race gets the card as it is now. */
export async function act(
  deps: Deps,
  verb: 'acknowledge' | 'resolve' | 'silence',
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
    const acted = { incident: found.value.id, verb, by: inbound.from.id, conversation: inbound.conversation.id };
    if (outcome.kind === 'unchanged' || found.archived) {
      deps.log('incident.acted', { ...acted, outcome: 'unchanged', status: found.value.status });
      return told(deps, found.value, inbound, language, now);
    }
    if ((await deps.stores.incidents.save(outcome.incident, found.version)) === 'stale') continue;
    deps.log('incident.acted', { ...acted, outcome: 'changed', status: outcome.incident.status });
    await requestDelivery(deps, [outcome.incident]);
    return told(deps, outcome.incident, inbound, language, now);
  }
  return { kind: 'words', text: wordsOf(language).labels.tryAgain };
}

/** Keeps notifications about an incident quiet for an hour; its card goes on telling the truth. */
export async function silence(
  deps: Deps,
  id: string,
  inbound: Inbound,
  language: Language,
  now: EpochMs,
): Promise<Reply> {
  const found = await deps.stores.incidents.find(id);
  if (!found) return { kind: 'words', text: wordsOf(language).unknownIncident(clean(id, 20)) };
  const silences = await deps.stores.silences.list(now);
  const snooze = snoozeOf(found.value, silences, inbound.from, now);
  if (found.value.status !== 'resolved' && !silences.includes(snooze)) await deps.stores.silences.put(snooze);
  return act(deps, 'silence', id, inbound, language, now, (incident) => snoozed(incident, snooze, now));
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

/** The card of an incident as it is now. */
export async function shown(deps: Deps, incident: Incident, language: Language, now: EpochMs): Promise<Reply> {
  const silences = await deps.stores.silences.list(now);
  return cardReply(incidentCard(incident, { language, silence: silenceOf(silences, incident, now), now }));
}
