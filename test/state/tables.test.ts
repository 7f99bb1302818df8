import { describe, expect, it } from 'vitest';
import { openTable } from '../../src/state/tables.ts';
import { testStorage } from '../fixtures/storage.ts';

const storage = testStorage();

describe('a table', () => {
  it.each([0, 1])(
    'cuts a large value into columns that are text on their own (emoji from place %i on)',
    async (shift) => {
      const value = { text: 'x'.repeat(shift) + '🔥'.repeat(20_000) };
      await openTable(storage.access(), 'large').put({ partitionKey: 'p', rowKey: String(shift), value });
      const columns = Object.entries(await storage.table('large').getEntity('p', String(shift)));
      const pieces = columns.filter(([name]) => /^json\d+$/.test(name)).map(([, piece]) => String(piece));
      expect(pieces.length).toBeGreaterThan(3);
      expect(pieces.filter((piece) => !piece.isWellFormed() || piece.length > 32_000)).toEqual([]);
      expect((await openTable(storage.access(), 'large').get('p', String(shift)))?.value).toEqual(value);
    },
  );

  it('never holds an entity that Azure refuses: 1 MiB, text counted as UTF-16, 64 KiB a column', async () => {
    const table = openTable(storage.access(), 'limits');
    const value = { hubs: Array.from({ length: 60_000 }, (_, i) => `/subscriptions/hub-${String(i)}/é`) };
    await table.put({ partitionKey: 'p', rowKey: 'r', value });
    const columns = Object.entries(await storage.table('limits').getEntity('p', 'r')).filter(([name]) =>
      /^(?:json|zip)\d/.test(name),
    );
    const sizes = columns.map(([, piece]) =>
      typeof piece === 'string' ? 2 * piece.length : (piece as Uint8Array).length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000);
    expect((await table.get('p', 'r'))?.value).toEqual(value);
  });

  it('refuses, for good and in our words, what does not fit at all', async () => {
    const random = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64');
    const value = { text: Array.from({ length: 30 }, (_, i) => `${random.slice(i * 7)}${random.slice(0, i * 7)}`) };
    for (let i = 0; i < 40; i++)
      value.text.push(Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64'));
    const table = openTable(storage.access(), 'limits');
    await expect(table.put({ partitionKey: 'p', rowKey: 'big', value })).rejects.toMatchObject({
      code: 'state.refused',
      message: expect.stringMatching(/^A row of \d+ bytes is too large for the table limits$/) as string,
      retryable: false,
    });
  });

  it('forgets what a shorter value no longer needs', async () => {
    const table = openTable(storage.access(), 'shrinking');
    await table.put({ partitionKey: 'p', rowKey: 'r', value: { text: 'x'.repeat(100_000) } });
    await table.put({ partitionKey: 'p', rowKey: 'r', value: { text: 'short' } });
    expect((await table.get('p', 'r'))?.value).toEqual({ text: 'short' });
  });

  it('is created by whoever uses it first, even by several at once', async () => {
    const opened = Array.from({ length: 5 }, () => openTable(storage.access(), 'racing'));
    await Promise.all(opened.map((table, i) => table.put({ partitionKey: 'p', rowKey: String(i), value: i })));
    expect(await opened[0]?.list()).toHaveLength(5);
  });

  it('is made again when somebody deletes it to start over', async () => {
    const table = openTable(storage.access(), 'deleted');
    const row = { partitionKey: 'p', rowKey: 'r', value: 1 };
    const again: readonly (() => Promise<unknown>)[] = [
      () => table.get('p', 'r'),
      () => table.list(),
      () => table.insert(row),
      () => table.put(row),
      () => table.putAll([row]),
      () => table.remove('p', 'r'),
    ];
    for (const use of again) {
      await table.put(row);
      await storage.table('deleted').deleteTable();
      await use();
      expect(await table.insert({ ...row, rowKey: 'other' })).not.toBe('exists');
    }
  });

  it('finds by a filter, and lists nothing where nothing is', async () => {
    const table = openTable(storage.access(), 'filtered');
    expect(await table.list()).toEqual([]);
    await table.insert({ partitionKey: 'p', rowKey: 'a', value: 1, index: { id: 'A' } });
    await table.insert({ partitionKey: 'p', rowKey: 'b', value: 2, index: { id: 'B' } });
    expect((await table.list("id eq 'B'")).map(({ value }) => value)).toEqual([2]);
  });
});

describe('a storage account that cannot be used', () => {
  it('is state.unavailable, retryable, and the words hold no secret', async () => {
    const secret = Buffer.from('not the right key, but a secret').toString('base64');
    const connectionString = storage.access().connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${secret}`);
    const refused = openTable({ kind: 'connection-string', connectionString }, 'refused').list();
    await expect(refused).rejects.toMatchObject({
      code: 'state.unavailable',
      message: 'The storage table refused cannot be used (403)',
      hint: expect.stringContaining('Storage Table Data Contributor') as string,
      retryable: false,
    });
  });
});
