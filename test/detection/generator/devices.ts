import { DAY, HOUR, MINUTE, type EpochMs } from '../../../src/time/time.ts';
import { normal, type Random } from './random.ts';
import type { DeviceEvent, Story } from './story.ts';

export interface Connected {
  /** Connected devices by minute of the story's span. */
  readonly counts: Float64Array;
  /** The same without any event. */
  readonly usual: Float64Array;
}

export function connectedByMinute(story: Story, random: Random): Connected {
  const { span, fleet } = story;
  const minutes = Math.round((span.to - span.from) / MINUTE);
  const counts = new Float64Array(minutes);
  const usually = new Float64Array(minutes);
  const { size, memory } = fleet.correlated;
  let correlated = 0;
  let wander = 0;
  let ofDay = 0;
  let day = Number.NaN;
  const pull = 1 / (fleet.wander.hours * 60);
  for (let i = 0; i < minutes; i += 1) {
    const at = span.from + i * MINUTE;
    if (Math.floor(at / DAY) !== day) {
      day = Math.floor(at / DAY);
      ofDay = fleet.dayNoise * normal(random);
    }
    correlated = memory * correlated + Math.sqrt(1 - memory * memory) * size * normal(random);
    wander += -pull * wander + Math.sqrt(2 * pull) * fleet.wander.size * normal(random);
    const grown = Math.exp((fleet.growth * (at - span.from)) / DAY);
    const usual = fleet.devices * grown * shareAt(story, at) * (1 - renewing(story, at));
    const level = usual * Math.exp(correlated + wander + ofDay + fleet.minuteNoise * normal(random));
    const sampled =
      level + (fleet.deviceNoise + 0.15 * Math.sqrt(Math.max(level, 0) * 0.3)) * normal(random) * (level > 0.5 ? 1 : 0);
    usually[i] = Math.max(0, sampled);
    counts[i] = Math.max(0, Math.min(Math.round(sampled * factorAt(story.devices, at)), 4 * fleet.devices));
  }
  return { counts, usual: usually };
}

function shareAt({ fleet, clockChangeAt, holidays }: Story, at: EpochMs): number {
  const zone = fleet.zone + (at >= clockChangeAt ? 1 : 0);
  const local = at + zone * HOUR;
  const localDay = Math.floor(local / DAY);
  const hour = (local - localDay * DAY) / HOUR;
  return Math.max(0, fleet.shape(hour, (localDay + 4) % 7, holidays.includes(localDay)));
}

function renewing({ fleet: { renewal } }: Story, at: EpochMs): number {
  if (renewal.share === 0) return 0;
  const minute = (Math.floor(at / MINUTE) - renewal.at) % 60;
  return minute < renewal.minutes ? renewal.share * (1 - minute / renewal.minutes) : 0;
}

/** What the events that are going on leave of the usual number of devices. */
export function factorAt(events: readonly DeviceEvent[], at: EpochMs): number {
  let factor = 1;
  for (const event of events) {
    if (at < event.from) continue;
    const lost = lostTo(event, at);
    factor *= 1 - lost;
  }
  return Math.max(0, factor);
}

function lostTo(event: DeviceEvent, at: EpochMs): number {
  const { from, to, share, rampMs, recoveryMs, periodMs, kind } = event;
  const since = at - from;
  if (kind === 'level-shift') return share * Math.min(1, rampMs === 0 ? 1 : since / rampMs);
  if (at >= to) return at < to + recoveryMs ? share * (1 - (at - to) / recoveryMs) : 0;
  if (kind === 'storm') return share * (0.5 - 0.5 * Math.cos((2 * Math.PI * since) / periodMs));
  return share * (rampMs === 0 ? 1 : Math.min(1, since / rampMs));
}
