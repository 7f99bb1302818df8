import { readFile } from 'node:fs/promises';
import { emptyRulesFile } from '../detection/resolve-rules.ts';
import { parseRules } from '../detection/rules-text.ts';
import type { RulesFile } from '../detection/rules.ts';
import type { SettingFault } from './settings.ts';

/** One thing wrong with a rules file, in words for the person who wrote it. */
export interface RulesFileFault {
  /** 1-based; absent: the file as a whole cannot be read. */
  readonly line?: number;
  readonly problem: string;
  readonly remedy: string;
}

/** Reads a rules file, or says everything that is wrong with it at once. No path: the rules as shipped. */
export async function readRules(
  path: string | undefined,
): Promise<{ readonly rules: RulesFile } | { readonly faults: readonly RulesFileFault[] }> {
  if (path === undefined) return { rules: emptyRulesFile };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const remedy = 'Name a file that is there; in Azure it must be deployed with the app.';
    return { faults: [{ problem: `cannot be read (${code})`, remedy }] };
  }
  const parsed = parseRules(text);
  if ('rules' in parsed) return parsed;
  return {
    faults: parsed.faults.map(({ line, path: place, problem, remedy }) => ({
      line,
      problem: [place, problem].filter((part) => part !== '').join(' '),
      remedy,
    })),
  };
}

/** Reads the rules file that `HUBWATCH_RULES` names; its faults are faults of that setting. */
export async function readRulesFile(
  path: string | undefined,
): Promise<{ readonly rules: RulesFile } | { readonly faults: readonly SettingFault[] }> {
  const read = await readRules(path);
  if ('rules' in read) return read;
  return {
    faults: read.faults.map(({ line, problem, remedy }) => ({
      name: 'HUBWATCH_RULES',
      value: placeOf(path ?? '', line),
      problem,
      remedy,
    })),
  };
}

/** `rules.yaml:3`: what editors and terminals open at the line. */
export function placeOf(path: string, line: number | undefined): string {
  return line === undefined ? path : `${path}:${String(line)}`;
}
