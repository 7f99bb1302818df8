import { SignJWT, UnsecuredJWT } from 'jose';
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { anActivity, mentioning } from '../fixtures/activities.ts';
import { appId } from '../fixtures/bot-identity.ts';
import { tenantId } from '../fixtures/domain.ts';
import { posted, startDoor, type TestDoor } from '../fixtures/door.ts';
import { issuer, signingKey } from '../fixtures/token-issuer.ts';

let door: TestDoor;
beforeAll(async () => {
  // The bot SDK prints keys and expired tokens' errors.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  door = await startDoor();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await door.close();
});
beforeEach(() => {
  door.reset();
});

const hello = () => anActivity(door.teams.serviceUrl, 'channel', mentioning('help'));
const seconds = (): number => Math.floor(Date.now() / 1000);
const with_ = (authorization: string | undefined, ask = door.ask) => ask(posted(hello(), authorization));

describe('who comes in', () => {
  it.each([
    { who: 'Teams', claims: () => ({}) },
    { who: 'Teams, with a token that expired four minutes ago', claims: () => ({ exp: seconds() - 240 }) },
    { who: 'Teams, naming our tenant', claims: () => ({ tid: tenantId }) },
    { who: 'Teams, with a token from four minutes ahead', claims: () => ({ nbf: seconds() + 240 }) },
  ])('$who', async ({ claims }) => {
    expect(await with_(`Bearer ${await door.tokens.token(claims())}`)).toMatchObject({ status: 200 });
    expect(door.handled).toHaveLength(1);
    expect(door.reported).toEqual([]);
  });
});

describe('who does not come in', () => {
  it.each([
    ['nobody', undefined],
    ['an empty header', ''],
    ['another scheme', 'Basic dXNlcjpwYXNzd29yZA=='],
    ['a scheme in lower case', 'bearer a.b.c'],
    ['a scheme without a token', 'Bearer '],
    ['half a token', 'Bearer a.b'],
    ['an unsigned token', `Bearer ${new UnsecuredJWT({ iss: issuer, aud: appId }).encode()}`],
    ['two tokens', 'Bearer a.b.c a.b.c'],
  ])('401 for %s', async (_, authorization) => {
    const response = await with_(authorization);
    expect(response).toMatchObject({ status: 401, jsonBody: { error: { code: 'Unauthorized' } } });
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(door.handled).toEqual([]);
  });

  const forged: readonly { who: string; token: () => Promise<string> | string }[] = [
    { who: 'garbage', token: () => 'aaaa.bbbb.cccc' },
    { who: 'an expired token', token: () => door.tokens.token({ exp: seconds() - 600 }) },
    { who: 'a token of the future', token: () => door.tokens.token({ nbf: seconds() + 600 }) },
    { who: 'another issuer', token: () => door.tokens.token({ iss: 'https://sts.windows.net/x/' }) },
    { who: 'no issuer', token: () => door.tokens.token({ iss: undefined }) },
    { who: 'a list of issuers', token: () => door.tokens.token({ iss: [issuer] as never }) },
    { who: 'another audience', token: () => door.tokens.token({ aud: '22222222-2222-4333-8444-555555555555' }) },
    { who: 'no audience', token: () => door.tokens.token({ aud: undefined }) },
    { who: 'no service URL', token: () => door.tokens.token({ serviceurl: undefined }) },
    { who: 'another service URL', token: () => door.tokens.token({ serviceurl: 'https://smba.trafficmanager.net/' }) },
    { who: 'an unknown key', token: () => door.tokens.token({}, { kid: 'k2' }) },
    { who: 'no key id', token: () => door.tokens.token({}, { kid: null }) },
    { who: 'a foreign key under our name', token: async () => door.tokens.token({}, { key: await signingKey('k1') }) },
    { who: 'another bot, calling as a skill', token: () => door.tokens.token({ ver: '2.0', azp: 'other' }) },
    { who: 'a token of another tenant', token: () => door.tokens.token({ tid: 'another' }) },
    { who: 'no algorithm', token: () => unsigned({ alg: 'none' }) },
    { who: 'an invented algorithm', token: () => unsigned({ alg: 'XX999' }) },
    { who: 'a password made of our public key', token: () => signedWithPublicKey() },
  ];
  it.each(forged)('403 for $who', async ({ token }) => {
    const response = await with_(`Bearer ${await token()}`);
    expect(response).toEqual({
      status: 403,
      headers: { 'cache-control': 'no-store' },
      jsonBody: { error: { code: 'Forbidden' } },
    });
    expect(door.handled).toEqual([]);
    expect(door.teams.calls).toEqual([]);
  });

  it('403 where the key is not endorsed for Teams', async () => {
    const key = await signingKey('k9', ['webchat']);
    const ask = await door.open({ metadataUrl: door.tokens.metadataUrl({ body: { keys: [key.jwk] } }) });
    expect(await with_(`Bearer ${await door.tokens.token({}, { key })}`, ask)).toMatchObject({ status: 403 });
  });

  it('no activity of another service URL than the token names', async () => {
    const other = anActivity(`${door.teams.origin}/elsewhere/`, 'channel', mentioning('help'));
    expect(await door.ask(posted(other, `Bearer ${await door.tokens.token()}`))).toMatchObject({ status: 403 });
  });
});

describe('when the keys of Teams cannot be had', () => {
  it.each([
    ['they answer 500', { status: 500 }, undefined],
    ['their page is none', { body: '<html>' }, undefined],
    ['the address of the keys answers 503', { body: {} }, { status: 503 }],
    ['the address of the keys is broken', { body: {} }, 'drop'],
    ['nobody answers', 'hang', undefined],
  ] as const)('503, to come again: %s', async (_, keys, metadata) => {
    const ask = await door.open({ metadataUrl: door.tokens.metadataUrl(keys, metadata), patienceMs: 300 });
    const response = await with_(`Bearer ${await door.tokens.token()}`, ask);
    expect(response).toMatchObject({ status: 503, jsonBody: { error: { code: 'AuthenticationUnavailable' } } });
    expect(response.headers['retry-after']).toBe('5');
    expect(door.handled).toEqual([]);
    expect(door.reported).toMatchObject([{ where: 'authentication' }]);
  });

  it('503 where nobody listens', async () => {
    const ask = await door.open({ metadataUrl: 'http://127.0.0.1:1/none' });
    expect(await with_(`Bearer ${await door.tokens.token()}`, ask)).toMatchObject({ status: 503 });
  });

  it('the next caller is let in as soon as they can', async () => {
    const metadataUrl = door.tokens.metadataUrl({ status: 500 });
    const ask = await door.open({ metadataUrl });
    expect(await with_(`Bearer ${await door.tokens.token()}`, ask)).toMatchObject({ status: 503 });
    door.tokens.mend(metadataUrl);
    expect(await with_(`Bearer ${await door.tokens.token()}`, ask)).toMatchObject({ status: 200 });
  });
});

describe('forged tokens', () => {
  it('leave nothing behind in the process', async () => {
    const path = 'botframework-connector/lib/auth/tokenValidationParameters.js';
    const { ToBotFromBotOrEmulatorTokenValidationParameters: parameters } = (await import(path)) as {
      ToBotFromBotOrEmulatorTokenValidationParameters: { issuer: string[] };
    };
    const before = parameters.issuer.length;
    for (let i = 0; i < 20; i++) {
      const tid = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
      expect(await with_(`Bearer ${unsigned({ alg: 'RS256', kid: 'k1' }, { tid })}`)).toMatchObject({ status: 403 });
    }
    expect(parameters.issuer).toHaveLength(before);
  });
});

/** A token whose signature nobody made. */
function unsigned(header: object, claims: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iss: issuer, aud: appId, exp: seconds() + 300, serviceurl: door.teams.serviceUrl, ...claims };
  return `${part(header)}.${part(payload)}.c2lnbmF0dXJl`;
}

function signedWithPublicKey(): Promise<string> {
  const pem = createPublicKey({ key: door.tokens.key.jwk, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  return new SignJWT({ iss: issuer, aud: appId, exp: seconds() + 300, serviceurl: door.teams.serviceUrl })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(Buffer.from(pem));
}
