import { DAY, MINUTE, SECOND } from '../../../src/time/time.ts';
import { between, normal, poisson, type Random } from './random.ts';
import type { Story } from './story.ts';

export interface Traffic {
  /** Per minute: attempts, refused, and the day's use at the minute's end. */
  readonly attempts: Float64Array;
  readonly refused: Float64Array;
  readonly used: Float64Array;
  /** When the quota ran out, by UTC day. */
  readonly exhaustedAt: ReadonlyMap<number, number>;
}

/** Messages by minute: devices that are there report, throttling refuses, the day's quota ends it. */
export function trafficOf(story: Story, connected: Float64Array, random: Random): Traffic {
  const minutes = connected.length;
  const attempts = new Float64Array(minutes);
  const refused = new Float64Array(minutes);
  const used = new Float64Array(minutes);
  const exhaustedAt = new Map<number, number>();
  const perDevice = usualRate(story, connected);
  const roughness = between(random, 0.01, 0.15);
  const bursty = random() < 0.2;
  let drift = 0;
  let today = 0;
  let day = Number.NaN;
  for (let i = 0; i < minutes; i += 1) {
    const at = story.span.from + i * MINUTE;
    if (Math.floor(at / DAY) !== day) {
      day = Math.floor(at / DAY);
      today = 0;
    }
    drift += -drift / 300 + Math.sqrt(2 / 300) * 0.03 * normal(random);
    const pulse = bursty ? (Math.floor(at / MINUTE) % 15 < 3 ? 4 : 0.25) : 1;
    const wanted =
      (connected[i] ?? 0) * perDevice * pulse * Math.exp(drift + roughness * normal(random)) * factorAt(story, at, day);
    // The hub itself takes no more than its rate; what the story refuses comes on top.
    const offered = Math.min(poisson(random, wanted), story.sendsPerSecond * 60 * 0.95);
    const extra = refusedAt(story, at, random);
    refused[i] = extra;
    attempts[i] = offered + extra * 1.2;
    const left = story.quotaPerDay - today;
    if (left <= offered && !exhaustedAt.has(day)) exhaustedAt.set(day, at);
    today += Math.max(0, Math.min(left, offered));
    used[i] = today;
  }
  return { attempts, refused, used, exhaustedAt };
}

/** Messages per device and minute so that a usual day needs the share of the quota that the story says. */
function usualRate(story: Story, connected: Float64Array): number {
  const total = connected.reduce((sum, count) => sum + count, 0);
  const days = connected.length / (DAY / MINUTE);
  const wanted = Math.min(story.quotaPerDay * story.quotaShare, story.sendsPerSecond * 0.5 * (DAY / SECOND));
  return total === 0 ? 0 : (wanted * days) / total;
}

function factorAt(story: Story, at: number, day: number): number {
  let factor =
    story.monthEnd !== 1 && Math.floor((at - story.span.from) / DAY) === story.monthEndDay ? story.monthEnd : 1;
  if (day < 0) factor = 1;
  for (const { kind, from, to, size } of story.traffic) {
    if (at < from || at >= to) continue;
    if (kind === 'runaway' || kind === 'stall' || kind === 'busy-day') factor *= size;
  }
  return factor;
}

function refusedAt(story: Story, at: number, random: Random): number {
  let refused = 0;
  for (const { kind, from, to, size, everyMs, lastsMs } of story.traffic) {
    if (at < from || at >= to) continue;
    const inBurst = everyMs === 0 || (at - from) % everyMs < lastsMs;
    const busy =
      kind === 'burst' ||
      ((kind === 'hourly-bursts' || kind === 'recurring-throttle') && inBurst) ||
      (kind === 'sustained-throttle' && random() < 0.85);
    if (busy) refused += poisson(random, size * between(random, 0.4, 1.6));
  }
  return refused;
}
