import { describe, expect, it } from 'vitest';
import { explain } from '../../src/bot/explain.ts';
import { entries, families, topics } from '../../src/catalog/catalog.ts';
import { languages } from '../../src/catalog/schema.ts';
import { findSubject, type Subject } from '../../src/catalog/subject.ts';
import { answerCard, titleOf, type Happening } from '../../src/cards/answer-card.ts';
import { severalCard } from '../../src/cards/several-card.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';
import { HOUR, now } from '../fixtures/incidents.ts';

/** What Teams takes for certain, in every channel and client. */
const maxBytes = 28_000;
const bytesOf = (card: unknown): number => Buffer.byteLength(JSON.stringify(card), 'utf8');

const every: readonly Subject[] = [
  ...entries.map((entry): Subject => ({ kind: 'entry', entry })),
  ...families.map((family): Subject => ({ kind: 'family', family })),
  ...topics.map((topic): Subject => ({ kind: 'topic', topic })),
];
const subject = (key: string): Subject => {
  const found = findSubject(key);
  if (!found) throw new Error(`no subject ${key}`);
  return found;
};
const happening = (hub: string, more: Partial<Happening> = {}): Happening => ({
  hub,
  region: 'westeurope',
  firing: true,
  at: now - HOUR,
  incidents: 1,
  errors: 45_650,
  ...more,
});
/** The fullest card that can be asked for. */
const busy = {
  lead: 'I do not know 429777. What holds for every 429xxx code:',
  others: ['429001', '404104', 'sas-token-renewal'].map(subject),
  happenings: Array.from({ length: 12 }, (_, i) => happening(`${'plant-'.repeat(8)}${String(i)}`)),
};

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}
function nodes(node: unknown): readonly Node[] {
  if (Array.isArray(node)) return node.flatMap(nodes);
  if (typeof node !== 'object' || node === null) return [];
  return [node as Node, ...Object.values(node).flatMap(nodes)];
}
const titles = (card: unknown, type: string): readonly unknown[] =>
  nodes(card)
    .filter((node) => node.type === type)
    .map((node) => node['title']);

describe.each(languages)('the answer card in %s', (language) => {
  it('fits into a message and follows the schema for every code, family and topic', () => {
    // The 161 documented codes, and 404103, by which logs and SDKs call 404102.
    expect([entries.length, families.length]).toEqual([162, 34]);
    const faults = every.flatMap((one) => {
      const card = answerCard(one, { language, ...busy });
      const bytes = bytesOf(card);
      return [
        ...lintCard(card).map((fault) => `${titleOf(one, language)}: ${fault}`),
        ...(bytes >= maxBytes ? [`${titleOf(one, language)}: ${String(bytes)} bytes`] : []),
      ];
    });
    expect(faults).toEqual([]);
  });

  it('shows the short part and folds the rest, for every code and family', () => {
    const faults = every.flatMap((one) => {
      if (one.kind === 'topic') return [];
      const { meaning, steps, causes } = one.kind === 'entry' ? one.entry : one.family;
      const card = answerCard(one, { language });
      const body = card.body as unknown as Node[];
      const shown = readCard({ body: body.filter((element) => element['isVisible'] !== false) });
      const hidden = readCard({ body: body.filter((element) => element['isVisible'] === false) });
      const plain = (text: string): string => text.replaceAll('`', '');
      const says = (text: string, where: string): boolean => where.includes(plain(text));
      return [
        ...(says(meaning[language], shown) ? [] : ['meaning']),
        ...(steps.every((step) => says(step[language], shown)) ? [] : ['steps']),
        ...(causes.every((cause) => says(cause[language], hidden) && !says(cause[language], shown)) ? [] : ['causes']),
      ].map((part) => `${titleOf(one, language)}: ${part}`);
    });
    expect(faults).toEqual([]);
  });

  it('cannot send anything when it is only to be read', () => {
    for (const one of every) {
      const card = answerCard(one, { language, others: busy.others, readOnly: true });
      const types = new Set(nodes(card).map(({ type }) => type));
      expect(types, titleOf(one, language)).not.toContain('Action.Execute');
      expect(types, titleOf(one, language)).not.toContain('Action.Submit');
    }
  });

  it('of several errors fits into a message, however many there are', () => {
    const { together } = explainSeveral('401003 404104 deviceConnect 429001 403002');
    const card = severalCard(every, together, { language, ...busy });
    expect(lintCard(card)).toEqual([]);
    expect(bytesOf(card)).toBeLessThan(maxBytes);
  });
});

function explainSeveral(text: string): Extract<ReturnType<typeof explain>, { kind: 'several' }> {
  const found = explain(text);
  if (found.kind !== 'several') throw new Error(`${text} is no several codes`);
  return found;
}

describe('the card of one answer', () => {
  it('says what it is, what to do, whether to retry, who acts', () => {
    const text = readCard(answerCard(subject('429001'), { language: 'en' }));
    expect(text).toMatch(/^429001 ThrottlingException\n/);
    for (const part of ['Next steps', 'Retry', 'Who acts', 'Likely causes', 'How to confirm'])
      expect(text).toContain(part);
    const french = readCard(answerCard(subject('429001'), { language: 'fr' }));
    expect(french).not.toContain('Next steps');
    expect(french).toMatch(/^429001 ThrottlingException\n/);
  });

  it('offers related codes, the documentation and the log queries', () => {
    const card = answerCard(subject('404104'), { language: 'en' });
    expect(titles(card.actions, 'Action.Execute').length).toBeGreaterThan(0);
    expect(titles(card.actions, 'Action.OpenUrl')).toEqual(['Documentation']);
    expect(titles(card.actions, 'Action.ToggleVisibility')).toEqual(['Details', 'Log queries']);
  });

  it('offers at most three other meanings, as buttons that ask for them', () => {
    const others = ['404104', '404103', '404001', '409002'].map(subject);
    const card = answerCard(subject('sas-token-renewal'), { language: 'en', others });
    const set = nodes(card.body).find(({ type }) => type === 'ActionSet');
    expect(titles(set?.['actions'], 'Action.Execute')).toEqual(others.slice(0, 3).map((one) => titleOf(one, 'en')));
    expect(nodes(set).find(({ type }) => type === 'Action.Execute')).toMatchObject({
      verb: 'explain',
      data: { code: '404104', lang: 'en' },
      fallback: { type: 'Action.Submit', data: { verb: 'explain', code: '404104' } },
    });
  });

  it('lists the hubs where it is happening, at most five, with counts', () => {
    const happenings = [
      happening('plant-berlin'),
      happening('plant-lyon', { firing: false, incidents: 2, errors: 1 }),
      ...['a', 'b', 'c', 'd', 'e'].map((name) => happening(name, { errors: undefined })),
    ];
    const text = readCard(answerCard(subject('429xxx'), { language: 'en', happenings }));
    expect(text).toContain('Is it happening to me?');
    expect(text).toMatch(/plant-berlin {2}westeurope {2}firing since .* · 1 incident in 24 h · 45,650 errors/);
    expect(text).toMatch(/plant-lyon {2}westeurope {2}over since .* · 2 incidents in 24 h · 1 error\n/);
    expect(text).toMatch(/\na {2}westeurope {2}firing since [^\n·]+ · 1 incident in 24 h\n/);
    expect(text).toContain('and 2 more');
    expect(text).not.toMatch(/\nd {2}westeurope/);
  });

  it('says when no hub shows it, and nothing where nobody asked', () => {
    expect(readCard(answerCard(subject('429xxx'), { language: 'en', happenings: [] }))).toContain(
      'No watched hub has shown',
    );
    expect(readCard(answerCard(subject('429xxx'), { language: 'en' }))).not.toContain('No watched hub');
  });

  it.each([
    ['control and direction characters', 'plant\u0000\u202e\u200bberlin', 'plant berlin'],
    ['a mention', 'plant <at>everyone</at>', 'plant everyone'],
    ['a card macro', 'plant {{DATE(x)}}', 'plant { {DATE(x)}}'],
    ['a very long name', 'x'.repeat(5_000), `${'x'.repeat(59)}…`],
  ])('shows the name of a hub verbatim: %s', (_, hub, shown) => {
    const card = answerCard(subject('429xxx'), { language: 'en', happenings: [happening(hub)] });
    expect(readCard(card)).toContain(`\n${shown}  westeurope`);
    // Only a TextRun is shown as it is; a TextBlock would read Markdown.
    const blocks = nodes(card).filter(({ type }) => type === 'TextBlock');
    expect(blocks.map((block) => block['text'])).not.toContainEqual(expect.stringContaining(shown.slice(0, 10)));
  });
});

describe('the card of several errors', () => {
  it('says what they mean together, then each in order', () => {
    const { subjects, together } = explainSeveral('401003 then 404104 then the device is connected again');
    const text = readCard(severalCard(subjects, together, { language: 'en' }));
    expect(text).toMatch(
      /^2 errors, in the order in which they appear\nWhat they mean together\n401003, then 404104, then a connect: /,
    );
    expect(text.indexOf('401003 IotHubUnauthorized')).toBeLessThan(
      text.indexOf('404104 DeviceConnectionClosedRemotely'),
    );
    expect(readCard(severalCard(subjects, together, { language: 'fr' }))).toContain(
      '401003, puis 404104, puis une connexion',
    );
  });

  it('has a button for the story and for each error', () => {
    const { subjects, together } = explainSeveral('401003 then 404104');
    const asked = nodes(severalCard(subjects, together, { language: 'fr' }).actions)
      .filter(({ type }) => type === 'Action.Execute')
      .map((node) => (node['data'] as { code: string; lang: string }).code);
    expect(asked).toEqual(['sas-token-renewal', '401003', '404104']);
  });

  it('says on which hubs the errors happen, or that they happen nowhere', () => {
    const { subjects, together } = explainSeveral('401003 then 404104');
    const card = (happenings: readonly Happening[]): string =>
      readCard(severalCard(subjects, together, { language: 'en', happenings }));
    expect(card([happening('hub-a')])).toMatch(/Is it happening to me\?\nhub-a {2}westeurope/);
    expect(card([])).toContain('No watched hub has shown any of these families');
  });

  it('says nothing together of what has nothing to do with each other', () => {
    const { subjects, together } = explainSeveral('413001 and 404001');
    expect(together).toEqual([]);
    expect(readCard(severalCard(subjects, together, { language: 'en' }))).not.toContain('together');
  });
});
