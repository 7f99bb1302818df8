export type AnswerLanguage = 'en' | 'fr';

const inLanguage =
  /(?<![\p{L}\p{N}])(?:(?:please )?(?:answer|reply|respond|explain|réponds?|répondez|repondez|reponds|explique|expliquez)(?:-moi)? )?(?:in|en|auf|into) (french|fran[cç]ais|english|anglais|englisch|franz[oö]sisch)(?![\p{L}\p{N}])(?:[, ]*(?:please|svp|stp|s'il (?:vous|te) pla[iî]t|bitte))?/iu;

/** The language that a question asks for ("in French", « en anglais »), and the question without those words. */
export function namedLanguage(text: string): { readonly language: AnswerLanguage | undefined; readonly rest: string } {
  const head = text.slice(0, 2_000);
  const match = inLanguage.exec(head);
  if (!match) return { language: undefined, rest: text };
  const language = /^f/i.test(match[1] ?? '') ? 'fr' : 'en';
  return { language, rest: `${head.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`.trim() };
}
