import { startReplay } from '../src/backtest/replay.ts';
import { score, type Score } from '../src/backtest/score.ts';
import type { Alert } from '../src/backtest/alert.ts';
import type { Label } from '../src/backtest/labels.ts';
import { emptyRulesFile, rulesFor } from '../src/detection/resolve-rules.ts';
import { generate } from '../test/detection/generator/generate.ts';

const args = new Map(process.argv.slice(2).map((arg) => arg.replace(/^--/, '').split('=') as [string, string]));
const [first = 1, last = 20] = (args.get('seeds') ?? '1-20').split('-').map(Number);
const grainMs = Number(args.get('grain') ?? 300) * 1000;
const weeks = Number(args.get('weeks') ?? 4);
const verbose = args.has('verbose');
const iso = (at: number): string => new Date(at).toISOString().slice(5, 16);

const alerts: Alert[] = [];
const labels: Label[] = [];
let hubWeeks = 0;
let evaluations = 0;
let cpu = 0;
for (let seed = first; seed <= last; seed += 1) {
  const recording = generate(seed, grainMs, weeks);
  const mine: Alert[] = [];
  const started = process.cpuUsage();
  const replay = startReplay(
    [recording.hub],
    () => rulesFor(emptyRulesFile, { id: '', name: '', region: '', tags: {} }).filter((r) => r.detector !== 'metric'),
    { onAlert: (alert) => mine.push(alert), onEvaluation: () => (evaluations += 1) },
  );
  for (const point of recording.points) replay.take(point);
  replay.finish();
  cpu += process.cpuUsage(started).user;
  alerts.push(...mine);
  labels.push(...recording.labels);
  hubWeeks += weeks;
  if (verbose) {
    const { fleet } = recording.story;
    const s = score(mine, recording.labels);
    console.log(
      `-- ${recording.hub.hub} ${fleet.kind} n=${fleet.devices} zone=${fleet.zone} growth=${fleet.growth} noise min=${fleet.minuteNoise.toFixed(4)} corr=${fleet.correlated.size.toFixed(4)}/${fleet.correlated.memory.toFixed(2)} wander=${fleet.wander.size.toFixed(4)}/${fleet.wander.hours.toFixed(1)}h day=${fleet.dayNoise.toFixed(4)} renew=${fleet.renewal.share.toFixed(2)} from ${iso(recording.story.span.from)} DST=${Number.isFinite(recording.story.clockChangeAt)} hol=${recording.story.holidays.map((d) => iso(d * 86400000).slice(0, 5)).join()}`,
    );
    for (const alert of s.falseAlerts)
      console.log(
        `   FALSE ${iso(alert.at)} ${alert.metric.slice(0, 28)} ${alert.kind} ${JSON.stringify(alert.evaluation.numbers, (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v))}`,
      );
    for (const miss of s.missed) {
      const event = recording.story.devices.find(
        (e) => e.kind === miss.kind && e.from <= miss.from && miss.from < e.to,
      );
      console.log(
        `   MISS  ${iso(miss.from)}..${iso(miss.to)} ${miss.metric.slice(0, 28)} ${miss.kind} share=${event?.share.toFixed(3)}`,
      );
    }
    if (args.has('all'))
      for (const a of mine) console.log(`     ${iso(a.at)} ${a.metric.slice(0, 28)} ${a.kind} ${a.transition}`);
  }
}
print(score(alerts, labels));

function print(s: Score): void {
  const precision = s.right / (s.right + s.falseAlerts.length);
  const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
  console.log(
    `recall ${((100 * s.found) / s.incidents).toFixed(1)} % (${s.found}/${s.incidents})  precision ${(100 * precision).toFixed(1)} %  false/hub-week ${(s.falseAlerts.length / hubWeeks).toFixed(3)} (${s.falseAlerts.length} in ${hubWeeks})  repeats ${s.repeats.length}  nodata ${s.noDataNotices} (false ${s.falseNoData.length})  ${((cpu / evaluations) * 1).toFixed(1)} us/eval`,
  );
  for (const [kind, { found, of }] of [...s.foundByKind].sort())
    console.log(
      `  ${kind.padEnd(20)} ${found}/${of}  delay median ${(median(s.delays.get(kind) ?? []) / 60000).toFixed(0)} min`,
    );
  const by = new Map<string, number>();
  for (const a of s.falseAlerts) by.set(`${a.metric} ${a.kind}`, (by.get(`${a.metric} ${a.kind}`) ?? 0) + 1);
  const again = new Map<string, number>();
  for (const { alert, label } of s.repeats) {
    const key = `${label.kind}: ${alert.kind}`;
    again.set(key, (again.get(key) ?? 0) + 1);
  }
  for (const [k, n] of again) console.log(`  repeat: ${k} ${n}`);
  for (const [k, n] of by) console.log(`  false: ${k} ${n}`);
}
