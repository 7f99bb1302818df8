import { createRequire, registerHooks } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A storage account on this machine: tables and queues. */
export interface LocalStorage {
  readonly connectionString: string;
  close(): Promise<void>;
}

// Azurite's published development account: a constant of the emulator, not a secret.
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

interface EmulatorServer {
  start(): Promise<void>;
  close(): Promise<void>;
  getHttpServerAddress(): string;
}
type Constructor<T> = new (...args: unknown[]) => T;

const require = createRequire(import.meta.url);
let telemetryStubbed = false;

/**
 * Starts Azurite's table and queue servers inside this process, on free loopback ports.
 * @param folder where state is kept; absent: in memory
 */
export async function startAzurite(folder?: string): Promise<LocalStorage> {
  stubTelemetry();
  const load = (path: string): unknown => (require(`azurite/dist/src/${path}`) as { default: unknown }).default;
  const QueueServer = load('queue/QueueServer.js') as Constructor<EmulatorServer>;
  const QueueConfiguration = load('queue/QueueConfiguration.js') as Constructor<object>;
  const TableServer = load('table/TableServer.js') as Constructor<EmulatorServer>;
  const TableConfiguration = load('table/TableConfiguration.js') as Constructor<object>;
  // Azurite logs to the console unless its logger is told otherwise.
  (require('azurite/dist/src/common/Logger.js') as { configLogger(enable: boolean): void }).configLogger(false);

  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const inMemory = folder === undefined;
  const at = (name: string): string | undefined => (folder === undefined ? undefined : join(folder, name));
  const extents = [{ locationId: 'Default', locationPath: at('queue-extents') ?? 'queue-extents', maxConcurrency: 1 }];
  const queue = new QueueServer(
    new QueueConfiguration(
      ...['127.0.0.1', 0, 5, at('queues.json'), at('queue-extents.json'), extents],
      ...[false, undefined, false, undefined, false, true, '', '', '', undefined, false, inMemory],
    ),
  );
  const table = new TableServer(
    new TableConfiguration(
      ...['127.0.0.1', 0, 5, at('tables.json')],
      ...[false, false, undefined, undefined, false, true, '', '', '', undefined, false, inMemory],
    ),
  );
  await Promise.all([queue.start(), table.start()]);
  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${accountKey}`,
      `QueueEndpoint=${queue.getHttpServerAddress()}/${account}`,
      `TableEndpoint=${table.getHttpServerAddress()}/${account}`,
    ].join(';'),
    close: async () => {
      await Promise.all([queue.close(), table.close()]);
    },
  };
}

/** Azurite loads its telemetry client even when telemetry is off; without it, it starts three times as fast. */
function stubTelemetry(): void {
  if (telemetryStubbed) return;
  telemetryStubbed = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'applicationinsights'
        ? { url: 'hubwatch:no-telemetry', format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === 'hubwatch:no-telemetry'
        ? { format: 'commonjs', shortCircuit: true, source: 'module.exports = {}' }
        : next(url, context),
  });
}
