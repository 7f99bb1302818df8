import { cardReply, type Inbound, type Reply } from '../bot/inbound.ts';
import { clean } from '../cards/clean.ts';
import { incidentCard } from '../cards/incident-card.ts';
import { wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import { noteSilence, type Outcome } from '../incidents/act.ts';
import type { Incident } from '../incidents/incident.ts';
import { silenceOf } from '../incidents/silence.ts';
import { HOUR, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';
import { requestDelivery } from './request-delivery.ts';

/** How often a command is tried again when the incident changes under it. */
const maxTries = 5;
const silenceMs = HOUR;

/** Loads, decides, saves with compare-and-set; the loser of a race gets the card as it is now. */
export async function act(
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

/** The card of an incident as it is now. */
export async function shown(deps: Deps, incident: Incident, language: Language, now: EpochMs): Promise<Reply> {
  const silences = await deps.stores.silences.list(now);
  return cardReply(incidentCard(incident, { language, silence: silenceOf(silences, incident, now), now }));
}
