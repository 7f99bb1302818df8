import type { EpochMs } from '../time/time.ts';
import { DAY, MINUTE } from '../time/time.ts';
import type { Alert } from './alert.ts';
import type { Label } from './labels.ts';

/**
 * How alerts are matched with labels, per hub and metric:
 * - an incident (`alert`) is found if a notification fires within it, or in the half hour after its end;
 * - the first one that finds an incident is right; further ones in the same incident are repeats;
 * - a notification outside every label is false; one that touches an `either` label is neither;
 * - notices of missing data are counted apart and compared with nothing but `nodata` labels.
 */
export interface Score {
  readonly incidents: number;
  readonly found: number;
  readonly right: number;
  readonly repeats: readonly { readonly alert: Alert; readonly label: Label }[];
  readonly falseAlerts: readonly Alert[];
  readonly missed: readonly Label[];
  /** From the start of each found incident to its first notification, by the label's kind. */
  readonly delays: ReadonlyMap<string, readonly number[]>;
  readonly foundByKind: ReadonlyMap<string, { readonly found: number; readonly of: number }>;
  readonly noDataNotices: number;
  readonly falseNoData: readonly Alert[];
}

const AFTER_MS = 30 * MINUTE;

export function score(alerts: readonly Alert[], labels: readonly Label[]): Score {
  const firing = alerts.filter((alert) => alert.transition === 'firing');
  const notices = firing.filter((alert) => alert.kind === 'nodata');
  const notifications = firing.filter((alert) => alert.kind !== 'nodata').sort((a, b) => a.at - b.at);
  const incidents = labels.filter((label) => label.expect === 'alert');
  const found = new Map<Label, EpochMs>();
  const falseAlerts: Alert[] = [];
  const repeats: { alert: Alert; label: Label }[] = [];
  for (const alert of notifications) {
    const about = incidents.filter((label) => covers(label, alert));
    const fresh = about.find((label) => !found.has(label));
    if (fresh) found.set(fresh, alert.at);
    else if (about[0]) repeats.push({ alert, label: about[0] });
    else if (!labels.some((label) => label.expect === 'either' && covers(label, alert))) falseAlerts.push(alert);
  }
  const delays = new Map<string, number[]>();
  const byKind = new Map<string, { found: number; of: number }>();
  for (const label of incidents) {
    const kind = byKind.get(label.kind) ?? { found: 0, of: 0 };
    byKind.set(label.kind, kind);
    kind.of += 1;
    const at = found.get(label);
    if (at === undefined) continue;
    kind.found += 1;
    delays.set(label.kind, [...(delays.get(label.kind) ?? []), Math.max(0, at - (label.visibleAt ?? label.from))]);
  }
  const noData = labels.filter((label) => label.expect === 'nodata');
  return {
    incidents: incidents.length,
    found: found.size,
    right: found.size,
    repeats,
    falseAlerts,
    missed: incidents.filter((label) => !found.has(label)),
    delays,
    foundByKind: byKind,
    noDataNotices: notices.length,
    falseNoData: notices.filter(
      (alert) =>
        !noData.some((label) => label.hub === alert.hub && alert.at >= label.from && alert.at < label.to + DAY / 4),
    ),
  };
}

function covers({ hub, metric, from, to }: Label, alert: Alert): boolean {
  return hub === alert.hub && metric === alert.metric && alert.at >= from && alert.at <= to + AFTER_MS;
}
