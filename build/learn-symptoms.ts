// Learns which words of a description speak for which code, from the catalogue's symptoms, its situations and the
// tellings, and writes src/catalog/understand/symptom-model.json. `--check`: only says whether that file is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { learnSymptoms } from './symptom-model.ts';

const file = join(import.meta.dirname, '../src/catalog/understand/symptom-model.json');
const learned = `${JSON.stringify(learnSymptoms())}\n`;
const current = (() => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
})();
if (process.argv.includes('--check')) {
  if (current !== learned) {
    console.error('symptom-model.json is not what the catalogue teaches: run `npm run learn`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, learned);
  console.log(`symptom-model.json: ${String(learned.length)} bytes${current === learned ? ', unchanged' : ''}`);
}
