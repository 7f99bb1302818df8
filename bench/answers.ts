/**
 * What an answer costs, as a Markdown table: CPU time per question of labelled sets, of pasted logs and of the costliest
 * of the texts of 100 kB that are made to be costly, and what the catalogue adds to the start of a process.
 *
 * `node bench/answers.ts [rounds] [sets]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { explain } from '../src/bot/explain.ts';
import { hostile } from '../test/catalog/hostile.ts';

const rounds = Number(process.argv[2] ?? 20);
const sets = process.argv.length > 3 ? process.argv.slice(3) : ['develop', 'measure'];
const starts = 15;
/** How many of the costliest kinds of texts are shown. */
const shown = 6;

const questions = (set: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, `../test/catalog/questions/${set}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text);
const log = (bytes: number): string =>
  Array.from(
    { length: Math.ceil(bytes / 74) },
    (_, i) =>
      `2026-03-02T07:00:01Z WARN press-${String(i % 50)} Connections ErrorCode ${i % 2 ? '404104' : '401003'} took 31 ms`,
  ).join('\n');

/** CPU milliseconds of this process. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** CPU milliseconds of each text, sorted. The first round warms up and does not count. */
function costs(texts: readonly string[], answer: (text: string) => unknown): readonly number[] {
  const taken: number[] = [];
  for (let round = 0; round <= rounds; round++)
    for (const text of texts) {
      const before = cpu();
      answer(text);
      if (round > 0) taken.push(cpu() - before);
    }
  return taken.sort((a, b) => a - b);
}

/** Median CPU milliseconds of a new process that runs `code`. */
function startOf(code: string): number {
  const script = `${code}; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`;
  const taken = Array.from({ length: starts }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
  );
  return quantile(
    taken.sort((a, b) => a - b),
    0.5,
  );
}

/** What loading a module adds, bundled as it ships, and what a first answer adds to that. */
function startsOf(): { bare: number; catalogue: number; understanding: number; answering: number } {
  const outdir = mkdtempSync(join(tmpdir(), 'answers-'));
  const entry = (name: string): string => join(import.meta.dirname, `../src/catalog/${name}.ts`);
  buildSync({
    entryPoints: { catalog: entry('catalog'), understand: entry('understand/understand') },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
  });
  const load = (name: string): string => `const m = await import('${pathToFileURL(join(outdir, `${name}.mjs`)).href}')`;
  const bare = startOf('');
  const answer = "m.understand('devices drop every hour and come right back')";
  const starting = {
    bare,
    catalogue: startOf(load('catalog')) - bare,
    understanding: startOf(load('understand')) - bare,
    answering: startOf(`${load('understand')}; ${answer}`) - bare,
  };
  rmSync(outdir, { recursive: true });
  return starting;
}

const rows: [what: string, texts: readonly string[]][] = [
  ...sets.map((set): [string, readonly string[]] => [set, questions(set)]),
  ['a log of 10 kB', [log(10_000)]],
  ['a log of 100 kB', [log(100_000)]],
];
const ms = (value: number): string => value.toFixed(2);
console.log('| CPU per answer, ms | texts | median | p99 | highest |');
console.log('| --- | --- | --- | --- | --- |');
const row = (what: string, texts: number, sorted: readonly number[]): void => {
  const shares = [0.5, 0.99, 1].map((share) => ms(quantile(sorted, share)));
  console.log(`| ${what} | ${String(texts)} | ${shares.join(' | ')} |`);
};
for (const [what, texts] of rows) row(what, texts.length, costs(texts, explain));
const ofKinds = Object.entries(hostile)
  .map(([kind, text]) => [kind, costs([text()], explain)] as const)
  .sort(([, a], [, b]) => quantile(b, 0.5) - quantile(a, 0.5));
for (const [kind, sorted] of ofKinds.slice(0, shown)) row(`100 kB: ${kind}`, 1, sorted);

const { bare, catalogue, understanding, answering } = startsOf();
console.log('\n| CPU of a new process, ms | |');
console.log('| --- | --- |');
console.log(`| Node.js alone | ${ms(bare)} |`);
console.log(`| the catalogue, more | ${ms(catalogue)} |`);
console.log(`| the catalogue and what understands questions, more | ${ms(understanding)} |`);
console.log(`| the same and a first answer, more | ${ms(answering)} |`);
