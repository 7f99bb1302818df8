import MiniSearch from 'minisearch';
import { entries, families, topics } from './catalog.ts';
import { findSubject, keyOf, type Subject } from './subject.ts';
import { readable } from './understand/readable.ts';
import { understand } from './understand/understand.ts';

interface Page {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly text: string;
}

/** What is shown before anything has been typed: what people ask about most. */
const usual = [
  '404104',
  '401003',
  '403002',
  '429001',
  '404103',
  '504101',
  '403004',
  '409002',
  '400027',
  '404001',
  '412002',
  '403006',
  '500xxx',
  'sas-token-renewal',
  'connected-devices-drop',
  'throttle-limits-by-sku',
  'http-500',
];

let built: MiniSearch<Page> | undefined;

function index(): MiniSearch<Page> {
  if (built) return built;
  built = new MiniSearch<Page>({
    fields: ['code', 'title', 'text'],
    processTerm: (term) => plain(term) || null,
    searchOptions: {
      boost: { code: 4, title: 3 },
      prefix: true,
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      combineWith: 'AND',
    },
  });
  built.addAll([
    ...entries.map(({ code, name, meaning }) => ({
      id: code,
      code,
      title: `${name} ${name.replace(/([a-z])([A-Z])/g, '$1 $2')}`,
      text: `${meaning.en} ${meaning.fr}`,
    })),
    ...families.map(({ family, name, meaning }) => ({
      id: family,
      code: `${family} ${family.replace(/x+$/, '')}`,
      title: `${name.en} ${name.fr}`,
      text: `${meaning.en} ${meaning.fr}`,
    })),
    ...topics.map(({ id, title, about, summary }) => ({
      id,
      code: about.join(' '),
      title: `${title.en} ${title.fr}`,
      text: `${summary.en} ${summary.fr}`,
    })),
  ]);
  return built;
}

/**
 * Subjects for something that is being typed, best first: what it means as a question, then whatever has its words or
 * begins with them. Nothing typed: the usual ones.
 */
export function searchSubjects(typed: string): readonly Subject[] {
  const text = readable(typed.slice(0, 1_000)).trim();
  const keys = text === '' ? usual : [...begunWith(text), ...meant(text), ...found(text)];
  return [...new Set(keys)].map(findSubject).filter((subject) => subject !== undefined);
}

/** Families and codes that begin with what looks like the beginning of a code, in order. */
function begunWith(text: string): readonly string[] {
  const digits = text.replace(/[\s#.-]/g, '');
  if (!/^[45]\d{1,5}$/.test(digits)) return [];
  return [...families.map(({ family }) => family), ...entries.map(({ code }) => code)].filter((key) =>
    key.startsWith(digits),
  );
}

function meant(text: string): readonly string[] {
  const { answers, others } = understand(text);
  return [...answers, ...others].map(({ subject }) => keyOf(subject));
}

function found(text: string): readonly string[] {
  const words = plain(text.slice(0, 200));
  const all = index().search(words);
  return (all.length > 0 ? all : index().search(words, { combineWith: 'OR' })).map(({ id }) => String(id));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
