import { severityOf, type Incident } from '../incidents/incident.ts';
import type { Signal } from '../detection/evaluation.ts';
import type { EpochMs } from '../time/time.ts';
import { button } from './card-action.ts';
import { clean } from './clean.ts';
import { card, column, heading, runs, say, type Action, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language } from './words/words.ts';

const pageSize = 10;

/** How one hub is, for `status`. */
export interface HubStatus {
  readonly name: string;
  readonly region: string;
  readonly state: 'fine' | 'incident' | 'unknown' | 'off';
  /** Signals that are not watched here, though others are. */
  readonly off: readonly Signal[];
  /** Age of the newest settled point. */
  readonly ageMs: number | undefined;
}

const colors = { fine: 'Good', incident: 'Attention', unknown: 'Warning', off: 'Default' } as const;

/** The open incidents, newest first, ten a page. */
export function incidentsCard(incidents: readonly Incident[], page: number, language: Language, now: EpochMs): Card {
  const words = wordsOf(language);
  const sorted = incidents.toSorted((a, b) => b.openedAt - a.openedAt);
  const { shown, pager } = paged(sorted, page, 'incidents', language);
  return card(
    [
      heading(words.labels.incidents, { size: 'Large' }),
      ...(sorted.length === 0 ? [say(words.labels.noIncidents)] : []),
      ...shown.map((incident): Element => ({
        type: 'Container',
        separator: true,
        spacing: 'Small',
        items: [
          {
            type: 'ColumnSet',
            columns: [
              column('stretch', [
                { type: 'RichTextBlock', inlines: runs(clean(words.subject(incident.subject)), { weight: 'Bolder' }) },
                say(
                  `${words.severity[severityOf(incident)]} · ${words.status[incident.status]} · ${clean(words.problem(incident, now), 300)}`,
                  {},
                  { spacing: 'None' },
                ),
              ]),
              column('auto', [
                {
                  type: 'ActionSet',
                  actions: [
                    button(`${words.labels.showIncident} ${incident.id}`, { verb: 'show', incident: incident.id }),
                  ],
                },
              ]),
            ],
          },
        ],
      })),
    ],
    pager,
    `${words.labels.incidents}: ${String(sorted.length)}`,
  );
}

/** Every hub with the age of its data: trouble first, then the unknown, then the rest. */
export function statusCard(hubs: readonly HubStatus[], incidents: number, page: number, language: Language): Card {
  const words = wordsOf(language);
  const order = { incident: 0, unknown: 1, off: 2, fine: 3 };
  const sorted = hubs.toSorted((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
  const { shown, pager } = paged(sorted, page, 'status', language);
  const summary = words.statusSummary({
    hubs: hubs.filter((hub) => hub.state !== 'off').length,
    off: hubs.filter((hub) => hub.state === 'off').length,
    unknown: hubs.filter((hub) => hub.state === 'unknown').length,
    incidents,
  });
  return card(
    [
      heading(words.labels.hubs, { size: 'Large' }),
      say(summary),
      ...shown.map((hub): Element => ({
        type: 'RichTextBlock',
        spacing: 'Small',
        inlines: [
          ...runs(clean(hub.name), { weight: 'Bolder' }),
          ...runs(`  ${clean(hub.region, 30)}  `, { isSubtle: true }),
          ...runs(words.hubState(hub.state, hub.ageMs), { color: colors[hub.state] }),
          ...(hub.off.length === 0 || hub.state === 'off'
            ? []
            : runs(`  ${words.notWatched(hub.off)}`, { isSubtle: true })),
        ],
      })),
    ],
    pager,
    summary,
  );
}

export function helpCard(language: Language): Card {
  const { labels } = wordsOf(language);
  return card(
    [
      heading(labels.helpTitle, { size: 'Large' }),
      ...labels.help.map(([command, meaning]): Element => ({
        type: 'RichTextBlock',
        spacing: 'Small',
        inlines: [...runs(command, { fontType: 'Monospace', weight: 'Bolder' }), ...runs(`  ${meaning}`)],
      })),
    ],
    [
      button(labels.hubs, { verb: 'list', what: 'status' }),
      button(labels.incidents, { verb: 'list', what: 'incidents' }),
    ],
    labels.helpTitle,
  );
}

function paged<T>(
  all: readonly T[],
  page: number,
  what: 'incidents' | 'status',
  language: Language,
): { shown: readonly T[]; pager: Action[] } {
  const words = wordsOf(language);
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const current = Math.min(Math.max(0, page), pages - 1);
  const shown = all.slice(current * pageSize, (current + 1) * pageSize);
  if (pages === 1) return { shown, pager: [] };
  const next = (current + 1) % pages;
  const range = words.page(current * pageSize + 1, current * pageSize + shown.length, all.length);
  return { shown, pager: [button(`${words.labels.more} (${range})`, { verb: 'list', what, page: next })] };
}
