import type { CardAction } from '../cards/card-action.ts';
import { parseIncidentId } from '../incidents/incident.ts';

/** What somebody wants, whichever way they said it. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'status'; readonly page: number }
  | { readonly kind: 'incidents'; readonly page: number }
  | { readonly kind: 'acknowledge' | 'silence' | 'resolve' | 'show'; readonly incident: string }
  | { readonly kind: 'members'; readonly incident: string; readonly page: number }
  | { readonly kind: 'why'; readonly incident: string }
  | { readonly kind: 'why-not'; readonly hub: string }
  | { readonly kind: 'backtest'; readonly hub: string }
  | { readonly kind: 'explain'; readonly text: string; readonly language?: 'en' | 'fr' }
  | { readonly kind: 'subscribe' | 'unsubscribe' }
  | { readonly kind: 'language'; readonly language: 'en' | 'fr' };

/** Longest text that is looked at; a pasted log beyond this is cut. */
export const maxTextLength = 20_000;

const verbs: Readonly<Record<string, 'acknowledge' | 'silence' | 'resolve' | 'show'>> = {
  ack: 'acknowledge',
  acknowledge: 'acknowledge',
  acquitter: 'acknowledge',
  prendre: 'acknowledge',
  snooze: 'silence',
  silence: 'silence',
  veille: 'silence',
  close: 'resolve',
  resolve: 'resolve',
  clore: 'resolve',
  show: 'show',
  incident: 'show',
  afficher: 'show',
};

const words: Readonly<Record<string, Command>> = {
  help: { kind: 'help' },
  aide: { kind: 'help' },
  '?': { kind: 'help' },
  hi: { kind: 'help' },
  hello: { kind: 'help' },
  bonjour: { kind: 'help' },
  status: { kind: 'status', page: 0 },
  statut: { kind: 'status', page: 0 },
  hubs: { kind: 'status', page: 0 },
  incidents: { kind: 'incidents', page: 0 },
  alerts: { kind: 'incidents', page: 0 },
  alertes: { kind: 'incidents', page: 0 },
  subscribe: { kind: 'subscribe' },
  abonner: { kind: 'subscribe' },
  unsubscribe: { kind: 'unsubscribe' },
  desabonner: { kind: 'unsubscribe' },
};

/** A typed message, the bot's mention already taken out. Whatever is no command is a question about an error. */
export function parseText(text: string): Command {
  const said = text.slice(0, maxTextLength).trim();
  const lower = said
    .slice(0, 100)
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s.!]+$/u, '');
  if (lower === '') return { kind: 'help' };
  const word = words[lower];
  if (word && Object.hasOwn(words, lower)) return word;
  const language = /^(?:language|lang|langue)\s+(en|fr|english|french|anglais|francais)$/.exec(lower)?.[1];
  if (language) return { kind: 'language', language: /^fr/.test(language) ? 'fr' : 'en' };
  const whyNot = /^(?:why not|why|pourquoi pas|pourquoi)\s+(\S+)$/.exec(lower)?.[1];
  if (whyNot !== undefined) {
    const id = parseIncidentId(whyNot);
    if (id && !/^(?:why not|pourquoi pas)/.test(lower)) return { kind: 'why', incident: id };
    return { kind: 'why-not', hub: whyNot };
  }
  const replayed = /^(?:backtest|rejouer)\s+(\S+)$/.exec(lower)?.[1];
  if (replayed !== undefined) return { kind: 'backtest', hub: replayed };
  const [, verb = '', rest = ''] = /^(\S+)\s+(.+)$/.exec(lower) ?? [];
  const kind = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (kind) {
    const [id = ''] = rest.split(/\s+/);
    const incident = parseIncidentId(id);
    if (incident) return { kind, incident };
    // "close 404104": not an incident's id, so it is taken as a question; a lone word after "ack" is a mistyped id.
    if (/^\S{1,20}$/.test(rest) && kind !== 'show') return { kind, incident: id.toUpperCase() };
  }
  const explain = /^(?:explain|expliquer?|what is|what's|c'est quoi)\s+/i.exec(said);
  return { kind: 'explain', text: explain ? said.slice(explain[0].length) : said };
}

/** A pressed button. */
export function commandOf(action: CardAction): Command {
  switch (action.verb) {
    case 'acknowledge':
    case 'silence':
    case 'resolve':
    case 'show':
      return { kind: action.verb, incident: parseIncidentId(action.incident) ?? '' };
    case 'members':
      return { kind: 'members', incident: parseIncidentId(action.incident) ?? '', page: action.page ?? 0 };
    case 'why':
      return { kind: 'why', incident: parseIncidentId(action.incident) ?? '' };
    case 'explain':
      return {
        kind: 'explain',
        text: action.code,
        ...(action.lang === 'fr' || action.lang === 'en' ? { language: action.lang } : {}),
      };
    case 'list':
      return action.what === 'help' ? { kind: 'help' } : { kind: action.what, page: action.page ?? 0 };
  }
}
