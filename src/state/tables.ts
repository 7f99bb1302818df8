import { TableClient, type TableEntityResult } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { OperationalError } from '../failure/operational-error.ts';

/** How the storage account is reached: by a connection string, or by its name with a managed identity. */
export type StorageAccess =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly accountName: string; readonly credential: TokenCredential };

/** One row: its keys, a few properties to filter by, and the value as JSON in as many pieces as it needs. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly value: unknown;
  readonly index?: Readonly<Record<string, string | number>>;
}

export interface StoredRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  /** `undefined` if the row does not hold JSON. */
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
  /** Adds or replaces rows of one partition, a hundred at a time. */
  putAll(rows: readonly Row[]): Promise<void>;
  remove(partitionKey: string, rowKey: string, version?: string): Promise<'removed' | 'stale'>;
}

/** A table takes strings of at most 32k characters; an entity at most 1 MB. */
const pieceLength = 30_000;

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
    await ready();
    try {
      return await work();
    } catch (error) {
      if (error instanceof OperationalError) throw error;
      throw unavailable(name, error);
    }
  }

  return {
    get: (partitionKey, rowKey) =>
      run(async () => {
        try {
          return stored(await client.getEntity(partitionKey, rowKey));
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
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
          const { etag = '' } = await client.createEntity(entityOf(row));
          return { version: etag };
        } catch (error) {
          if (statusOf(error) === 409) return 'exists';
          throw error;
        }
      }),
    replace: (row, version) =>
      run(async () => {
        try {
          const { etag = '' } = await client.updateEntity(entityOf(row), 'Replace', { etag: version });
          return { version: etag };
        } catch (error) {
          if (statusOf(error) === 412 || statusOf(error) === 404) return 'stale';
          throw error;
        }
      }),
    put: (row) =>
      run(async () => {
        await client.upsertEntity(entityOf(row), 'Replace');
      }),
    putAll: (rows) =>
      run(async () => {
        for (let i = 0; i < rows.length; i += 100)
          await client.submitTransaction(rows.slice(i, i + 100).map((row) => ['upsert', entityOf(row), 'Replace']));
      }),
    remove: (partitionKey, rowKey, version) =>
      run(async () => {
        try {
          await client.deleteEntity(partitionKey, rowKey, version === undefined ? {} : { etag: version });
          return 'removed';
        } catch (error) {
          if (statusOf(error) === 404) return version === undefined ? 'removed' : 'stale';
          if (statusOf(error) === 412) return 'stale';
          throw error;
        }
      }),
  };
}

/** Keys may not hold `/ \ # ?` or control characters; ids from outside do. */
export function key(text: string): string {
  return encodeURIComponent(text);
}

function entityOf({ partitionKey, rowKey, value, index }: Row): {
  partitionKey: string;
  rowKey: string;
  [name: string]: unknown;
} {
  const json = JSON.stringify(value);
  const entity: { partitionKey: string; rowKey: string; [name: string]: unknown } = { partitionKey, rowKey, ...index };
  for (let i = 0; i * pieceLength < json.length; i++)
    entity[`json${String(i)}`] = json.slice(i * pieceLength, (i + 1) * pieceLength);
  return entity;
}

function stored(entity: TableEntityResult<Record<string, unknown>>): StoredRow {
  let json = '';
  for (let i = 0; typeof entity[`json${String(i)}`] === 'string'; i++) json += entity[`json${String(i)}`] as string;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  return { partitionKey: entity.partitionKey ?? '', rowKey: entity.rowKey ?? '', value, version: entity.etag };
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

function unavailable(name: string, cause: unknown): OperationalError {
  const status = statusOf(cause);
  return new OperationalError(
    'state.unavailable',
    `The storage table ${name} cannot be used (${String(status ?? (cause as { code?: string }).code ?? 'no answer')})`,
    {
      hint:
        status === 403 || status === 401
          ? 'Check the connection string, or give the identity the role "Storage Table Data Contributor".'
          : 'Check that the storage account exists and can be reached from here.',
      retryable: status === undefined || status >= 500 || status === 429,
      cause,
    },
  );
}
