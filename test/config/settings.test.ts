import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/settings.ts';

const appId = 'aaaaaaaa-1111-4111-8111-00000000000b';
const tenantId = 'bbbbbbbb-2222-4222-8222-00000000000c';
const deployed = {
  MicrosoftAppId: appId,
  MicrosoftAppTenantId: tenantId,
  MicrosoftAppPassword: 'a secret',
  AzureWebJobsStorage__accountName: 'hubwatch',
};

describe("the bot's identity", () => {
  it.each([
    ['as they are', deployed],
    [
      'in capitals and with spaces around',
      { ...deployed, MicrosoftAppId: ` ${appId.toUpperCase()} `, MicrosoftAppTenantId: tenantId.toUpperCase() },
    ],
  ])('has its ids in lower case, as tokens have: given %s', (_, env) => {
    expect(readSettings(env)).toMatchObject({ bot: { kind: 'single-tenant', appId, tenantId } });
  });
});
