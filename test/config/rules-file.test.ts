import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRulesFile } from '../../src/config/rules-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the rules file', () => {
  it('is optional', async () => {
    expect(await readRulesFile(undefined)).toEqual({ rules: { version: 1 } });
  });

  it('is read as it is written', async () => {
    const path = file('good.yaml', 'version: 1\nsensitivity: low\n');
    expect(await readRulesFile(path)).toEqual({ rules: { version: 1, sensitivity: 'low' } });
  });

  it('reports every fault at once, as a setting, with line and remedy', async () => {
    const path = file('bad.yaml', 'version: 1\nsensitivity: extreme\nrules:\n  qouta: {}\n');
    const read = await readRulesFile(path);
    expect('faults' in read && read.faults.map(({ name, value }) => [name, value])).toEqual([
      ['HUBWATCH_RULES', `${path}:2`],
      ['HUBWATCH_RULES', `${path}:4`],
    ]);
    expect('faults' in read && read.faults.every(({ remedy }) => remedy !== '')).toBe(true);
  });

  it('says so where there is none', async () => {
    const read = await readRulesFile(join(folder, 'none.yaml'));
    expect(read).toMatchObject({ faults: [{ problem: 'cannot be read (ENOENT)' }] });
  });
});
