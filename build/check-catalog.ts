// Checks the catalogue's files and names every fault. Part of `npm run build` and `npm run check`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkCatalog } from '../src/catalog/check.ts';
import { checkVocabulary, vocabulary } from './check-vocabulary.ts';

const folder = join(import.meta.dirname, '../src/catalog');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // How questions are understood is no part of what is known; `check-vocabulary.ts` looks at it.
  .filter((name) => name.endsWith('.json') && !name.startsWith('understand'))
  .map((name): [string, unknown] => {
    try {
      return [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))];
    } catch (error) {
      return [name, `not JSON: ${String(error)}`];
    }
  });
const faults = [...checkCatalog(new Map(files)), ...checkVocabulary(vocabulary)];
for (const fault of faults) console.error(fault);
console.log(`catalogue: ${String(files.length)} files, ${String(faults.length)} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
