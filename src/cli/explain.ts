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

/** What `--json` prints. Texts are in `language`, which the question may have chosen. */
interface Explained {
  readonly language: Language;
  /** As `answer --jsonl` gives them: codes, families (`429xxx`) and HTTP statuses (`500`), best first. */
  readonly codes: readonly string[];
  /** None if it is not known; several for several codes, in order of appearance. `key` asks for exactly this again. */
  readonly answers: readonly Named[];
  /** For one answer: `certain` if it was named, `likely` or `possible` if it was described. */
  readonly confidence?: 'certain' | 'likely' | 'possible';
  /** For one answer: what else may be meant, at most three. */
  readonly others?: readonly Named[];
  /** For several: what some of them mean together, a sentence or two each. */
  readonly together?: readonly string[];
  /** Numbers of a real family that no code has. */
  readonly unknown?: readonly string[];
}
interface Named {
  readonly key: string;
  readonly title: string;
}

function asJson(text: string, found: Explanation, language: Language): Explained {
  const named = (subject: Subject): Named => ({ key: keyOf(subject), title: titleOf(subject, language) });
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
