import { readFile } from 'node:fs/promises';
import { emptyRulesFile } from '../detection/resolve-rules.ts';
import { parseRules } from '../detection/rules-text.ts';
import type { RulesFile } from '../detection/rules.ts';
import type { SettingFault } from './settings.ts';

/** Reads the rules file that `HUBWATCH_RULES` names, and reports every fault in it at once, with its line. */
export async function readRulesFile(
  path: string | undefined,
): Promise<{ readonly rules: RulesFile } | { readonly faults: readonly SettingFault[] }> {
  if (path === undefined) return { rules: emptyRulesFile };
  const fault = (problem: string, remedy: string, line?: number): SettingFault => ({
    name: 'HUBWATCH_RULES',
    value: line === undefined ? path : `${path}:${String(line)}`,
    problem,
    remedy,
  });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return { faults: [fault(`cannot be read (${code})`, 'Name a file that is deployed with the app, or remove it.')] };
  }
  const parsed = parseRules(text);
  if ('rules' in parsed) return parsed;
  return {
    faults: parsed.faults.map(({ line, path: place, problem, remedy }) =>
      fault([place, problem].filter((part) => part !== '').join(' '), remedy, line),
    ),
  };
}
