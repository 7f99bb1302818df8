import type { Explanation } from '../bot/explain.ts';
import { leadOf } from '../bot/lead.ts';
import type { Entry, Family } from '../catalog/schema.ts';
import type { Subject } from '../catalog/subject.ts';
import { meaningOf, retryText, titleOf } from '../cards/answer-card.ts';
import { wordsOf } from '../cards/words/languages.ts';
import type { Language, Words } from '../cards/words/words.ts';

const width = 96;

/** An explanation as it is read in a terminal: meaning, steps, retry, who acts, causes, link. */
export function answerText(found: Explanation, language: Language): string {
  const words = wordsOf(language);
  switch (found.kind) {
    case 'unknown':
      return `${wrapped(words.answer.unknown)}\n`;
    case 'several':
      return several(found, words);
    case 'one':
      return one(found, words);
  }
}

function one(found: Extract<Explanation, { kind: 'one' }>, words: Words): string {
  const { subject, others } = found;
  const lead = leadOf(found, words);
  return lines([
    ...(lead === undefined ? [] : [lead, '']),
    ...body(subject, words),
    ...(others.length === 0
      ? []
      : ['', titled(words.answer.alsoMeant, words), ...others.map((other) => `  ${titleOf(other, words.language)}`)]),
  ]);
}

function several(found: Extract<Explanation, { kind: 'several' }>, words: Words): string {
  const { answer, language } = words;
  const lead = leadOf(found, words);
  return lines([
    ...(lead === undefined ? [] : [lead, '']),
    answer.several(found.subjects.length),
    '',
    ...found.subjects.flatMap((subject) => [
      titleOf(subject, language),
      ...paragraph(meaningOf(subject)[language]),
      '',
    ]),
    ...(found.together.length === 0 ? [] : [titled(answer.together, words)]),
    ...found.together.flatMap(({ meaning }) => [...paragraph(meaning[language]), '']),
  ]);
}

function body(subject: Subject, words: Words): readonly string[] {
  const { language, labels } = words;
  const head = [titleOf(subject, language), ...paragraph(meaningOf(subject)[language])];
  if (subject.kind === 'topic')
    return [
      ...head,
      ...subject.topic.sections.flatMap(({ title, items }) => [
        '',
        titled(title[language], words),
        ...items.flatMap((item) => paragraph(item[language], '  - ')),
      ]),
      ...link(subject.topic.source),
    ];
  const known: Entry | Family = subject.kind === 'entry' ? subject.entry : subject.family;
  return [
    ...head,
    '',
    titled(labels.nextSteps, words),
    ...known.steps.flatMap((step, i) => paragraph(step[language], `  ${String(i + 1)}. `)),
    '',
    ...paragraph(retryText(known, words), `${titled(labels.retry, words)} `),
    `${titled(labels.whoActs, words)} ${known.actors.map((actor) => labels.actors[actor]).join(', ')}`,
    '',
    titled(labels.causes, words),
    ...known.causes.flatMap((cause) => paragraph(cause[language], '  - ')),
    ...link(known.source),
  ];
}

/** French sets a space before the colon. */
function titled(label: string, { language }: Words): string {
  return /[?:]$/.test(label) ? label : `${label}${language === 'fr' ? ' :' : ':'}`;
}

function link(url: string | undefined): readonly string[] {
  return url === undefined ? [] : ['', url];
}

function lines(list: readonly string[]): string {
  return `${list.join('\n').trimEnd()}\n`;
}

/** Wrapped text behind a mark; the lines after the first are indented below its first word. */
function paragraph(text: string, mark = ''): readonly string[] {
  const plain = text.replaceAll('`', '');
  return wrapped(plain, width - mark.length)
    .split('\n')
    .map((line, i) => `${i === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

function wrapped(text: string, columns = width): string {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > columns) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  return [...rows, row].join('\n');
}
