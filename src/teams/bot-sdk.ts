// The bot SDK is CommonJS: loaded lazily from a bundle it has no named exports of its own, so they are named here.
export { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
export type { Activity, TurnContext } from 'botbuilder';
export { ClaimsIdentity, ManagedIdentityServiceClientCredentialsFactory } from 'botframework-connector';
export type {
  BotFrameworkAuthentication,
  ConnectorClient,
  ServiceClientCredentialsFactory,
} from 'botframework-connector';
