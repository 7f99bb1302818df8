import { DAY, HOUR, MINUTE } from '../../../src/time/time.ts';
import type { RecordedHub, RecordedPoint } from '../../../src/backtest/recording.ts';
import type { Label } from '../../../src/backtest/labels.ts';
import { connectedByMinute, type Connected } from './devices.ts';
import { jittered, publish } from './publish.ts';
import { randomOf } from './random.ts';
import { storyOf, type DeviceEvent, type Story } from './story.ts';
import { trafficOf, type Traffic } from './traffic.ts';

export interface Generated {
  readonly story: Story;
  readonly hub: RecordedHub;
  /** Ordered by `readableAt`. */
  readonly points: readonly RecordedPoint[];
  readonly labels: readonly Label[];
}

const DEVICES = 'connectedDeviceCount';
const THROTTLE = 'd2c.telemetry.ingress.sendThrottle';
const ATTEMPTS = 'd2c.telemetry.ingress.allProtocol';
const USED = 'dailyMessageQuotaUsed';

/** One hub's life of some weeks, wholly determined by the seed. */
export function generate(seed: number, grainMs: number, weeks: number): Generated {
  const story = storyOf(randomOf(seed * 7 + 1), grainMs, weeks);
  const random = randomOf(seed * 7 + 2);
  const name = `hub-${String(seed)}`;
  const connected = connectedByMinute(story, random);
  const traffic = trafficOf(story, connected.counts, random);
  const points = [
    ...publish(story, name, DEVICES, connected.counts, 'mean', random),
    ...publish(story, name, THROTTLE, traffic.refused, 'sum', random),
    ...publish(story, name, USED, jittered(traffic.used, story.span, random), 'last', random),
    ...(seed % 2 === 0 ? publish(story, name, ATTEMPTS, traffic.attempts, 'sum', random) : []),
  ].sort((a, b) => a.readableAt - b.readableAt);
  const hub: RecordedHub = {
    hub: name,
    region: 'westeurope',
    sku: story.sku,
    units: story.units,
    quotaPerDay: story.quotaPerDay,
    grainMs,
    maintenance: story.maintenance,
  };
  return { story, hub, points, labels: labelsOf(name, story, connected, traffic) };
}

/** What a person who saw everything would say of each stretch. */
function labelsOf(hub: string, story: Story, connected: Connected, traffic: Traffic): Label[] {
  const labels: Label[] = [];
  const add = (
    metric: string,
    kind: string,
    from: number,
    to: number,
    expect: Label['expect'],
    visibleAt = from,
  ): void => {
    const declared = story.maintenance.some((span) => from >= span.from - HOUR && from < span.to + HOUR);
    labels.push({ hub, metric, kind, from, to, visibleAt, expect: declared && expect === 'alert' ? 'either' : expect });
  };
  for (const event of story.devices) {
    const { kind, from, to, recoveryMs } = event;
    const end = to + recoveryMs;
    if (kind === 'maintenance-dip') continue;
    if (kind === 'deployment' || kind === 'restart') {
      if (kind === 'restart') add(DEVICES, kind, from, end + 20 * MINUTE, 'either');
      continue;
    }
    if (kind === 'level-shift') add(DEVICES, kind, from, from + 26 * HOUR, 'either');
    else {
      const visible = visibleFrom(story, connected, event);
      if (visible === undefined) add(DEVICES, kind, from, end, 'either');
      else {
        // A loss at night of a fleet that sleeps shows when the fleet should wake.
        const gradual = kind === 'drain' || kind === 'leak';
        add(DEVICES, kind, from, end, 'alert', gradual ? from : visible);
      }
    }
    // Fewer or more devices send fewer or more messages.
    add(USED, kind, from, end + 6 * HOUR, 'either');
    add(ATTEMPTS, kind, from, end + 6 * HOUR, 'either');
  }
  for (const { kind, from, to } of story.traffic) {
    if (kind === 'sustained-throttle' || kind === 'recurring-throttle') {
      add(THROTTLE, kind, from, to, 'alert');
      add(ATTEMPTS, kind, from, to, 'either');
    }
    if (kind === 'runaway' || kind === 'busy-day') {
      add(ATTEMPTS, kind, from, to, 'either');
    }
    if (kind === 'stall') {
      const busyEnough = story.quotaPerDay * story.quotaShare > 20_000;
      add(telemetryMetric(hub), kind, from, to, busyEnough ? 'alert' : 'either');
    }
  }
  for (const [day, at] of traffic.exhaustedAt) {
    add(USED, 'quota-exhaustion', day * DAY, day * DAY + DAY, 'alert');
    add(USED, 'after-exhaustion', at, day * DAY + 2 * DAY, 'either');
    add(ATTEMPTS, 'after-exhaustion', at, day * DAY + 2 * DAY, 'either');
  }
  for (const { kind, from, to } of story.faults)
    if (kind === 'stuck' || kind === 'missing') add(DEVICES, `nodata-${kind}`, from, to + HOUR, 'nodata');
  return labels;
}

/** When what is missing (or too much) can first be told from the fleet's usual numbers, for at least half an hour in all. */
function visibleFrom(story: Story, { counts, usual }: Connected, event: DeviceEvent): number | undefined {
  const worth = Math.max(5, 0.03 * story.fleet.devices);
  let first: number | undefined;
  let minutes = 0;
  for (let at = event.from; at < event.to; at += MINUTE) {
    const i = Math.round((at - story.span.from) / MINUTE);
    const apart = Math.abs((counts[i] ?? 0) - (usual[i] ?? 0));
    if (apart < worth || apart < 0.05 * (usual[i] ?? 0)) continue;
    first ??= at;
    minutes += 1;
  }
  return minutes >= 20 ? first : undefined;
}

function telemetryMetric(hub: string): string {
  return Number(hub.slice(4)) % 2 === 0 ? ATTEMPTS : USED;
}
