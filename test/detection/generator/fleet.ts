import { between, chance, pick, scaleBetween, whole, type Random } from './random.ts';

/** How many of a fleet's devices are connected over the day and the week, as a share of the fleet. */
export type Shape = (localHour: number, weekday: number, holiday: boolean) => number;

export const fleetKinds = [
  'always-on',
  'office',
  'evening',
  'commute',
  'shifts',
  'solar',
  'two-zones',
  'weekend',
  'night-silent',
  'wavy',
  'batch',
] as const;
export type FleetKind = (typeof fleetKinds)[number];

const gauss = (hour: number, at: number, width: number): number => {
  const apart = Math.min(Math.abs(hour - at), 24 - Math.abs(hour - at));
  return Math.exp(-((apart / width) ** 2) / 2);
};
const step = (hour: number, at: number, width: number): number => 1 / (1 + Math.exp(-(hour - at) / width));

export function shapeOf(kind: FleetKind, random: Random): Shape {
  const rest = between(random, 0.15, 0.7);
  const night = between(random, 0.05, 0.6);
  const opens = between(random, 6, 9);
  const closes = opens + between(random, 8, 12);
  const steep = between(random, 0.15, 0.8);
  const isRest = (weekday: number, holiday: boolean): boolean => holiday || weekday === 0 || weekday === 6;
  switch (kind) {
    case 'always-on':
      return () => between(() => 0.95, 0, 1);
    case 'office':
      return (hour, weekday, holiday) => {
        const open = step(hour, opens, steep) * (1 - step(hour, closes, steep));
        return night + (1 - night) * open * (isRest(weekday, holiday) ? rest * 0.5 : 1);
      };
    case 'evening':
      return (hour, weekday, holiday) =>
        night +
        (1 - night) *
          Math.min(1, gauss(hour, 20.5, 2.6) + (isRest(weekday, holiday) ? 0.45 : 0.2) * gauss(hour, 13, 4));
    case 'commute':
      return (hour, weekday, holiday) =>
        0.1 +
        0.9 *
          (isRest(weekday, holiday)
            ? rest * gauss(hour, 14, 4)
            : Math.min(1, gauss(hour, 8, 1.2) + gauss(hour, 17.5, 1.6) + 0.3 * gauss(hour, 13, 3)));
    case 'shifts':
      return (hour, weekday, holiday) => {
        const change = [6, 14, 22].reduce((sum, at) => sum + gauss(hour, at, 0.2), 0);
        return (isRest(weekday, holiday) ? rest : 0.9) * (1 - 0.18 * change);
      };
    case 'solar':
      return (hour) => 0.03 + 0.95 * step(hour, 6.5, 0.35) * (1 - step(hour, 19, 0.35));
    case 'two-zones':
      return (hour, weekday, holiday) =>
        night +
        (1 - night) *
          (0.6 * step(hour, opens, steep) * (1 - step(hour, closes, steep)) +
            0.4 * step((hour + 15) % 24, opens, steep) * (1 - step((hour + 15) % 24, closes, steep))) *
          (isRest(weekday, holiday) ? rest : 1);
    case 'weekend':
      return (hour, weekday, holiday) => 0.3 + 0.7 * (isRest(weekday, holiday) ? 1 : rest) * gauss(hour, 16, 4.5);
    case 'night-silent':
      return (hour) => step(hour, opens, steep) * (1 - step(hour, closes, steep));
    case 'wavy':
      return (hour) => 0.8 + 0.15 * Math.sin((hour / 24) * 2 * Math.PI) + 0.05 * Math.sin((hour / 6) * 2 * Math.PI);
    case 'batch':
      return (hour) => 0.45 + 0.5 * (hour % 1 < 0.28 ? 1 : 0) * (hour > 5 && hour < 23 ? 1 : 0.4);
  }
}

/** Everything about a fleet that does not change by event. */
export interface Fleet {
  readonly kind: FleetKind;
  readonly shape: Shape;
  readonly devices: number;
  /** Hours that local time is ahead of UTC before a clock change. */
  readonly zone: number;
  /** Noise: of each minute, autocorrelated, wandering over hours, from day to day (all proportional), and in devices. */
  readonly minuteNoise: number;
  readonly correlated: { readonly size: number; readonly memory: number };
  readonly wander: { readonly size: number; readonly hours: number };
  readonly dayNoise: number;
  readonly deviceNoise: number;
  /** Share of the fleet that drops and returns at each token renewal, how long, and which minute of the hour. */
  readonly renewal: { readonly share: number; readonly minutes: number; readonly at: number };
  /** Growth per day. */
  readonly growth: number;
}

export function fleetOf(random: Random): Fleet {
  const kind = pick(random, fleetKinds);
  const devices = Math.round(chance(random, 0.25) ? scaleBetween(random, 20, 200) : scaleBetween(random, 200, 100_000));
  const rough = chance(random, 0.2) ? 2 : 1;
  return {
    kind,
    shape: shapeOf(kind, random),
    devices,
    zone: pick(random, [0, 0, 1, 2, -5, -8, 5.5, 9]),
    minuteNoise: scaleBetween(random, 0.001, 0.01) * rough,
    correlated: { size: scaleBetween(random, 0.001, 0.012) * rough, memory: between(random, 0.8, 0.99) },
    wander: { size: scaleBetween(random, 0.001, 0.012) * rough, hours: scaleBetween(random, 1, 16) },
    dayNoise: scaleBetween(random, 0.001, 0.02) * rough,
    deviceNoise: chance(random, 0.3) ? between(random, 0.5, 2) : 0,
    renewal: chance(random, 0.35)
      ? { share: between(random, 0.04, 0.15), minutes: whole(random, 2, 12), at: whole(random, 0, 59) }
      : { share: 0, minutes: 0, at: 0 },
    growth: pick(random, [0, 0, 0, 0.001, 0.003, 0.008, -0.001, -0.003]),
  };
}
