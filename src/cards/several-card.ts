import type { Together } from '../catalog/combinations.ts';
import { findSubject, type Subject } from '../catalog/subject.ts';
import { happeningSection, meaningOf, subjectButton, titleOf, type AnswerContext } from './answer-card.ts';
import { card, heading, runs, say, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';

const maxShown = 8;
const maxButtons = 5;
const maxTopics = 2;

/** Several errors of one log: what they mean together, where they happen, each in a sentence, in order of appearance. */
export function severalCard(
  subjects: readonly Subject[],
  together: readonly Together[],
  { language, lead, happenings }: Pick<AnswerContext, 'language' | 'lead' | 'happenings'>,
): Card {
  const words = wordsOf(language);
  const topics = together
    .map(({ combination }) => findSubject(combination.topic ?? ''))
    .filter((topic) => topic !== undefined);
  const hidden = subjects.length - maxShown;
  const meanings = together.map(({ meaning }) => meaning[language]);
  return card(
    [
      ...(lead === undefined ? [] : [say(lead)]),
      heading(words.answer.several(subjects.length), { size: 'Large' }),
      ...(meanings.length === 0 ? [] : [heading(words.answer.together)]),
      ...meanings.map((meaning) => say(meaning, {}, { spacing: 'Small' })),
      ...happeningSection(happenings, words, words.answer.noneHappening),
      ...subjects.slice(0, maxShown).map((subject): Element => ({
        type: 'Container',
        separator: true,
        spacing: 'Medium',
        items: [
          { type: 'RichTextBlock', inlines: runs(titleOf(subject, language), { weight: 'Bolder' }) },
          say(meaningOf(subject)[language], {}, { spacing: 'None' }),
        ],
      })),
      ...(hidden > 0 ? [say(words.answer.and(hidden), { isSubtle: true }, { spacing: 'Small' })] : []),
    ],
    [
      ...[...topics.slice(0, maxTopics), ...subjects]
        .slice(0, maxButtons)
        .map((subject) => subjectButton(subject, language)),
    ],
    `${meanings[0] ?? words.answer.several(subjects.length)} ${subjects
      .slice(0, maxShown)
      .map((subject) => titleOf(subject, language))
      .join(', ')}`,
  );
}
