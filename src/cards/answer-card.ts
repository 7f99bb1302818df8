import { findEntry } from '../catalog/catalog.ts';
import type { Entry, Family } from '../catalog/schema.ts';
import { button } from './card-action.ts';
import { bullets, card, facts, folded, heading, numbered, runs, say, type Action, type Card } from './elements.ts';
import { wordsOf } from './words/languages.ts';
import type { Language, Words } from './words/words.ts';

/** A code explained: short first, the rest behind Details. `lead` is a line above it, such as "I do not know 429777". */
export function answerCard(subject: Entry | Family, language: Language, lead?: string): Card {
  const words = wordsOf(language);
  const { labels } = words;
  const isEntry = 'code' in subject;
  const title = isEntry ? `${subject.code} ${subject.name}` : `${subject.family} · ${subject.name[language]}`;
  const related = isEntry ? subject.related.slice(0, 3) : [];
  return card(
    [
      ...(lead === undefined ? [] : [say(lead)]),
      { type: 'RichTextBlock', inlines: runs(title, { weight: 'Bolder', size: 'Large' }) },
      say(subject.meaning[language], {}, { spacing: 'Small' }),
      heading(labels.nextSteps),
      ...numbered(subject.steps.map((step) => step[language])),
      facts([
        [labels.retry, retryText(subject, words)],
        [labels.whoActs, subject.actors.map((actor) => labels.actors[actor]).join(', ')],
      ]),
      folded('more', [
        heading(labels.causes),
        ...bullets(subject.causes.map((cause) => cause[language])),
        heading(labels.howToConfirm),
        ...bullets(subject.confirm.map((check) => check.how[language])),
        ...(subject.notes ?? []).map((note) => say(note[language], { isSubtle: true }, { spacing: 'Small' })),
      ]),
    ],
    [
      { type: 'Action.ToggleVisibility', title: labels.details, targetElements: ['more'] },
      { type: 'Action.OpenUrl', title: labels.documentation, url: subject.source },
      ...related.map((code): Action => {
        const entry = findEntry(code);
        return button(
          entry ? `${code} ${entry.name}` : code,
          { verb: 'explain', code, lang: language },
          { mode: 'secondary' },
        );
      }),
    ],
    `${title}. ${subject.meaning[language]}`,
  );
}

function retryText({ retry }: Entry | Family, words: Words): string {
  const advice = words.labels.retryAdvice[retry.advice];
  return retry.note ? `${advice} ${retry.note[words.language]}` : advice;
}
