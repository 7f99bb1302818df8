import { createHash } from 'node:crypto';
import { TableClient, type TableEntityResult } from '@azure/data-tables';
import { OperationalError } from '../failure/operational-error.ts';
import { fromColumns, toColumns } from './columns.ts';
import { mayPass, storageHint, type StorageAccess } from './storage-account.ts';

/** One row: its keys, a few properties to filter by, and the value. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly value: unknown;
  readonly index?: Readonly<Record<string, string | number>>;
}

export interface StoredRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  /** `undefined` if the row does not hold one. */
  readonly value: unknown;
  readonly version: string;
}

export interface Table {
  get(partitionKey: string, rowKey: string): Promise<StoredRow | undefined>;
  /** An OData filter; none: all rows. */
  list(filter?: string): Promise<readonly StoredRow[]>;
  insert(row: Row): Promise<{ readonly version: string } | 'exists'>;
  replace(row: Row, version: string): Promise<{ readonly version: string } | 'stale'>;
  put(row: Row): Promise<void>;
  /** Adds or replaces rows of one partition, many at a time; of rows with the same key the last one counts. */
  putAll(rows: readonly Row[]): Promise<void>;
  remove(partitionKey: string, rowKey: string, version?: string): Promise<'removed' | 'stale'>;
}

/** Opens a table, creating it the first time it is used. */
export function openTable(access: StorageAccess, name: string): Table {
  const client =
    access.kind === 'connection-string'
      ? TableClient.fromConnectionString(access.connectionString, name, { allowInsecureConnection: true })
      : new TableClient(`https://${access.accountName}.table.core.windows.net`, name, access.credential);
  let created: Promise<void> | undefined;

  function ready(): Promise<void> {
    created ??= client.createTable().catch((error: unknown) => {
      if (statusOf(error) === 409) return;
      created = undefined;
      throw unavailable(name, error);
    });
    return created;
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await ready();
      try {
        return await work();
      } catch (error) {
        if (error instanceof OperationalError) throw error;
        if (attempt > 1 || !isTableGone(error)) throw unavailable(name, error);
        // Somebody starts over by deleting the table under us: it is made again.
        created = undefined;
      }
    }
  }

  return {
    get: (partitionKey, rowKey) =>
      run(async () => {
        try {
          return stored(await client.getEntity(partitionKey, rowKey));
        } catch (error) {
          if (isRowGone(error)) return undefined;
          throw error;
        }
      }),
    list: (filter) =>
      run(async () => {
        const rows: StoredRow[] = [];
        const options = filter === undefined ? {} : { queryOptions: { filter } };
        for await (const entity of client.listEntities(options)) rows.push(stored(entity));
        return rows;
      }),
    insert: (row) =>
      run(async () => {
        try {
          const { etag = '' } = await client.createEntity(entityOf(name, row));
          return { version: etag };
        } catch (error) {
          if (statusOf(error) === 409) return 'exists';
          throw error;
        }
      }),
    replace: (row, version) =>
      run(async () => {
        try {
          const { etag = '' } = await client.updateEntity(entityOf(name, row), 'Replace', { etag: version });
          return { version: etag };
        } catch (error) {
          if (statusOf(error) === 412 || isRowGone(error)) return 'stale';
          throw error;
        }
      }),
    put: (row) =>
      run(async () => {
        await client.upsertEntity(entityOf(name, row), 'Replace');
      }),
    putAll: (rows) =>
      run(async () => {
        for (const entities of inTransactions(name, rows))
          await client.submitTransaction(entities.map((entity) => ['upsert', entity, 'Replace']));
      }),
    remove: (partitionKey, rowKey, version) =>
      run(async () => {
        try {
          await client.deleteEntity(partitionKey, rowKey, version === undefined ? {} : { etag: version });
          return 'removed';
        } catch (error) {
          if (isRowGone(error)) return version === undefined ? 'removed' : 'stale';
          if (statusOf(error) === 412) return 'stale';
          throw error;
        }
      }),
  };
}

/** Azure takes keys of 1 KiB, in UTF-16. */
const longestKey = 500;

/**
 * Any text as a key: ids from outside hold what keys may not (`/ \ # ?`, control characters). Azure decodes the path of
 * a request twice, so a key with `%` in it can be written but not read, changed or removed; the sign of an escape is
 * therefore `~`. Keys are never turned back into text, so the end of a long one may be a digest.
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
export function key(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed())
    .replace(/[~']/g, (sign) => (sign === '~' ? '~7E' : '~27'))
    .replaceAll('%', '~');
  if (escaped.length <= longestKey) return escaped;
  return `${escaped.slice(0, longestKey - 70)}~${createHash('sha256').update(text).digest('hex')}`;
}

interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [name: string]: string | number | Uint8Array;
}

/** @throws {OperationalError} `state.refused` if the value is too large for a row */
function entityOf(table: string, { partitionKey, rowKey, value, index }: Row): Entity {
  const columns = toColumns(value);
  if ('tooLarge' in columns)
    throw new OperationalError(
      'state.refused',
      `A row of ${String(columns.tooLarge)} bytes is too large for the table ${table}`,
      { hint: 'This is a fault of Hubwatch: report the message.' },
    );
  return { partitionKey, rowKey, ...index, ...columns };
}

/** A transaction takes a hundred entities and 4 MiB, and no row twice. */
function inTransactions(table: string, rows: readonly Row[]): readonly Entity[][] {
  const transactions: Entity[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of new Map(rows.map((each) => [each.rowKey, each])).values()) {
    const entity = entityOf(table, row);
    const size = sizeOf(entity);
    if (bytes + size > 3_000_000 || (transactions.at(-1)?.length ?? 0) >= 100) {
      transactions.push([]);
      bytes = 0;
    }
    transactions.at(-1)?.push(entity);
    bytes += size;
  }
  return transactions;
}

/** About as many bytes as the entity takes in a request. */
function sizeOf(entity: Entity): number {
  return Object.values(entity).reduce<number>(
    (sum, value) => sum + (value instanceof Uint8Array ? 1.4 * value.length : JSON.stringify(value).length) + 50,
    1_000,
  );
}

function stored(entity: TableEntityResult<Record<string, unknown>>): StoredRow {
  const { partitionKey = '', rowKey = '', etag } = entity;
  return { partitionKey, rowKey, value: fromColumns(entity), version: etag };
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

function isTableGone(error: unknown): boolean {
  const { code, details } = error as { code?: string; details?: { odataError?: { code?: string } } };
  return statusOf(error) === 404 && (details?.odataError?.code ?? code) === 'TableNotFound';
}

function isRowGone(error: unknown): boolean {
  return statusOf(error) === 404 && !isTableGone(error);
}

function unavailable(name: string, cause: unknown): OperationalError {
  const status = statusOf(cause);
  return new OperationalError(
    'state.unavailable',
    `The storage table ${name} cannot be used (${String(status ?? (cause as { code?: string }).code ?? 'no answer')})`,
    { hint: storageHint(status, 'Table'), retryable: mayPass(status), cause },
  );
}
