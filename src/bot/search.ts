import { searchSubjects } from '../catalog/search.ts';
import { keyOf, type Subject } from '../catalog/subject.ts';
import { answerCard, meaningOf, titleOf } from '../cards/answer-card.ts';
import { clean } from '../cards/clean.ts';
import type { Language } from '../cards/words/words.ts';
import type { SearchResult } from './inbound.ts';

/** One page of what fits something typed into the search box, each with a card that only shows. */
export function search(
  query: string,
  { skip, count }: { readonly skip: number; readonly count: number },
  language: Language,
): readonly SearchResult[] {
  return searchSubjects(query)
    .slice(skip, skip + count)
    .map((subject) => ({
      title: clean(titleOf(subject, language), 80),
      text: clean(meaningOf(subject)[language], 140),
      card: answerCard(subject, { language, readOnly: true }) as unknown as Record<string, unknown>,
    }));
}

/** The families that a subject belongs to: `429xxx`. */
export function familiesOf(subject: Subject): readonly string[] {
  const keys = subject.kind === 'topic' ? subject.topic.about : [keyOf(subject)];
  return [...new Set(keys.filter((key) => key.length > 3).map((key) => `${key.slice(0, 3)}xxx`))];
}
