import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncomingRequest, OutgoingResponse } from '../../src/teams/http.ts';
import { anActivity, execute, mentioning, type RawActivity } from '../fixtures/activities.ts';
import { posted, startDoor, type TestDoor } from '../fixtures/door.ts';

let door: TestDoor;
let authorization: string;
beforeAll(async () => {
  door = await startDoor();
  authorization = `Bearer ${await door.tokens.token()}`;
});
afterAll(() => door.close());
beforeEach(() => {
  door.reset();
});

const hello = (fields: RawActivity = {}): RawActivity =>
  anActivity(door.teams.serviceUrl, 'channel', { ...mentioning('help'), ...fields });

/** A code and nothing else; the app has heard nothing, and Teams neither. */
function expectRefusal(response: OutgoingResponse, status: number, code: string): void {
  expect(response).toMatchObject({ status, jsonBody: { error: { code } } });
  expect(Object.keys(response.jsonBody as object)).toEqual(['error']);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(door.handled).toEqual([]);
  expect(door.teams.calls).toEqual([]);
}

describe('a request is refused with a code and nothing else', () => {
  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('405 for %s', async (method) => {
    const response = await door.ask(posted(undefined, authorization, { method }));
    expectRefusal(response, 405, 'MethodNotAllowed');
    expect(response.headers['allow']).toBe('POST');
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data'])(
    '415 for a body of type %s',
    async (type) => {
      const headers = new Headers(type === undefined ? { authorization } : { authorization, 'content-type': type });
      const body = streamed(Buffer.from(JSON.stringify(hello())));
      expectRefusal(await door.ask({ method: 'POST', headers, body }), 415, 'UnsupportedMediaType');
    },
  );

  it.each([
    ['an array', '[]'],
    ['nothing', ''],
    ['blanks', ' \n'],
    ['null', 'null'],
    ['a text', '"message"'],
    ['no JSON', 'type=message'],
    ['half a JSON', '{"type":"message"'],
    ['an empty object', '{}'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ])('400 for %s', async (_, body) => {
    const headers = new Headers({ authorization, 'content-type': 'application/json' });
    expectRefusal(await door.ask({ method: 'POST', headers, body: streamed(Buffer.from(body)) }), 400, 'BadRequest');
  });

  it.each([
    ['no body at all', null],
    ['parts that are no bytes', streamed('text' as unknown as Buffer)],
    ['a caller who hangs up', broken()],
  ] satisfies [string, IncomingRequest['body']][])('400 for %s', async (_, body) => {
    const headers = new Headers({ authorization, 'content-type': 'application/json' });
    expectRefusal(await door.ask({ method: 'POST', headers, body }), 400, 'BadRequest');
  });

  it.each([
    ['no type', { type: undefined }],
    ['an empty type', { type: '' }],
    ['a type that is no text', { type: 7 }],
    ['no conversation', { conversation: undefined }],
    ['a conversation without id', { conversation: { tenantId: 'x' } }],
    ['no service URL', { serviceUrl: undefined }],
    ['a service URL that is none', { serviceUrl: 'smba.trafficmanager.net' }],
    ['no channel', { channelId: undefined }],
    ['an unknown channel', { channelId: 'webchat' }],
    ['the emulator', { channelId: 'emulator' }],
    ['the channel with a validator of its own', { channelId: 'AseChannel' }],
    ['a conversation id of a megabyte', { conversation: { id: 'x'.repeat(2_000) } }],
  ] satisfies [string, RawActivity][])('400 for an activity with %s', async (_, fields) => {
    expectRefusal(await door.ask(posted(hello(fields), authorization)), 400, 'BadRequest');
  });

  it.each([
    ['of nobody', 'https://evil.example/'],
    ['that only begins like Teams', 'https://smba.trafficmanager.net.evil.example/'],
    ['with Teams as the user', 'https://smba.trafficmanager.net@evil.example/'],
    ['of another port', 'https://smba.trafficmanager.net:8443/'],
    ['without TLS', 'http://smba.trafficmanager.net/'],
    ['of no host', 'javascript:alert(1)'],
  ])('403 for a service URL %s', async (_, serviceUrl) => {
    expectRefusal(await door.ask(posted(hello({ serviceUrl }), authorization)), 403, 'Forbidden');
  });

  it.each([
    ['another tenant', { conversation: { id: '19:a', tenantId: '88888888-0000-4000-8000-000000000000' } }],
    ['no tenant at all', { conversation: { id: '19:a' }, channelData: {} }],
    ['another tenant in the channel data only', { conversation: { id: '19:a' }, channelData: { tenant: { id: 'x' } } }],
  ] satisfies [string, RawActivity][])('403 for %s', async (_, fields) => {
    expectRefusal(await door.ask(posted(hello(fields), authorization)), 403, 'Forbidden');
  });
});

describe('a body that is too large', () => {
  it('is refused by what it says it is, unread', async () => {
    const next = vi.fn(() => Promise.resolve({ done: true as const, value: undefined }));
    const headers = new Headers({ authorization, 'content-type': 'application/json', 'content-length': '262145' });
    const body = { [Symbol.asyncIterator]: () => ({ next }) };
    expectRefusal(await door.ask({ method: 'POST', headers, body }), 413, 'PayloadTooLarge');
    expect(next).not.toHaveBeenCalled();
  });

  it.each([undefined, '5', '-1', 'many'])('is refused as soon as it is, whatever it says (%s)', async (length) => {
    let parts = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        parts++;
        yield await Promise.resolve(Buffer.alloc(64 * 1024, 'x'));
      }
    }
    const headers = new Headers({ authorization, 'content-type': 'application/json' });
    if (length !== undefined) headers.set('content-length', length);
    expectRefusal(await door.ask({ method: 'POST', headers, body: endless() }), 413, 'PayloadTooLarge');
    expect(parts).toBe(5);
  });

  it('is fine up to 256 KiB', async () => {
    const empty = JSON.stringify(hello({ text: '' }));
    const response = await door.ask(posted(hello({ text: 'x'.repeat(256 * 1024 - empty.length) }), authorization));
    expect(response.status).toBe(200);
    expect(door.handled).toHaveLength(1);
  });
});

describe('a turn that fails', () => {
  it.each([
    ['a message', mentioning('help')],
    ['a button', execute('acknowledge', { incident: 'AAAAAAA' })],
  ] satisfies [string, RawActivity][])('500 with a code, the error only in the log: %s', async (_, fields) => {
    const error = new Error('secret words');
    door.reply(error);
    const response = await door.say(anActivity(door.teams.serviceUrl, 'channel', fields));
    expect(response).toEqual({
      status: 500,
      headers: { 'cache-control': 'no-store' },
      jsonBody: { error: { code: 'InternalError' } },
    });
    expect(door.reported).toEqual([{ where: 'turn', error }]);
  });
});

async function* streamed(...parts: Buffer[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield await Promise.resolve(part);
}

async function* broken(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from('{'));
  throw new Error('aborted');
}
