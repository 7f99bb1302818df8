import type { Incident } from '../incidents/incident.ts';
import { button } from './card-action.ts';
import { clean } from './clean.ts';
import { card, heading, runs, say, type Action, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language, Words } from './words/words.ts';

/** Hubs on the card itself; the rest is a button away. */
const onCard = 8;
const onPage = 20;

/** The hubs of an incident of several hubs, those still in trouble first. */
export function members(incident: Incident, words: Words): readonly Element[] {
  const sorted = sortedMembers(incident);
  if (sorted.length === 0) return [];
  const rest = sorted.length - onCard;
  return [
    heading(words.labels.hubs),
    ...sorted.slice(0, onCard).map((member) => line(member, words)),
    ...(rest > 0 ? [say(words.andMore(rest), { isSubtle: true }, { spacing: 'Small' })] : []),
  ];
}

export function membersButton(incident: Incident, words: Words): Action[] {
  if (incident.subject.kind !== 'hubs' || incident.subject.members.length <= onCard) return [];
  return [button(words.labels.allHubs, { verb: 'members', incident: incident.id, page: 0 })];
}

/** All hubs, a page at a time: none is lost from the list, recovered or not. */
export function membersCard(incident: Incident, page: number, language: Language): Card {
  const words = wordsOf(language);
  const sorted = sortedMembers(incident);
  const pages = Math.max(1, Math.ceil(sorted.length / onPage));
  const current = Math.min(Math.max(0, page), pages - 1);
  const shown = sorted.slice(current * onPage, (current + 1) * onPage);
  const range = words.page(current * onPage + 1, current * onPage + shown.length, sorted.length);
  return card(
    [
      heading(words.labels.allHubs, { size: 'Large' }),
      say(`${incident.id} · ${range}`, { isSubtle: true }),
      ...shown.map((member) => line(member, words)),
    ],
    [
      ...(pages > 1
        ? [button(words.labels.more, { verb: 'members', incident: incident.id, page: (current + 1) % pages })]
        : []),
      button(`${words.labels.showIncident} ${incident.id}`, { verb: 'show', incident: incident.id }),
    ],
    `${words.labels.allHubs}: ${range}`,
  );
}

function sortedMembers({ subject }: Incident) {
  if (subject.kind !== 'hubs') return [];
  return subject.members.toSorted(
    (a, b) =>
      Number(a.recoveredAt !== undefined) - Number(b.recoveredAt !== undefined) || a.hub.name.localeCompare(b.hub.name),
  );
}

function line({ hub, recoveredAt, incidentId }: ReturnType<typeof sortedMembers>[number], words: Words): Element {
  return {
    type: 'RichTextBlock',
    spacing: 'Small',
    inlines: [
      ...runs(clean(hub.name), { weight: 'Bolder' }),
      ...runs(`  ${clean(hub.region, 30)}  `, { isSubtle: true }),
      ...runs(recoveredAt === undefined ? words.labels.stillInTrouble : words.recoveredAt(recoveredAt), {
        color: recoveredAt === undefined ? 'Attention' : 'Good',
      }),
      ...(incidentId === undefined ? [] : runs(`  ${incidentId}`, { fontType: 'Monospace', isSubtle: true })),
    ],
  };
}
