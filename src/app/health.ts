import { MINUTE, SECOND, type EpochMs } from '../time/time.ts';
import { receivesAlerts } from '../notify/channel.ts';
import type { Deps } from './deps.ts';

/** One check: fine, or a code that says what is not. No names: the endpoint answers anybody. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly checks: Readonly<Record<string, string>>;
}

/** An answer holds for so long: anybody may ask, and each answer reads every hub's record. */
const answerHoldsMs = 10 * SECOND;

/** The health as it was at most ten seconds ago; whoever asks while it is being read waits for the same reading. */
export function healthReader(deps: Pick<Deps, 'stores' | 'policies'>): (now: EpochMs) => Promise<Health> {
  let last: { readonly askedAt: EpochMs; readonly answer: Promise<Health>; answered: boolean } | undefined;
  return (now) => {
    if (last && (!last.answered || Math.abs(now - last.askedAt) < answerHoldsMs)) return last.answer;
    const reading = { askedAt: now, answer: health(deps, now), answered: false };
    const end = (): void => {
      reading.answered = true;
    };
    reading.answer.then(end, end);
    last = reading;
    return reading.answer;
  };
}

/** Whether Hubwatch sees and can speak: state reachable, timer running, hubs readable, channels there. */
async function health(deps: Pick<Deps, 'stores' | 'policies'>, now: EpochMs): Promise<Health> {
  const { stores, policies } = deps;
  const checks: Record<string, string> = {};
  try {
    const [heartbeat, channels, hubs] = await Promise.all([
      stores.heartbeat.read(),
      stores.channels.list(),
      stores.hubs.listAll(),
    ]);
    checks['storage'] = 'ok';
    const sinceTick = heartbeat ? now - heartbeat.tickAt : undefined;
    checks['timer'] =
      sinceTick === undefined
        ? 'never-ran'
        : sinceTick > Math.max(5 * MINUTE, 3 * policies.scheduleMs)
          ? 'missed'
          : 'ok';
    checks['inventory'] = Object.keys(heartbeat?.failing ?? {}).length > 0 ? 'failing' : 'ok';
    const unread = hubs.filter((record) => record.failingSince !== undefined).length;
    checks['metrics'] =
      hubs.length === 0 ? 'no-hubs' : unread === 0 ? 'ok' : unread === hubs.length ? 'failing' : 'partly-failing';
    const alive = channels.filter(receivesAlerts).length;
    checks['channels'] =
      alive === 0 ? 'none' : channels.some((channel) => channel.goneAt !== undefined) ? 'some-gone' : 'ok';
  } catch {
    checks['storage'] = 'unavailable';
  }
  return { status: Object.values(checks).every((value) => value === 'ok') ? 'ok' : 'degraded', checks };
}
