import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detect } from '../../src/cli/detect.ts';
import { instantOf, scoreCsv } from '../../src/cli/score-csv.ts';
import { HOUR, MINUTE, SECOND } from '../../src/time/time.ts';

const stamp = (row: number): string =>
  new Date(Date.UTC(2026, 2, 2) + row * 5 * MINUTE).toISOString().slice(0, 19).replace('T', ' ');
const rows = (count: number): string[] =>
  Array.from({ length: count }, (_, row) => `${stamp(row)},${row === 700 ? 99 : 20 + (row % 7)}`);
const scoresOf = (csv: string): number[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',').at(-1)));

describe('detect', () => {
  let folder = '';
  const said = { out: '', err: '' };
  const io = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'detect-'));
    said.out = '';
    said.err = '';
    await mkdir(join(folder, 'in/deep/er'), { recursive: true });
    await writeFile(join(folder, 'in/one.csv'), ['timestamp,value', ...rows(800)].join('\n'));
    await writeFile(join(folder, 'in/deep/er/two.CSV'), ['timestamp,value', ...rows(20)].join('\n'));
    await writeFile(join(folder, 'in/notes.txt'), 'no series');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const run = (...args: string[]): Promise<number> =>
    detect(
      args.map((arg) => arg.replace('{}', folder)),
      io,
    );

  it('writes a score for every row, in the same folders', async () => {
    expect(await run('--in', '{}/in', '--out', '{}/out')).toBe(0);
    const written = await readdir(join(folder, 'out'), { recursive: true });
    expect(written.sort()).toEqual(['deep', 'deep/er', 'deep/er/two.CSV', 'one.csv']);
    const one = await readFile(join(folder, 'out/one.csv'), 'utf8');
    expect(one).toMatch(/^timestamp,value,score\n2026-03-02 00:00:00,20,0\n/);
    expect(scoresOf(one).length).toBe(800);
    expect(scoresOf(one).findLastIndex((score) => score >= 0.5)).toBe(700);
    expect(said.out).toContain('2 files, 820 rows');
  });

  it.each([
    { args: ['--out', '{}/out'], says: '--in DIR is missing' },
    { args: ['--in', '{}/in'], says: '--out DIR is missing' },
    { args: ['--in', '{}/in', '--out'], says: '--out' },
    { args: ['--in', '{}/in', '--out', '{}/out', '--fast'], says: '--fast' },
    { args: ['--in', '{}/in', '--out', '{}/out', 'more'], says: 'more' },
    { args: ['--in', '{}/nowhere', '--out', '{}/out'], says: 'nowhere is not a folder' },
    { args: ['--in', '{}/in/one.csv', '--out', '{}/out'], says: 'one.csv is not a folder' },
    { args: ['--in', '{}/in/deep', '--out', '{}/in/one.csv'], says: 'one.csv is not a folder' },
    { args: ['--in', '{}/in', '--out', '{}/in/scored'], says: 'must not be inside' },
    { args: ['--in', '{}/in', '--out', '{}/in'], says: 'must not be inside' },
  ])('refuses $args', async ({ args, says }) => {
    expect(await run(...args)).toBe(2);
    expect(said.err).toContain(says);
    expect(said.err).toContain('usage: detect');
  });

  it('refuses a folder without series', async () => {
    await mkdir(join(folder, 'empty'));
    expect(await run('--in', '{}/empty', '--out', '{}/out')).toBe(2);
    expect(said.err).toContain('no .csv file');
  });

  it('names a file that is no series, and scores the others', async () => {
    await writeFile(join(folder, 'in/odd.csv'), 'a,b\n1,2\n');
    expect(await run('--in', '{}/in', '--out', '{}/out')).toBe(1);
    expect(said.err).toContain('odd.csv');
    expect(said.out).toContain('2 files');
  });
});

describe('one file', () => {
  it('keeps timestamps and values as they stand, whatever surrounds them', () => {
    const file = [
      '\uFEFF"timestamp",other,Value',
      '2026-03-02 00:00:00,"a, b",1.50',
      '"2026-03-02 00:05:00","a ""b"" \n c","2"',
      '',
      '2026-03-02T00:10:00Z,,1e0',
      '2026-03-02 00:15:00,x',
      'yesterday,x,4',
      '2026-03-02 00:20:00,x,many',
      '2026-03-02 00:25:00,x,NaN',
      '2026-03-02 00:30:00,x,Infinity',
    ].join('\r\n');
    expect(scoreCsv(file)).toEqual({
      csv: [
        'timestamp,value,score',
        '2026-03-02 00:00:00,1.50,0',
        '"2026-03-02 00:05:00","2",0',
        '2026-03-02T00:10:00Z,1e0,0',
        '2026-03-02 00:15:00,,0',
        'yesterday,4,0',
        '2026-03-02 00:20:00,many,0',
        '2026-03-02 00:25:00,NaN,0',
        '2026-03-02 00:30:00,Infinity,0',
        '',
      ].join('\n'),
      rows: 8,
      empty: 2,
      unreadable: 2,
    });
  });

  it('is no series without its header', () => {
    expect(scoreCsv('')).toBeNull();
    expect(scoreCsv('2026-03-02 00:00:00,1\n')).toBeNull();
    expect(scoreCsv('timestamp,value')).toMatchObject({ rows: 0, csv: 'timestamp,value,score\n' });
  });

  it.each([
    ['2026-03-02 01:00:00', Date.UTC(2026, 2, 2, 1)],
    ['2026-03-02T01:00:00.250', Date.UTC(2026, 2, 2, 1) + 250],
    ['2026-03-02 01:00:00.000000', Date.UTC(2026, 2, 2, 1)],
    ['2026-03-02T01:00+02:00', Date.UTC(2026, 2, 2, 1) - 2 * HOUR],
    ['2026-03-02', Date.UTC(2026, 2, 2)],
    ['1772413200', 1_772_413_200 * SECOND],
    ['1772413200000', 1_772_413_200_000],
    ['12', 12 * 5 * MINUTE],
    ['2026-13-40 00:00:00', null],
    ['', null],
    ['Monday', null],
  ])('reads the time %s', (text, at) => {
    expect(instantOf(text)).toBe(at);
  });
});
