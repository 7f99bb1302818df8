import { queries } from '../catalog/queries.ts';
import type { Entry, Family, QueryId, Topic } from '../catalog/schema.ts';
import { facts, heading, runs, say, type Element } from './elements.ts';
import type { Words } from './words/words.ts';

/** Everything behind Details: causes, how to confirm them, faces of the error, notes. */
export function answerDetails(known: Entry | Family, words: Words): Element[] {
  const { labels, answer, language } = words;
  const faces = 'code' in known ? wireFaces(known, words) : [];
  const exceptions = 'code' in known ? sdkNames(known) : [];
  return [
    heading(labels.causes),
    ...points(known.causes.map((cause) => cause[language])),
    heading(labels.howToConfirm),
    ...points(known.confirm.map((check) => `${check.how[language]}${whereToLook(check, words)}`)),
    facts([
      [answer.kind, answer.buckets[known.bucket]],
      [answer.severity, words.severity[known.severity]],
    ]),
    ...(exceptions.length === 0 ? [] : [heading(answer.exceptions), ...lines(exceptions)]),
    ...(faces.length === 0 ? [] : [heading(answer.onTheWire), ...lines(faces)]),
    ...(known.notes ?? []).map((note) => say(note[language], { isSubtle: true }, { spacing: 'Small' })),
  ];
}

/** The sections of a topic after the first, which stands on the card itself. */
export function topicSections({ sections }: Topic, { language }: Words): Element[] {
  return sections
    .slice(1)
    .flatMap(({ title, items }) => [headline(title[language]), ...points(items.map((item) => item[language]))]);
}

/** The texts of the queries that the checks name, each once. */
export function queryTexts({ confirm }: Entry | Family, { language }: Words): Element[] {
  const ids = new Set<QueryId>(confirm.flatMap(({ query }) => query ?? []));
  return [...ids].flatMap((id) => [
    headline(queries[id].title[language]),
    {
      type: 'Container',
      style: 'emphasis',
      spacing: 'Small',
      items: [
        {
          type: 'RichTextBlock',
          inlines: [{ type: 'TextRun', text: queries[id].kql, fontType: 'Monospace', size: 'Small' }],
        },
      ],
    } satisfies Element,
  ]);
}

function whereToLook({ metric, category }: Entry['confirm'][number], { answer }: Words): string {
  const places = [
    ...(metric === undefined ? [] : [`${answer.metric} \`${metric}\``]),
    ...(category === undefined ? [] : [`${answer.logCategory} \`${category}\``]),
  ];
  return places.length === 0 ? '' : ` (${places.join(', ')})`;
}

const sdks = { dotnet: '.NET', java: 'Java', node: 'Node.js', python: 'Python', c: 'C' } as const;

function sdkNames({ exceptions }: Entry): readonly (readonly [string, string])[] {
  return Object.entries(sdks).flatMap(([key, name]) => {
    const names = exceptions[key as keyof typeof sdks];
    return names && names.length > 0 ? [[name, names.map((one) => `\`${one}\``).join(', ')] as const] : [];
  });
}

function wireFaces({ faces }: Entry, { language }: Words): readonly (readonly [string, string])[] {
  return [
    ['HTTP', String(faces.http)],
    ...(faces.amqp ? [['AMQP', faces.amqp.map((one) => `\`${one}\``).join(', ')] as const] : []),
    ...(faces.mqtt ? [['MQTT', faces.mqtt[language]] as const] : []),
  ];
}

/** `label  value` lines whose value may hold names in monospace. */
function lines(rows: readonly (readonly [label: string, value: string])[]): Element[] {
  return rows.map(([label, value]) => ({
    type: 'RichTextBlock',
    spacing: 'Small',
    inlines: [...runs(`${label}  `, { isSubtle: true }), ...runs(value)],
  }));
}

function points(items: readonly string[]): Element[] {
  return items.map((item) => say(`• ${item}`, {}, { spacing: 'Small' }));
}

/** A heading made of catalogue text: shown as it is, where `heading` would read Markdown into it. */
export function headline(text: string): Element {
  return say(text, { weight: 'Bolder' }, { spacing: 'Medium' });
}
