// `npm run bench`: what one evaluation of many hubs costs, and what loading the built app costs. Prints Markdown for
// bench/README.md; the other files of this folder measure detection and answers.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { evaluationTable } from './evaluation.ts';

const starts = 15;
const root = join(import.meta.dirname, '..');

/** Median milliseconds of a process that loads every function of the build, beyond one that loads nothing. */
function loadMs(): number {
  execFileSync(process.execPath, ['build/build.ts'], { cwd: root, stdio: 'ignore' });
  const functions = readdirSync(join(root, 'dist/functions')).filter((file) => file.endsWith('.js'));
  const imports = functions.map(
    (file) => `import ${JSON.stringify(pathToFileURL(join(root, 'dist/functions', file)).href)};`,
  );
  const timed = (code: string): number => {
    const times = Array.from({ length: starts }, () => {
      const started = performance.now();
      execFileSync(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
      return performance.now() - started;
    });
    return times.toSorted((a, b) => a - b)[Math.floor(starts / 2)] ?? Number.NaN;
  };
  return timed(imports.join('\n')) - timed('');
}

console.log(await evaluationTable());
console.log(
  `\nLoading the built app: ${loadMs().toFixed(0)} ms (median of ${String(starts)} starts, beyond an empty process).`,
);
console.log(`\nMeasured on ${cpus()[0]?.model ?? 'an unknown processor'}, node ${process.version}.`);
