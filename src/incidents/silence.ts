import type { EpochMs } from '../time/time.ts';
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
