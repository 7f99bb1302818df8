import { HOUR, MINUTE, type EpochMs } from '../time/time.ts';
import type { Incident, Person } from './incident.ts';

/** For a while, nobody is notified about what it covers. Cards go on telling the truth. */
export interface Silence {
  readonly id: string;
  /** The fingerprint that it covers. */
  readonly fingerprint: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly by: Person;
}

const snoozeMs = HOUR;

/**
 * The silence that snoozing the incident leads to: an hour from now, or the one that covers it already if that ends
 * within a minute of it, so that pressing again and again edits nobody's card.
 */
export function snoozeOf(
  incident: Pick<Incident, 'fingerprint'>,
  silences: readonly Silence[],
  by: Person,
  now: EpochMs,
): Silence {
  const until = now + snoozeMs;
  const current = silenceOf(silences, incident, now);
  if (current && until - current.until < MINUTE) return current;
  const { fingerprint } = incident;
  return { id: `snooze ${fingerprint}`, fingerprint, from: now, until, by };
}

export function isActive(silence: Silence, now: EpochMs): boolean {
  return silence.from <= now && now < silence.until;
}

export function covers(silence: Silence, incident: Pick<Incident, 'fingerprint'>): boolean {
  return silence.fingerprint === incident.fingerprint;
}

/** The silence over the incident at `now` that ends last, if there is one. */
export function silenceOf(
  silences: readonly Silence[],
  incident: Pick<Incident, 'fingerprint'>,
  now: EpochMs,
): Silence | undefined {
  return silences
    .filter((silence) => isActive(silence, now) && covers(silence, incident))
    .reduce<Silence | undefined>((last, each) => (last && last.until >= each.until ? last : each), undefined);
}
