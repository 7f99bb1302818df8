import { en } from './en.ts';
import { fr } from './fr.ts';
import type { Language, Words } from './words.ts';

const all: Readonly<Record<Language, Words>> = { en, fr };

export function wordsOf(language: Language): Words {
  return all[language];
}

/** The language of a locale such as `fr-CA`; English for everything that is not French. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}
