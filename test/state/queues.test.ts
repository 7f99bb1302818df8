import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueue } from '../../src/state/queues.ts';
import { DAY, HOUR, SECOND } from '../../src/time/time.ts';
import { startServer, type TestServer } from '../fixtures/http-server.ts';
import { testStorage } from '../fixtures/storage.ts';

const storage = testStorage();
let queues = 0;

/** A queue of its own, and a client that reads it as the Functions host does. */
function freshQueue() {
  const name = `queue-${String(++queues)}`;
  return {
    send: openQueue(storage.access(), name),
    client: new QueueClient(storage.access().connectionString, name),
    name,
  };
}

describe('a queue', () => {
  it.each([
    ['an object', { kind: 'delivery', incidentId: 'AAAAAAA', attempt: 0 }],
    ['markup and quotes', { text: `<a href="x">&amp;</a> 'é' ]]>` }],
    ['every sort of character', { text: '火 🔥 \u0000 \u0007 \ud83d \uffff \u2028' }],
  ])('carries JSON text: %s', async (_, message) => {
    const { send, client } = freshQueue();
    await send(message);
    const { receivedMessageItems } = await client.receiveMessages();
    expect(receivedMessageItems.map(({ messageText }) => JSON.parse(messageText) as unknown)).toEqual([message]);
  });

  it('is created by whoever sends first, even by several at once', async () => {
    const { name, client } = freshQueue();
    await Promise.all(Array.from({ length: 4 }, (_, i) => openQueue(storage.access(), name)({ i })));
    expect((await client.receiveMessages({ numberOfMessages: 10 })).receivedMessageItems).toHaveLength(4);
  });

  it('hides a message for the delay', async () => {
    const { send, client } = freshQueue();
    await send({ late: true }, HOUR);
    expect((await client.receiveMessages()).receivedMessageItems).toEqual([]);
    expect((await client.getProperties()).approximateMessagesCount).toBe(1);
  });

  it('keeps a message until it is taken', async () => {
    const { send, client } = freshQueue();
    await send({});
    const [message] = (await client.peekMessages()).peekedMessageItems;
    expect(message?.expiresOn.getUTCFullYear()).toBe(9999);
  });

  it('takes what just fits', async () => {
    const { send, client } = freshQueue();
    const text = 'x'.repeat(64 * 1024 - JSON.stringify({ text: '' }).length);
    await send({ text });
    expect((await client.receiveMessages()).receivedMessageItems).toHaveLength(1);
  });

  it.each([
    ['one byte too many', 'x'.repeat(64 * 1024)],
    ['few characters that take many bytes', '火'.repeat(30_000)],
  ])('refuses what does not fit, in our words and for good: %s', async (_, text) => {
    const { send, name } = freshQueue();
    await expect(send({ text })).rejects.toMatchObject({
      name: 'OperationalError',
      code: 'state.refused',
      message: expect.stringMatching(
        new RegExp(`^A message of \\d+ bytes is too large for the queue ${name}`),
      ) as string,
      retryable: false,
    });
  });
});

describe('what a queue asks of the storage account', () => {
  let server: TestServer;
  let answer: { status: number; body: string; headers?: Record<string, string> };
  beforeAll(async () => {
    server = await startServer(({ method }) => (method === 'PUT' ? { status: 204, body: '' } : answer));
  });
  afterAll(() => server.close());
  const send = (delayMs?: number): Promise<void> => {
    const endpoints = `QueueEndpoint=${server.url}/account;TableEndpoint=${server.url}/account`;
    const access = `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${Buffer.from('a secret').toString('base64')};${endpoints}`;
    return openQueue({ kind: 'connection-string', connectionString: access }, 'asked')({}, delayMs);
  };
  const sent = `<QueueMessagesList><QueueMessage><MessageId>1</MessageId></QueueMessage></QueueMessagesList>`;

  it.each([
    { delay: undefined, seconds: '0' },
    { delay: -5 * SECOND, seconds: '0' },
    { delay: 1, seconds: '1' },
    { delay: 2_100, seconds: '3' },
    { delay: 60 * SECOND, seconds: '60' },
    { delay: 8 * DAY, seconds: String(7 * 24 * 3_600) },
  ])('a delay of $delay ms hides the message for $seconds s: never a moment less', async ({ delay, seconds }) => {
    answer = { status: 201, body: sent, headers: { 'content-type': 'application/xml' } };
    await send(delay);
    expect(server.seen.at(-1)?.query.get('visibilitytimeout')).toBe(seconds);
  });

  it.each([
    { status: 403, retryable: false, hint: 'Storage Queue Data Contributor' },
    { status: 400, retryable: false, hint: 'report' },
  ])('$status is state.unavailable without the raw body', async ({ status, retryable, hint }) => {
    answer = { status, body: '<Error><Code>X</Code><Message>raw body &amp; signature</Message></Error>' };
    await expect(send()).rejects.toMatchObject({
      code: 'state.unavailable',
      message: `The storage queue asked cannot be used (${String(status)})`,
      hint: expect.stringContaining(hint) as string,
      retryable,
    });
  });
});
