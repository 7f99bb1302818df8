import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import type { Output } from './io.ts';
import { scoreCsv } from './score-csv.ts';

const usage = `usage: detect --in DIR --out DIR
  Reads every .csv file under --in (a header line with timestamp and value) and writes the same relative path under
  --out with timestamp,value,score. A score of 0.5 or more is an anomaly; a row is scored from the rows before it.
`;

interface Folders {
  readonly from: string;
  readonly to: string;
}

/** The folders that the arguments name, or what is wrong with them. */
function foldersOf(args: readonly string[]): Folders | string {
  try {
    const { values } = parseArgs({ args: [...args], options: { in: { type: 'string' }, out: { type: 'string' } } });
    if (values.in === undefined || values.in === '') return '--in DIR is missing';
    if (values.out === undefined || values.out === '') return '--out DIR is missing';
    const [from, to] = [resolve(values.in), resolve(values.out)];
    // Otherwise the next run would read its own results.
    if (`${to}${sep}`.startsWith(`${from}${sep}`)) return `--out must not be inside --in (${from})`;
    return { from, to };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

async function csvFilesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.csv'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

/**
 * Score folders of series for public benchmarks: every row from the rows before it, with the same settings for every
 * file.
 * @returns exit code: 0; 1 if a file could not be scored (the others are); 2 if the arguments make no sense
 */
export async function detect(args: readonly string[], io: Output): Promise<number> {
  const folders = foldersOf(args);
  if (typeof folders === 'string') return refuse(io, folders);
  const { from, to } = folders;
  if (!(await isFolder(from))) return refuse(io, `--in ${from} is not a folder`);
  if (
    await stat(to).then(
      (found) => !found.isDirectory(),
      () => false,
    )
  )
    return refuse(io, `--out ${to} is not a folder`);
  const files = await csvFilesUnder(from);
  if (files.length === 0) return refuse(io, `no .csv file under ${from}`);

  let rows = 0;
  let failed = 0;
  for (const file of files) {
    const scored = scoreCsv(await readFile(join(from, file), 'utf8'));
    if (!scored) {
      failed++;
      io.stderr.write(`${file}: skipped, its first line does not name the columns timestamp and value\n`);
      continue;
    }
    rows += scored.rows;
    if (scored.unreadable > 0 || scored.empty > 0) {
      io.stderr.write(
        `${file}: of ${scored.rows} rows, ${scored.empty} without a value and ${scored.unreadable} unreadable have score 0\n`,
      );
    }
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(join(to, file), scored.csv);
  }
  io.stdout.write(`${files.length - failed} files, ${rows} rows scored → ${to}\n`);
  return failed > 0 ? 1 : 0;
}

function refuse(io: Output, problem: string): number {
  io.stderr.write(`${problem}\n${usage}`);
  return 2;
}

if (import.meta.main) process.exitCode = await detect(process.argv.slice(2), process);
