import { ManagedIdentityCredential } from '@azure/identity';
import {
  ConfigurationBotFrameworkAuthentication,
  ManagedIdentityServiceClientCredentialsFactory,
  type BotFrameworkAuthentication,
  type ServiceClientCredentialsFactory,
} from './bot-sdk.ts';
import { publicAuthority, type BotIdentity, type TokenAuthority } from './identity.ts';

/**
 * The bot SDK's authentication for an identity. Fails closed: with an empty app id the SDK would let everybody in
 * without a word, so anything but the explicit anonymous identity must have one.
 * @throws {Error} if the SDK would come out with authentication switched off
 */
export async function botAuthentication(
  identity: BotIdentity,
  options: { readonly authority?: TokenAuthority; readonly credentials?: ServiceClientCredentialsFactory } = {},
): Promise<BotFrameworkAuthentication> {
  if (identity.kind === 'anonymous') return new ConfigurationBotFrameworkAuthentication({});
  if (!/^[0-9a-f-]{36}$/i.test(identity.appId))
    throw new Error('The bot has no app id: refusing to start without authentication.');
  const credentials = options.credentials ?? managedIdentity(identity);
  if (credentials && (await credentials.isAuthenticationDisabled()))
    throw new Error('The bot SDK reports that authentication is off: refusing to start.');
  // Setting one of the cloud's values empties all the others in the SDK, so the group is given whole or not at all.
  const cloud =
    options.authority && options.authority !== publicAuthority
      ? {
          ValidateAuthority: false,
          ToChannelFromBotLoginUrl: `https://login.microsoftonline.com/${identity.tenantId}`,
          ToChannelFromBotOAuthScope: 'https://api.botframework.com',
          ToBotFromChannelTokenIssuer: options.authority.issuer,
          ToBotFromChannelOpenIdMetadataUrl: options.authority.openIdMetadataUrl,
          ToBotFromEmulatorOpenIdMetadataUrl: options.authority.openIdMetadataUrl,
          OAuthUrl: 'https://api.botframework.com',
          CallerId: 'urn:botframework:azure',
        }
      : {};
  return new ConfigurationBotFrameworkAuthentication(
    {
      ...cloud,
      MicrosoftAppId: identity.appId,
      MicrosoftAppTenantId: identity.tenantId,
      MicrosoftAppType: identity.kind === 'managed-identity' ? 'UserAssignedMSI' : 'SingleTenant',
      ...(identity.kind === 'single-tenant' ? { MicrosoftAppPassword: identity.password } : {}),
    },
    credentials,
  );
}

function managedIdentity(
  identity: Exclude<BotIdentity, { kind: 'anonymous' }>,
): ServiceClientCredentialsFactory | undefined {
  if (identity.kind !== 'managed-identity') return undefined;
  // The SDK's own factory would try every credential that DefaultAzureCredential knows before the identity itself; its
  // type asks for that class although only `getToken` is called.
  const createAzureServiceTokenProvider = (clientId: string): never =>
    new ManagedIdentityCredential({ clientId }) as never;
  return new ManagedIdentityServiceClientCredentialsFactory(identity.appId, { createAzureServiceTokenProvider });
}
