import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseScenario, ScenarioFault, type Scenario } from './scenario.ts';

const folder = join(import.meta.dirname, 'scenarios');

/** The scenarios that come with Hubwatch, by name. */
export function scenarioNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/**
 * A scenario by the name of a shipped one, or by the path of a file.
 * @throws {ScenarioFault} if there is none, or if it cannot be read, with every fault and its line
 */
export function loadScenario(nameOrPath: string): Scenario {
  const shipped = /^[a-z0-9-]+$/.test(nameOrPath) && scenarioNames().includes(nameOrPath);
  const path = shipped ? join(folder, `${nameOrPath}.yaml`) : nameOrPath;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ScenarioFault(
      `There is no scenario ${nameOrPath} (${code ?? 'unreadable'}). --list names those that come with Hubwatch; a path must lead to a file.`,
      [],
      { cause: error },
    );
  }
  return parseScenario(basename(path).replace(/\.ya?ml$/, ''), text);
}
