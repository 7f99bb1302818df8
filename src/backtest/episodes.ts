import { HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import type { Alert } from './alert.ts';

/** One incident of a replay, from its notification to its end; `undefined` if it was still standing when the recording ended. */
export interface Episode {
  readonly hub: string;
  readonly metric: string;
  readonly kind: string;
  readonly from: EpochMs;
  readonly to: EpochMs | undefined;
}

/** Firing again so soon after it had ended is a flap. */
const FLAP_MS = HOUR;

export function episodesOf(alerts: readonly Alert[]): readonly Episode[] {
  const open = new Map<string, Alert[]>();
  const episodes: Episode[] = [];
  for (const alert of alerts) {
    const key = `${alert.hub}\n${alert.metric}\n${alert.kind}`;
    const standing = open.get(key) ?? [];
    open.set(key, standing);
    if (alert.transition === 'firing') {
      standing.push(alert);
      continue;
    }
    const begun = standing.shift();
    if (begun) episodes.push({ hub: alert.hub, metric: alert.metric, kind: alert.kind, from: begun.at, to: alert.at });
  }
  for (const standing of open.values())
    for (const { hub, metric, kind, at } of standing) episodes.push({ hub, metric, kind, from: at, to: undefined });
  return episodes.sort((a, b) => a.from - b.from);
}

/** How often an incident fired again on the same metric within an hour after one had ended. */
export function flapsIn(episodes: readonly Episode[]): number {
  return episodes.filter((one) =>
    episodes.some(
      (other) =>
        other !== one &&
        other.hub === one.hub &&
        other.metric === one.metric &&
        other.to !== undefined &&
        one.from >= other.to &&
        one.from - other.to <= FLAP_MS,
    ),
  ).length;
}

/** Episodes of one set of rules that the other does not have, and the other way round. */
export function difference(
  before: readonly Episode[],
  after: readonly Episode[],
): { readonly added: readonly Episode[]; readonly removed: readonly Episode[] } {
  const alike = (a: Episode, b: Episode): boolean =>
    a.hub === b.hub &&
    a.metric === b.metric &&
    a.from <= (b.to ?? Number.POSITIVE_INFINITY) + 30 * MINUTE &&
    b.from <= (a.to ?? Number.POSITIVE_INFINITY) + 30 * MINUTE;
  return {
    added: after.filter((one) => !before.some((other) => alike(one, other))),
    removed: before.filter((one) => !after.some((other) => alike(one, other))),
  };
}
