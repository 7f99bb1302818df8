import type { Evaluation } from '../detection/evaluation.ts';
import { connectedDevices } from '../metrics/iot-hub-metrics.ts';
import { DAY, iso, MINUTE, type EpochMs, type Span } from '../time/time.ts';
import type { Episode } from './episodes.ts';
import type { Label } from './labels.ts';
import type { RecordedPoint } from './recording.ts';

/** What is drawn of one metric: one column per quarter of an hour. */
export interface Column {
  least: number;
  most: number;
  expected: number;
  lower: number;
  upper: number;
}

/** Collects what a replay says about one hub, so that it can be drawn when the replay is over. */
export interface HubChart {
  readonly metrics: Map<string, Map<EpochMs, Column>>;
  readonly limits: Map<string, number>;
  /** Connected devices by start of bin, as they ended up: what was shown as too few at first is no dip. */
  readonly devices: Map<EpochMs, number>;
}

export const COLUMN_MS = 15 * MINUTE;
const WIDTH = 1_600;
const PANEL = 190;
const LEFT = 90;
const TOP = 46;

export function newHubChart(): HubChart {
  return { metrics: new Map(), limits: new Map(), devices: new Map() };
}

/** Takes what one evaluation saw; a silence shows nothing. */
export function addToChart(chart: HubChart, { metric, settledAt, numbers, signal }: Evaluation): void {
  const { value, lower = Number.NaN, upper = Number.NaN, limit } = numbers;
  // Without a band, what is expected is about something else, such as the day's end.
  const expected = Number.isNaN(lower) ? Number.NaN : (numbers.expected ?? Number.NaN);
  if (settledAt === undefined || value === undefined || signal === 'no-data' || signal === 'telemetry') return;
  let columns = chart.metrics.get(metric);
  if (!columns) chart.metrics.set(metric, (columns = new Map<EpochMs, Column>()));
  const at = Math.floor(settledAt / COLUMN_MS) * COLUMN_MS;
  const column = columns.get(at);
  if (column) {
    column.least = Math.min(column.least, value);
    column.most = Math.max(column.most, value);
  } else columns.set(at, { least: value, most: value, expected, lower, upper });
  if (limit !== undefined && signal === 'quota') chart.limits.set(metric, limit);
}

/** Takes what became readable; a later value for the same bin replaces the earlier one. */
export function addPointToChart(chart: HubChart, { metric, at, value }: RecordedPoint): void {
  if (metric === connectedDevices.metric && value !== null && value >= 0) chart.devices.set(at, value);
}

/** To be called when the replay is over: from now on the chart shows values as they ended up. */
export function finishChart({ metrics, devices }: HubChart): void {
  const columns = metrics.get(connectedDevices.metric);
  const renewed = new Set<Column>();
  for (const [at, value] of devices) {
    const column = columns?.get(Math.floor(at / COLUMN_MS) * COLUMN_MS);
    if (!column) continue;
    const first = !renewed.has(column);
    renewed.add(column);
    column.least = first ? value : Math.min(column.least, value);
    column.most = first ? value : Math.max(column.most, value);
  }
}

/** The series of a hub with their bands, what fired, what was labelled, and maintenance, as an SVG document. */
export function drawHub(
  hub: string,
  chart: HubChart,
  span: Span,
  episodes: readonly Episode[],
  maintenance: readonly Span[],
  labels: readonly Label[],
): string {
  const x = (at: EpochMs): number => LEFT + ((at - span.from) / (span.to - span.from)) * (WIDTH - LEFT - 20);
  const parts: string[] = [];
  let top = TOP;
  for (const [metric, columns] of [...chart.metrics].sort(([a], [b]) => a.localeCompare(b))) {
    const shown = { metric, columns, limit: chart.limits.get(metric), top };
    parts.push(drawPanel(shown, span, x));
    const about = labels.filter((label) => label.metric === metric);
    parts.push(
      drawSpans(
        about.filter(({ expect }) => expect === 'alert'),
        span,
        x,
        top + PANEL - 30,
        6,
        'label',
      ),
    );
    parts.push(drawSpans(maintenance, span, x, top, PANEL - 24, 'aside'));
    const fired = episodes.filter((episode) => episode.metric === metric);
    parts.push(
      drawSpans(
        fired.filter(({ kind }) => kind !== 'nodata'),
        span,
        x,
        top,
        7,
        'fired',
      ),
    );
    parts.push(
      drawSpans(
        fired.filter(({ kind }) => kind === 'nodata'),
        span,
        x,
        top + 8,
        4,
        'absent',
      ),
    );
    top += PANEL;
  }
  const height = top + 30;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="sans-serif" font-size="12">`,
    `<style>.line{fill:none;stroke:#1f5fa8;stroke-width:1}.band{fill:#9cc3ea;fill-opacity:.45}.limit{stroke:#b00020;stroke-dasharray:5 4}.fired{fill:#d13438}.absent{fill:#8a8886}.label{fill:#e3a008}.aside{fill:#000;fill-opacity:.08}.axis{stroke:#c8c6c4}.quiet{fill:#605e5c}</style>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${String(LEFT)}" y="20" font-size="16">${escaped(hub)}</text>`,
    `<text x="${String(LEFT)}" y="37" class="quiet">red: incident notified · grey: data missing · amber: labelled incident · shaded: maintenance · blue band: usual</text>`,
    ...parts,
    drawDays(span, x, top),
    '</svg>',
    '',
  ].join('\n');
}

interface Panel {
  readonly metric: string;
  readonly columns: ReadonlyMap<EpochMs, Column>;
  readonly limit: number | undefined;
  readonly top: number;
}

function drawPanel({ metric, columns, limit, top }: Panel, span: Span, x: (at: EpochMs) => number): string {
  const known = [...columns].filter(([at]) => at >= span.from && at < span.to).sort(([a], [b]) => a - b);
  const uppers = known.map(([, { upper }]) => upper).filter((upper) => Number.isFinite(upper));
  const highest = quantile(uppers, 0.98);
  const most = Math.max(1, ...known.map(([, column]) => column.most), limit ?? 0, highest);
  const bottom = top + PANEL - 24;
  const y = (value: number): number => bottom - (Math.min(value, most) / most) * (PANEL - 50);
  const line: string[] = [];
  const band: string[] = [];
  let before = Number.NEGATIVE_INFINITY;
  let run: [EpochMs, Column][] = [];
  const closeBand = (): void => {
    const points = run.filter(([, { lower, upper }]) => Number.isFinite(lower) && Number.isFinite(upper));
    if (points.length > 1)
      band.push(
        `M${points.map(([at, { upper }]) => `${x(at).toFixed(1)},${y(upper).toFixed(1)}`).join('L')}L${points
          .toReversed()
          .map(([at, { lower }]) => `${x(at).toFixed(1)},${y(lower).toFixed(1)}`)
          .join('L')}Z`,
      );
    run = [];
  };
  for (const [at, column] of known) {
    const gap = at - before > 2 * COLUMN_MS;
    if (gap) closeBand();
    line.push(`${gap ? 'M' : 'L'}${x(at).toFixed(1)},${y(column.most).toFixed(1)}`);
    if (column.least < column.most) line.push(`L${x(at).toFixed(1)},${y(column.least).toFixed(1)}`);
    run.push([at, column]);
    before = at;
  }
  closeBand();
  return [
    `<text x="${String(LEFT)}" y="${String(top + 22)}" class="quiet">${escaped(metric)}</text>`,
    `<text x="${String(LEFT - 6)}" y="${y(most).toFixed(1)}" text-anchor="end" class="quiet">${short(most)}</text>`,
    `<text x="${String(LEFT - 6)}" y="${String(bottom)}" text-anchor="end" class="quiet">0</text>`,
    `<line x1="${String(LEFT)}" x2="${String(WIDTH - 20)}" y1="${String(bottom)}" y2="${String(bottom)}" class="axis"/>`,
    ...band.map((path) => `<path class="band" d="${path}"/>`),
    ...(limit === undefined
      ? []
      : [
          `<line x1="${String(LEFT)}" x2="${String(WIDTH - 20)}" y1="${y(limit).toFixed(1)}" y2="${y(limit).toFixed(1)}" class="limit"/>`,
        ]),
    `<path class="line" d="${line.join('')}"/>`,
  ].join('\n');
}

function drawSpans(
  spans: readonly { readonly from: EpochMs; readonly to: EpochMs | undefined }[],
  within: Span,
  x: (at: EpochMs) => number,
  y: number,
  height: number,
  style: string,
): string {
  return spans
    .map(({ from, to }) => {
      const [start, end] = [x(Math.max(from, within.from)), x(Math.min(to ?? within.to, within.to))];
      return `<rect class="${style}" x="${start.toFixed(1)}" y="${String(y)}" width="${Math.max(1.5, end - start).toFixed(1)}" height="${String(height)}"/>`;
    })
    .join('\n');
}

function drawDays(span: Span, x: (at: EpochMs) => number, y: number): string {
  const marks: string[] = [];
  const everyDays = Math.max(1, Math.round((span.to - span.from) / DAY / 14));
  for (let at = Math.ceil(span.from / DAY) * DAY; at < span.to; at += everyDays * DAY)
    marks.push(`<text x="${x(at).toFixed(1)}" y="${String(y + 8)}" class="quiet">${iso(at).slice(5, 10)}</text>`);
  return marks.join('\n');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  return value >= 1e3 ? `${(value / 1e3).toPrecision(3)} k` : value.toPrecision(3);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
