import type { EpochMs } from '../time/time.ts';

/** An IoT hub as Azure Resource Manager describes it. */
export interface Hub {
  /** ARM resource id, lower case: `/subscriptions/…/providers/microsoft.devices/iothubs/name`. The identity of a hub. */
  readonly id: string;
  /** As its owner wrote it. */
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `westeurope`: lower case, no spaces. */
  readonly region: string;
  /** `S1`, `B2`, `F1` …; Azure may add names that we do not know. */
  readonly sku: string;
  readonly units: number;
  readonly tags: Readonly<Record<string, string>>;
  /** ARM `properties.state`; `Active` is the only one documented as healthy. */
  readonly state: string;
}

/** What the hub may use per UTC day, from ARM `quotaMetrics`, never from a table of SKUs. */
export interface HubQuota {
  readonly messagesPerDay: number;
  readonly devices: number | undefined;
  readonly readAt: EpochMs;
}

/** Where hubs come from. */
export interface HubInventory {
  /**
   * Every hub of one subscription.
   * @throws {OperationalError} `azure.auth`, `azure.throttled` or `azure.unavailable` (the last two retryable)
   * @see https://learn.microsoft.com/rest/api/iothub/iot-hub-resource/list-by-subscription
   */
  listHubs(subscriptionId: string, signal?: AbortSignal): Promise<readonly Hub[]>;
  /**
   * The daily limits of one hub.
   * @throws {OperationalError} as {@link listHubs}, or `azure.not-found`
   * @see https://learn.microsoft.com/rest/api/iothub/iot-hub-resource/get-quota-metrics
   */
  readQuota(hub: Hub, now: EpochMs, signal?: AbortSignal): Promise<HubQuota>;
}

/** Parts of an ARM id of an IoT hub, or `undefined` if it is not one. */
export function parseHubId(
  id: string,
):
  | { readonly id: string; readonly subscriptionId: string; readonly resourceGroup: string; readonly name: string }
  | undefined {
  const match =
    /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\p{L}\p{M}\p{N}_.()-]{1,90})\/providers\/Microsoft\.Devices\/IotHubs\/([a-z0-9-]{3,50})$/iu.exec(
      id.trim().replace(/\/+$/, ''),
    );
  if (!match) return undefined;
  const [whole, subscriptionId = '', resourceGroup = '', name = ''] = match;
  // Letters such as \u212a count as k where case does not count.
  if (!/^[A-Za-z0-9-]+$/.test(name)) return undefined;
  return { id: whole.toLowerCase(), subscriptionId: subscriptionId.toLowerCase(), resourceGroup, name };
}
