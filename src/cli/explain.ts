import { parseArgs } from 'node:util';
import { explain as explained, type Explanation } from '../bot/explain.ts';
import { keyOf, type Subject } from '../catalog/subject.ts';
import { codesOf, understand } from '../catalog/understand/understand.ts';
import { namedLanguage } from '../bot/named-language.ts';
import { titleOf } from '../cards/answer-card.ts';
import type { Language } from '../cards/words/words.ts';
import { answerText } from './answer-text.ts';
import type { Io } from './io.ts';

const usage =
  'Usage: npm run --silent hubwatch -- explain "<code, log line or what you see>" [--lang en|fr] [--json]\n';

/** Explains one text in the terminal. Exit code 0, also if it is not known; 2 for bad arguments. */
export async function explain(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse(args);
  if (typeof parsed === 'string') {
    io.stderr.write(`${parsed}\n${usage}`);
    return Promise.resolve(2);
  }
  const found = explained(parsed.text);
  const language = found.language ?? parsed.language;
  io.stdout.write(
    parsed.json ? `${JSON.stringify(asJson(parsed.text, found, language), null, 2)}\n` : answerText(found, language),
  );
  return Promise.resolve(0);
}

function parse(args: readonly string[]): { text: string; language: Language; json: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { lang: { type: 'string', default: 'en' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (values.lang !== 'en' && values.lang !== 'fr') return '--lang must be en or fr';
    if (positionals.length === 0) return 'Nothing to explain';
    return { text: positionals.join(' '), language: values.lang, json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : 'Bad arguments';
  }
}

function asJson(text: string, found: Explanation, language: Language): unknown {
  const named = (subject: Subject): unknown => ({ key: keyOf(subject), title: titleOf(subject, language) });
  const unknownCodes = (list: readonly { readonly code: string }[]): readonly string[] => list.map(({ code }) => code);
  const base = { language, codes: codesOf(understand(namedLanguage(text).rest)) };
  switch (found.kind) {
    case 'unknown':
      return { ...base, answers: [] };
    case 'several':
      return {
        ...base,
        answers: found.subjects.map(named),
        together: found.together.map(({ meaning }) => meaning[language]),
        unknown: unknownCodes(found.unknown),
      };
    case 'one':
      return {
        ...base,
        answers: [named(found.subject)],
        confidence: found.confidence,
        others: found.others.map(named),
        unknown: unknownCodes(found.unknown ? [found.unknown] : []),
      };
  }
}
