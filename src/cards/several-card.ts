import type { Combination } from '../catalog/schema.ts';
import { findSubject, type Subject } from '../catalog/subject.ts';
import { meaningOf, subjectButton, titleOf } from './answer-card.ts';
import { card, heading, runs, say, type Card, type Element } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language } from './words/words.ts';

const maxShown = 8;
const maxButtons = 5;

/** Several errors of one log: what they mean together, then each in a sentence, in order of appearance. */
export function severalCard(
  subjects: readonly Subject[],
  combination: Combination | undefined,
  language: Language,
  lead?: string,
): Card {
  const words = wordsOf(language);
  const topic = combination?.topic === undefined ? undefined : findSubject(combination.topic);
  const hidden = subjects.length - maxShown;
  const summary = combination?.meaning[language];
  return card(
    [
      ...(lead === undefined ? [] : [say(lead)]),
      heading(words.answer.several(subjects.length), { size: 'Large' }),
      ...(summary === undefined ? [] : [heading(words.answer.together), say(summary, {}, { spacing: 'Small' })]),
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
      ...(topic ? [subjectButton(topic, language)] : []),
      ...subjects.slice(0, topic ? maxButtons - 1 : maxButtons).map((subject) => subjectButton(subject, language)),
    ],
    `${summary ?? words.answer.several(subjects.length)} ${subjects
      .slice(0, maxShown)
      .map((subject) => titleOf(subject, language))
      .join(', ')}`,
  );
}
