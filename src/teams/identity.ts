/** Who the bot is, and how strictly its endpoint looks at callers. */
export type BotIdentity =
  | {
      readonly kind: 'single-tenant';
      readonly appId: string;
      readonly tenantId: string;
      readonly password: string;
    }
  | { readonly kind: 'managed-identity'; readonly appId: string; readonly tenantId: string }
  /** Only in an explicit local run, on loopback: everybody is let in. */
  | { readonly kind: 'anonymous' };

/** Where the keys of the callers' tokens are, and what the tokens must say. */
export interface TokenAuthority {
  readonly issuer: string;
  readonly openIdMetadataUrl: string;
}

/** The public cloud's Bot Connector. @see https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication */
export const publicAuthority: TokenAuthority = {
  issuer: 'https://api.botframework.com',
  openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
};

/** Hosts from which Teams lets itself be called. */
export const teamsServiceOrigins: readonly string[] = [
  'https://smba.trafficmanager.net',
  'https://smba.infra.gcc.teams.microsoft.com',
  'https://smba.infra.gov.teams.microsoft.us',
  'https://smba.infra.dod.teams.microsoft.us',
];
