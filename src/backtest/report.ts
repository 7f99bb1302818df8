import { DAY, HOUR, iso, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import { flapsIn, type Episode } from './episodes.ts';
import type { Score } from './score.ts';

const WEEK = 7 * DAY;

/** Per hub and week: what would have fired, how long it stood, how often it flapped. */
export function weeksReport(hub: string, span: Span, episodes: readonly Episode[]): string {
  const lines: string[] = [`${hub}  ${day(span.from)} to ${day(span.to)}`];
  for (let from = span.from; from < span.to; from += WEEK) {
    const week = { from, to: Math.min(from + WEEK, span.to) };
    const begun = episodes.filter((episode) => episode.from >= week.from && episode.from < week.to);
    const standing = timeInAlert(episodes, week, span.to);
    lines.push(
      `  week of ${day(from)}  ${count(begun.length, 'incident')}, ${duration(standing)} in alert, ${count(flapsIn(begun), 'flap')}`,
    );
    for (const { from: at, to, kind, metric } of begun) {
      const until = to === undefined ? 'still standing at the end' : duration(to - at);
      lines.push(`    ${iso(at).slice(0, 16)}Z  ${kind}  ${metric}  ${until}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function timeInAlert(episodes: readonly Episode[], week: Span, end: EpochMs): number {
  const spans = episodes
    .map(({ from, to }) => ({ from: Math.max(from, week.from), to: Math.min(to ?? end, week.to) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

/** How the notifications compare with the labels. */
export function scoreReport(score: Score, hubWeeks: number): string {
  const told = score.right + score.falseAlerts.length;
  const lines = [
    `incidents found    ${share(score.found, score.incidents)}`,
    `notifications right ${share(score.right, told)}`,
    `false              ${String(score.falseAlerts.length)} (${(score.falseAlerts.length / hubWeeks).toFixed(2)} per hub and week), repeats ${String(score.repeats.length)}`,
    `notices of missing data ${String(score.noDataNotices)}, of them outside every label ${String(score.falseNoData.length)}`,
  ];
  for (const [kind, { found, of }] of [...score.foundByKind].sort(([a], [b]) => a.localeCompare(b))) {
    const delays = [...(score.delays.get(kind) ?? [])].sort((a, b) => a - b);
    const middle = delays[delays.length >> 1];
    lines.push(
      `  ${kind.padEnd(22)} ${share(found, of)}${middle === undefined ? '' : `, median delay ${duration(middle)}`}`,
    );
  }
  for (const { hub, metric, kind, at } of score.falseAlerts)
    lines.push(`  false   ${iso(at).slice(0, 16)}Z  ${hub}  ${kind}  ${metric}`);
  for (const { hub, metric, kind, from } of score.missed)
    lines.push(`  missed  ${iso(from).slice(0, 16)}Z  ${hub}  ${kind}  ${metric}`);
  return `${lines.join('\n')}\n`;
}

/** What other rules would add and remove. */
export function differenceReport({
  added,
  removed,
}: {
  readonly added: readonly Episode[];
  readonly removed: readonly Episode[];
}): string {
  const line = (mark: string, { hub, metric, kind, from }: Episode): string =>
    `  ${mark} ${iso(from).slice(0, 16)}Z  ${hub}  ${kind}  ${metric}`;
  return `${[
    `the other rules add ${count(added.length, 'incident')} and remove ${String(removed.length)}`,
    ...added.map((one) => line('+', one)),
    ...removed.map((one) => line('-', one)),
  ].join('\n')}\n`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '0 of 0' : `${String(part)} of ${String(whole)} (${((100 * part) / whole).toFixed(1)} %)`;
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}

function day(at: EpochMs): string {
  return iso(at).slice(0, 10);
}

function duration(ms: number): string {
  if (ms >= 2 * DAY) return `${(ms / DAY).toFixed(1)} days`;
  return ms >= 2 * HOUR ? `${(ms / HOUR).toFixed(1)} h` : `${String(Math.round(ms / MINUTE))} min`;
}
