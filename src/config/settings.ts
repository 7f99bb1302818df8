import { parseHubId } from '../hubs/hub.ts';
import { isLoopback } from './loopback.ts';

/** One thing wrong with one setting. The value of a secret is never repeated. */
export interface SettingFault {
  readonly name: string;
  /** As it was given, shortened; absent for secrets and for settings that are missing. */
  readonly value?: string;
  readonly problem: string;
  readonly remedy: string;
}

export interface Settings {
  /** An explicit local run on loopback: stand-ins and an unauthenticated bot are allowed. */
  readonly local: boolean;
  readonly hubs: HubSelection;
  readonly bot: BotSettings;
  readonly storage: StorageSettings;
  /** A server on loopback that speaks Azure's formats; only in a local run. */
  readonly azureStandIn: string | undefined;
  /** Origins, besides those of Teams, that the bot may be called from and send to; only in a local run. */
  readonly extraServiceOrigins: readonly string[];
  readonly logs: LogSettings;
  /** Path of the rules file; absent: the shipped rules. */
  readonly rulesFile: string | undefined;
  readonly language: 'en' | 'fr';
  /** Which kinds of conversation receive alerts as soon as the bot is added to them. */
  readonly alertScopes: readonly ('channel' | 'group' | 'personal')[];
  /** Hubs are listed and evaluated this often, in milliseconds: the schedule's period, for "the timer was missed". */
  readonly scheduleMs: number;
}

/** Which hubs are watched: a list, the hubs of some subscriptions, or of every subscription that can be read. */
export type HubSelection =
  | { readonly kind: 'list'; readonly ids: readonly string[] }
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] }
  | { readonly kind: 'all' };

export type BotSettings =
  | { readonly kind: 'single-tenant'; readonly appId: string; readonly tenantId: string; readonly password: string }
  | { readonly kind: 'managed-identity'; readonly appId: string; readonly tenantId: string }
  | { readonly kind: 'anonymous' };

export type StorageSettings =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly accountName: string };

/** Where the resource logs of the hubs are read, and how often they are looked through for errors that no metric shows. */
export type LogSettings =
  | { readonly kind: 'off' }
  | { readonly kind: 'workspaces'; readonly ids: readonly string[]; readonly sweepMs: number }
  | { readonly kind: 'subscriptions'; readonly sweepMs: number };

type Environment = Readonly<Record<string, string | undefined>>;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads every setting and reports every fault at once. */
export function readSettings(env: Environment): Settings | { readonly faults: readonly SettingFault[] } {
  const faults: SettingFault[] = [];
  const fault = (name: string, problem: string, remedy: string, secret = false): void => {
    const value = env[name];
    faults.push({ name, problem, remedy, ...(value === undefined || secret ? {} : { value: value.slice(0, 120) }) });
  };

  const inAzure = set(env['WEBSITE_SITE_NAME']) || set(env['WEBSITE_INSTANCE_ID']);
  const local = choice('HUBWATCH_LOCAL', ['true', 'false'], 'false') === 'true';
  if (local && inAzure)
    fault(
      'HUBWATCH_LOCAL',
      'must not be true in Azure: it switches off the checks of who is calling',
      'Remove the setting from the function app.',
    );

  const settings: Settings = {
    local: local && !inAzure,
    hubs: hubSelection(),
    bot: bot(),
    storage: storage(),
    azureStandIn: localUrl('HUBWATCH_AZURE_STANDIN'),
    extraServiceOrigins: [localUrl('HUBWATCH_TEAMS_STANDIN')].filter((url) => url !== undefined),
    logs: logs(),
    rulesFile: set(env['HUBWATCH_RULES']) ? env['HUBWATCH_RULES'].trim() : undefined,
    language: choice('HUBWATCH_LANGUAGE', ['en', 'fr'], 'en'),
    alertScopes: scopes(),
    scheduleMs: schedule(),
  };
  return faults.length > 0 ? { faults } : settings;

  function set(value: string | undefined): value is string {
    return value !== undefined && value.trim() !== '';
  }

  function choice<T extends string>(name: string, options: readonly T[], fallback: T): T {
    const given = env[name];
    if (!set(given)) return fallback;
    const found = options.find((option) => option === given.trim().toLowerCase());
    if (found === undefined)
      fault(
        name,
        `must be one of ${options.join(', ')}`,
        `Set it to ${options.join(' or ')}, or remove it (then: ${fallback}).`,
      );
    return found ?? fallback;
  }

  function list(name: string): readonly string[] {
    return (env[name] ?? '')
      .split(/[\s,;]+/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  function hubSelection(): HubSelection {
    const hubs = list('HUBWATCH_HUBS');
    const subscriptions = list('HUBWATCH_SUBSCRIPTIONS');
    if (hubs.length > 0 && subscriptions.length > 0)
      fault(
        'HUBWATCH_HUBS',
        'and HUBWATCH_SUBSCRIPTIONS are both set',
        'Keep the list of hubs, or the subscriptions to discover them in.',
      );
    for (const id of hubs)
      if (!parseHubId(id))
        faults.push({
          name: 'HUBWATCH_HUBS',
          value: id.slice(0, 120),
          problem: 'is not the resource id of an IoT hub',
          remedy:
            'Copy it from the portal: IoT hub > Properties > Resource ID (/subscriptions/…/providers/Microsoft.Devices/IotHubs/name).',
        });
    for (const id of subscriptions)
      if (id !== '*' && !guid.test(id))
        faults.push({
          name: 'HUBWATCH_SUBSCRIPTIONS',
          value: id.slice(0, 120),
          problem: 'is not a subscription id',
          remedy: 'Give subscription ids (GUIDs) separated by commas, or * for all that the identity can read.',
        });
    if (hubs.length > 0) return { kind: 'list', ids: hubs.map((id) => parseHubId(id)?.id ?? '') };
    if (subscriptions.length > 0 && !subscriptions.includes('*'))
      return { kind: 'subscriptions', ids: subscriptions.map((id) => id.toLowerCase()) };
    return { kind: 'all' };
  }

  function bot(): BotSettings {
    if (env['BOT_AUTH']?.trim().toLowerCase() === 'anonymous') {
      if (!local || inAzure)
        fault(
          'BOT_AUTH',
          'anonymous lets everybody in, and is for local runs only',
          'Remove it and set MicrosoftAppId, MicrosoftAppType and MicrosoftAppTenantId.',
        );
      return { kind: 'anonymous' };
    }
    if (set(env['BOT_AUTH'])) fault('BOT_AUTH', 'can only be "anonymous" (in a local run)', 'Remove it.');
    const type = choice('MicrosoftAppType', ['singletenant', 'userassignedmsi'], 'singletenant');
    const appId = identifier('MicrosoftAppId', 'the Application (client) ID of the bot');
    const tenantId = identifier('MicrosoftAppTenantId', 'the Directory (tenant) ID of the bot');
    const password = env['MicrosoftAppPassword'];
    if (type === 'userassignedmsi') {
      if (set(password))
        fault(
          'MicrosoftAppPassword',
          'must not be set with a managed identity',
          'Remove it, or set MicrosoftAppType to SingleTenant.',
          true,
        );
      return { kind: 'managed-identity', appId, tenantId };
    }
    if (!set(password))
      fault(
        'MicrosoftAppPassword',
        'is missing',
        'Set the client secret of the bot, or MicrosoftAppType to UserAssignedMSI.',
        true,
      );
    return { kind: 'single-tenant', appId, tenantId, password: password ?? '' };
  }

  function identifier(name: string, what: string): string {
    const given = env[name]?.trim() ?? '';
    if (given === '') fault(name, 'is missing', `Set it to ${what}.`);
    else if (!guid.test(given))
      fault(name, 'is not a GUID', `Set it to ${what}, such as 00000000-0000-0000-0000-000000000000.`);
    // Tokens and activities have them in lower case, and are compared letter by letter; portals and scripts may not.
    return given.toLowerCase();
  }

  function storage(): StorageSettings {
    const connectionString = env['AzureWebJobsStorage'];
    const accountName = env['AzureWebJobsStorage__accountName']?.trim();
    if (set(connectionString)) {
      if (!/(?:AccountName|UseDevelopmentStorage|TableEndpoint)=/i.test(connectionString))
        fault(
          'AzureWebJobsStorage',
          'is not a connection string',
          'Copy it from the storage account: Security + networking > Access keys.',
          true,
        );
      return { kind: 'connection-string', connectionString };
    }
    if (set(accountName)) {
      if (!/^[a-z0-9]{3,24}$/.test(accountName))
        fault(
          'AzureWebJobsStorage__accountName',
          'is not the name of a storage account',
          'Give 3 to 24 lower-case letters and digits.',
        );
      return { kind: 'identity', accountName };
    }
    fault(
      'AzureWebJobsStorage',
      'is missing',
      'Set a connection string, or AzureWebJobsStorage__accountName for a managed identity.',
      true,
    );
    return { kind: 'connection-string', connectionString: '' };
  }

  function localUrl(name: string): string | undefined {
    const given = env[name]?.trim();
    if (!set(given)) return undefined;
    if (!local || inAzure) fault(name, 'is for local runs only', 'Remove it.');
    else if (!isLoopback(given)) fault(name, 'is not an address on this machine', 'Give http://127.0.0.1:PORT.');
    return given.replace(/\/$/, '');
  }

  function scopes(): Settings['alertScopes'] {
    const known = ['channel', 'group', 'personal'] as const;
    const given = list('HUBWATCH_ALERT_SCOPES');
    const found = known.filter((scope) => given.includes(scope));
    if (given.some((scope) => !known.includes(scope as never)))
      fault(
        'HUBWATCH_ALERT_SCOPES',
        `may name ${known.join(', ')}`,
        'Separate them with commas, or remove the setting (then: channel,group).',
      );
    return given.length === 0 ? ['channel', 'group'] : found;
  }

  function logs(): LogSettings {
    const given = list('HUBWATCH_LOGS').map((word) => word.toLowerCase());
    const minutes = Number(env['HUBWATCH_LOG_SWEEP_MINUTES']?.trim() || 1);
    if (!Number.isInteger(minutes) || minutes < 0 || minutes > 60)
      fault(
        'HUBWATCH_LOG_SWEEP_MINUTES',
        'must be a whole number of minutes from 0 (never) to 60',
        'Set it to 1, 2, 5 …, or remove it (then: 1).',
      );
    const sweepMs = minutes * 60_000;
    if (given.includes('off')) return { kind: 'off' };
    if (given.length === 0 || given.includes('subscriptions')) return { kind: 'subscriptions', sweepMs };
    for (const id of given)
      if (!guid.test(id))
        faults.push({
          name: 'HUBWATCH_LOGS',
          value: id.slice(0, 120),
          problem: 'is not a workspace id',
          remedy: 'Give workspace ids (GUIDs, from Log Analytics workspace > Overview), or "subscriptions", or "off".',
        });
    return { kind: 'workspaces', ids: given, sweepMs };
  }

  function schedule(): number {
    const given = env['EVALUATION_SCHEDULE']?.trim() ?? '0 * * * * *';
    const minutes = /^\d{1,2} (?:\*|\*\/(\d{1,2})) \* \* \* \*$/.exec(given);
    const every = Number(minutes?.[1] ?? 1);
    if (!minutes || every < 1 || every > 15)
      fault(
        'EVALUATION_SCHEDULE',
        'must be a schedule of every 1 to 15 minutes',
        'Use "0 * * * * *" (every minute) or "0 */5 * * * *" (every five).',
      );
    return every * 60_000;
  }
}

/** The faults as a person reads them, all together. */
export function describeFaults(faults: readonly SettingFault[]): string {
  const lines = faults.map(
    ({ name, value, problem, remedy }) => `  ${name}${value === undefined ? '' : `="${value}"`} ${problem}. ${remedy}`,
  );
  return [
    `Hubwatch cannot start: ${String(faults.length)} ${faults.length === 1 ? 'setting is' : 'settings are'} wrong.`,
    ...lines,
  ].join('\n');
}
