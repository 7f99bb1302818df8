import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueueClient, type DequeuedMessageItem } from '@azure/storage-queue';
import { provideFunctionsCore, registered, type RegisteredFunction } from './functions-core.ts';

/** Runs the registered functions on this machine: timers on demand, queues by polling, HTTP on a port. */
export interface FunctionsRunner {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Fires every timer once, and waits until they are done. */
  fireTimers(): Promise<void>;
  /** Waits until the queues hold nothing that is visible and nothing is being worked on. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** The files of `functions/`, each a trigger. */
const triggerFiles = ['evaluate', 'evaluate-batch', 'investigate', 'deliver', 'messages', 'health'];

/** As in host.json: a message that has failed so often is put aside. */
const maxDequeueCount = 5;
const visibilitySeconds = 30;
const pollMs = 100;

/**
 * Imports the triggers of `functions/` with a stand-in for the host, and runs them. It knows timers, queues and HTTP,
 * and nothing more: the real host is `func start`, on the built app.
 */
export async function startFunctions(options: {
  readonly connectionString: string;
  readonly port?: number;
  readonly onError: (functionName: string, error: unknown) => void;
  /** Imports one file of triggers; default: the sources in `functions/`. */
  readonly load?: (name: string) => Promise<unknown>;
}): Promise<FunctionsRunner> {
  provideFunctionsCore();
  const { InvocationContext, HttpRequest } = await import('@azure/functions');
  const load = options.load ?? ((name: string): Promise<unknown> => import(`../../functions/${name}.ts`));
  await Promise.all(triggerFiles.map((name) => load(name)));

  const functions = [...registered.values()];
  const trigger = (each: RegisteredFunction): Readonly<Record<string, unknown>> =>
    Object.values(each.bindings).find((binding) => String(binding['type']).endsWith('Trigger')) ?? {};
  const ofType = (type: string): RegisteredFunction[] =>
    functions.filter((each) => String(trigger(each)['type']).toLowerCase() === type.toLowerCase());
  const invoke = async (each: RegisteredFunction, input: unknown): Promise<unknown> =>
    await each.callback(input, new InvocationContext({ functionName: each.name, invocationId: crypto.randomUUID() }));

  // HTTP
  const routes = new Map(
    ofType('httpTrigger').map((each) => [`/api/${(trigger(each)['route'] as string | undefined) ?? each.name}`, each]),
  );
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = `http://127.0.0.1${request.url ?? '/'}`;
    const each = routes.get(new URL(url).pathname);
    const methods = each ? (trigger(each)['methods'] as string[] | undefined) : undefined;
    if (!each || (methods && !methods.includes(request.method ?? ''))) {
      response.writeHead(404).end();
      return;
    }
    try {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)]],
        ),
      );
      const body = parts.length === 0 ? {} : { body: { bytes: Buffer.concat(parts) } };
      const answer = (await invoke(
        each,
        new HttpRequest({ method: request.method ?? 'GET', url, headers, ...body }),
      )) as {
        status?: number;
        headers?: Record<string, string>;
        jsonBody?: unknown;
      };
      const json = answer.jsonBody === undefined ? undefined : JSON.stringify(answer.jsonBody);
      response
        .writeHead(answer.status ?? 200, {
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...answer.headers,
        })
        .end(json);
    } catch (error) {
      options.onError(each.name, error);
      response.writeHead(500).end();
    }
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  // Queues
  let closed = false;
  let working = 0;
  const queues = ofType('queueTrigger').map((each) => ({
    each,
    client: new QueueClient(options.connectionString, String(trigger(each)['queueName'])),
  }));
  await Promise.all(queues.map(({ client }) => client.createIfNotExists()));
  async function work(each: RegisteredFunction, client: QueueClient, message: DequeuedMessageItem): Promise<void> {
    try {
      await invoke(each, parsed(message.messageText));
      await client.deleteMessage(message.messageId, message.popReceipt);
    } catch (error) {
      options.onError(each.name, error);
      if (message.dequeueCount < maxDequeueCount) return;
      const poison = new QueueClient(options.connectionString, `${client.name}-poison`);
      await poison.createIfNotExists();
      await poison.sendMessage(message.messageText);
      await client.deleteMessage(message.messageId, message.popReceipt);
    }
  }
  async function receive({ each, client }: (typeof queues)[number]): Promise<number> {
    const { receivedMessageItems } = await client.receiveMessages({
      numberOfMessages: 16,
      visibilityTimeout: visibilitySeconds,
    });
    working += receivedMessageItems.length;
    await Promise.all(
      receivedMessageItems.map(async (message) => {
        await work(each, client, message).finally(() => working--);
      }),
    );
    return receivedMessageItems.length;
  }
  async function poll(queue: (typeof queues)[number]): Promise<void> {
    while (!closed) {
      const received = await receive(queue).catch((error: unknown) => {
        if (!closed) options.onError(queue.each.name, error);
        return 0;
      });
      if (received === 0) await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
  const polling = queues.map((queue) => poll(queue));

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    fireTimers: async () => {
      for (const each of ofType('timerTrigger')) {
        try {
          await invoke(each, { isPastDue: false });
        } catch (error) {
          options.onError(each.name, error);
        }
      }
    },
    drain: async () => {
      for (;;) {
        const waiting = await Promise.all(
          queues.map(
            async ({ client }) => (await client.peekMessages({ numberOfMessages: 1 })).peekedMessageItems.length,
          ),
        );
        if (waiting.every((count) => count === 0) && working === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: async () => {
      closed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(polling);
    },
  };
}

/** As the real queue trigger does: JSON arrives as what it means, anything else as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
