import type { EpochMs } from '../time/time.ts';
import type { Hub } from './hub.ts';

/** What Azure Resource Health says of a hub. */
export interface HubHealth {
  readonly state: 'available' | 'degraded' | 'unavailable' | 'unknown';
  /** Azure's own words; shown only after cleaning, never interpreted beyond {@link blamesCustomer}. */
  readonly summary: string;
  readonly reasonType: string;
  readonly since: EpochMs | undefined;
  readonly readAt: EpochMs;
}

export interface HealthSource {
  /**
   * @throws {OperationalError} `azure.auth`, `azure.throttled`, `azure.unavailable` or `azure.not-found`
   * @see https://learn.microsoft.com/rest/api/resourcehealth/availability-statuses/get-by-resource
   */
  readHealth(hub: Pick<Hub, 'id' | 'name'>, now: EpochMs): Promise<HubHealth>;
}

/** A hub is also called degraded when its own traffic is over the limits, or when its owner did something to it. */
export function blamesCustomer(health: HubHealth): boolean {
  return /throttl|rate limit|quota/i.test(health.summary) || /user|customer/i.test(health.reasonType);
}

/** Whether the platform itself has a fault at this hub. */
export function isPlatformFault(health: HubHealth): boolean {
  return (health.state === 'unavailable' || health.state === 'degraded') && !blamesCustomer(health);
}
