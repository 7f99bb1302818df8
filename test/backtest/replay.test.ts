import { describe, expect, it } from 'vitest';
import { alertLine, type Alert } from '../../src/backtest/alert.ts';
import { backtestHub } from '../../src/backtest/backtest-hub.ts';
import { difference, episodesOf, flapsIn } from '../../src/backtest/episodes.ts';
import type { Label } from '../../src/backtest/labels.ts';
import type { RecordedHub, RecordedPoint } from '../../src/backtest/recording.ts';
import { startReplay } from '../../src/backtest/replay.ts';
import { runBacktest } from '../../src/backtest/run-backtest.ts';
import { score } from '../../src/backtest/score.ts';
import type { DetectorState } from '../../src/detection/evaluate-rule.ts';
import { emptyRulesFile, rulesFor } from '../../src/detection/resolve-rules.ts';
import type { RulesFile } from '../../src/detection/rules.ts';
import { readPicture, readState, storedPicture, storedState } from '../../src/detection/stored/stored-state.ts';
import { DAY, HOUR, iso, MINUTE, type EpochMs } from '../../src/time/time.ts';
import { devices, monday, noise, refused } from '../detection/series.ts';

const hub: RecordedHub = {
  hub: 'north',
  region: 'westeurope',
  sku: 'S1',
  units: 2,
  quotaPerDay: undefined,
  grainMs: 5 * MINUTE,
  maintenance: [],
};
const rules = rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} });
const outage = monday + 9 * DAY + 11 * HOUR;
const to = monday + 10 * DAY;

function recorded(
  change: (value: number, at: EpochMs) => number | null = (value) => value,
  name = hub.hub,
): RecordedPoint[] {
  const points: RecordedPoint[] = [];
  for (let at = monday; at < to; at += hub.grainMs) {
    const usual = Math.round(500 * (1 + 0.3 * Math.sin((2 * Math.PI * at) / DAY)) + 3 * noise(at / MINUTE));
    const value = at >= outage && at < outage + 2 * HOUR ? 40 + Math.round(5 * noise(at / MINUTE)) : usual;
    const readableAt = at + hub.grainMs + 2 * MINUTE;
    points.push({ hub: name, metric: devices, at, value: change(value, at), readableAt });
    points.push({ hub: name, metric: refused, at, value: 0, readableAt });
  }
  return points;
}

function alertsOf(
  points: readonly RecordedPoint[],
  hubs = [hub],
  between?: (state: DetectorState) => DetectorState | undefined,
): Alert[] {
  const alerts: Alert[] = [];
  const replay = startReplay(hubs, () => rules, {
    onAlert: (alert) => alerts.push(alert),
    ...(between ? { between } : {}),
  });
  for (const point of points) replay.take(point);
  replay.finish();
  return alerts;
}

const lines = (alerts: readonly Alert[]): string[] => alerts.map(alertLine);

describe('the rules of a file', () => {
  const told = async (file: RulesFile): Promise<number> => {
    const labelled = { ...hub, id: '/subscriptions/s/iothubs/h', tags: { env: 'test' } };
    const source = { hubs: [labelled], points: () => recorded(), reportFrom: monday };
    return (await runBacktest(source, file, false)).alerts.length;
  };
  const off = { 'connected-devices': { enabled: false } } as const;
  const around = { from: iso(outage - HOUR), to: iso(outage + 4 * HOUR) };

  it.each<{ what: string; file: RulesFile; alerts: number }>([
    { what: 'nothing said', file: { version: 1 }, alerts: 2 },
    { what: 'maintenance', file: { version: 1, maintenance: [around] }, alerts: 0 },
    {
      what: 'maintenance of other hubs',
      file: { version: 1, maintenance: [{ ...around, hubs: { tags: { env: 'live' } } }] },
      alerts: 2,
    },
    {
      what: 'an override by tag',
      file: { version: 1, overrides: [{ hubs: { tags: { env: 'test' } }, rules: off }] },
      alerts: 0,
    },
    {
      what: 'an override by resource id',
      file: { version: 1, overrides: [{ hubs: { hub: '/subscriptions/s/iotHubs/h' }, rules: off }] },
      alerts: 0,
    },
  ])('count in a backtest as in production: $what', async ({ file, alerts }) => {
    expect(await told(file)).toBe(alerts);
  });
});

describe('a replay', () => {
  it('tells an outage once, and that it is over', () => {
    const alerts = alertsOf(recorded());
    expect(alerts.map(({ metric, kind, transition }) => [metric, kind, transition])).toEqual([
      [devices, 'sudden-drop', 'firing'],
      [devices, 'sudden-drop', 'resolved'],
    ]);
    expect((alerts[0]?.at ?? Infinity) - outage).toBeLessThan(20 * MINUTE);
  });

  it('is the same when every state goes through its stored text', () => {
    const stored = (state: DetectorState): DetectorState | undefined =>
      readState(storedState(state), readPicture(state.detector, storedPicture(state) ?? ''));
    const last = recorded().filter(({ at }) => at >= monday + 8 * DAY);
    expect(lines(alertsOf(last, [hub], stored))).toEqual(lines(alertsOf(last)));
  });

  it('of points that were shown as too few at first, and corrected, tells nothing more', () => {
    const points = recorded().flatMap((point, i) =>
      point.metric === devices && i % 9 < 2 && point.value !== null
        ? [
            { ...point, value: Math.floor(point.value * 0.4) },
            { ...point, readableAt: point.readableAt + MINUTE },
          ]
        : [point],
    );
    const sorted = points.sort((a, b) => a.readableAt - b.readableAt);
    expect(alertsOf(sorted).filter(({ at }) => at < outage)).toEqual([]);
  });

  it('leaves out hubs that nobody listed, and points of no hub change nothing', () => {
    const stranger = recorded(() => 0, 'stranger');
    const mixed = [...recorded(), ...stranger].sort((a, b) => a.readableAt - b.readableAt);
    expect(lines(alertsOf(mixed))).toEqual(lines(alertsOf(recorded())));
  });

  it('of a hub in maintenance tells nothing', () => {
    const aside = { ...hub, maintenance: [{ from: outage - MINUTE, to: outage + 3 * HOUR }] };
    expect(alertsOf(recorded(), [aside])).toEqual([]);
  });

  it('of a hub that falls silent tells missing data, by the clock', () => {
    const silent = recorded().filter(({ at }) => at < outage || at > outage + 3 * HOUR);
    expect(alertsOf(silent).map(({ kind, transition }) => [kind, transition])).toEqual([
      ['nodata', 'firing'],
      ['nodata', 'resolved'],
    ]);
  });
});

describe('a backtest of one hub', async () => {
  const span = { from: monday + 3 * DAY, to };
  const { episodes, picture } = await backtestHub({ hub, rules, points: recorded(), span });

  it('gives its episodes', () => {
    expect(episodes).toMatchObject([{ hub: 'north', metric: devices, kind: 'sudden-drop' }]);
  });

  it('and a picture of at most 120 bins in which a dip of two hours is still seen', () => {
    expect(picture?.values.length).toBeLessThanOrEqual(120);
    expect(picture?.values.length).toBeGreaterThan(60);
    expect((picture?.from ?? 0) + (picture?.values.length ?? 0) * (picture?.grainMs ?? 0)).toBeGreaterThanOrEqual(to);
    const dip = Math.floor((outage + HOUR - (picture?.from ?? 0)) / (picture?.grainMs ?? 1));
    expect(picture?.values[dip]).toBeLessThanOrEqual(45);
    expect(picture?.lower?.[dip]).toBeGreaterThan(100);
  });

  it('has no picture of what was not read', async () => {
    expect((await backtestHub({ hub, rules, points: [], span })).picture).toBeUndefined();
  });
});

const alert = (at: EpochMs, transition: Alert['transition'], kind = 'sudden-drop'): Alert => ({
  hub: 'north',
  metric: devices,
  at,
  kind,
  transition,
  evaluation: {
    rule: '',
    signal: 'connected-devices',
    metric: devices,
    verdict: 'breach',
    reason: kind,
    severity: 'error',
    numbers: {},
  },
});

describe('what is made of notifications', () => {
  it('a line is hub, metric, at, kind and transition, and nothing else', () => {
    expect(alertLine(alert(outage, 'firing'))).toBe(
      '{"hub":"north","metric":"connectedDeviceCount","at":"2026-05-13T11:00:00.000Z","kind":"sudden-drop","transition":"firing"}',
    );
  });

  it('an episode that nobody resolved stands to the end', () => {
    expect(episodesOf([alert(outage, 'firing')])).toMatchObject([{ from: outage, to: undefined }]);
  });

  it('firing again within the hour is a flap', () => {
    const twice = (pause: number): Alert[] => [
      alert(outage, 'firing'),
      alert(outage + HOUR, 'resolved'),
      alert(outage + HOUR + pause, 'firing'),
    ];
    expect(flapsIn(episodesOf(twice(20 * MINUTE)))).toBe(1);
    expect(flapsIn(episodesOf(twice(3 * HOUR)))).toBe(0);
  });

  it('the difference between two sets of rules is what only one of them tells', () => {
    const before = episodesOf([alert(outage, 'firing'), alert(outage + HOUR, 'resolved')]);
    const after = episodesOf([alert(outage + 2 * DAY, 'firing')]);
    expect(difference(before, after)).toMatchObject({ added: after, removed: before });
    expect(difference(before, before)).toEqual({ added: [], removed: [] });
  });

  it('the score counts found, missed, false, repeated and late', () => {
    const label = (from: EpochMs, expect: Label['expect'] = 'alert'): Label => ({
      hub: 'north',
      metric: devices,
      kind: 'cliff',
      from,
      to: from + HOUR,
      expect,
    });
    const labels = [
      label(outage),
      label(outage + DAY),
      label(outage + 2 * DAY, 'either'),
      label(outage + 3 * DAY, 'nodata'),
    ];
    const result = score(
      [
        alert(outage + 10 * MINUTE, 'firing'),
        alert(outage + 40 * MINUTE, 'firing'),
        alert(outage + 2 * DAY, 'firing'),
        alert(outage + 5 * DAY, 'firing'),
        alert(outage + 3 * DAY + MINUTE, 'firing', 'nodata'),
        alert(outage + 8 * DAY, 'firing', 'nodata'),
      ],
      labels,
    );
    expect(result).toMatchObject({ incidents: 2, found: 1, right: 1, noDataNotices: 2 });
    expect([result.repeats.length, result.falseAlerts.length, result.missed.length, result.falseNoData.length]).toEqual(
      [1, 1, 1, 1],
    );
    expect(result.delays.get('cliff')).toEqual([10 * MINUTE]);
  });
});
