import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { iso } from '../time/time.ts';
import type { Label } from './labels.ts';
import type { RecordedHub, RecordedPoint } from './recording.ts';

/** Writes a recording folder: `hubs.json`, `points.jsonl`, and `labels.jsonl` if there are labels. */
export async function writeRecording(
  folder: string,
  hubs: readonly RecordedHub[],
  points: Iterable<RecordedPoint>,
  labels: readonly Label[] = [],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'hubs.json'), `${JSON.stringify(hubs.map(hubEntry), undefined, 2)}\n`);
  await pipeline(
    function* () {
      for (const point of points) yield `${pointLine(point)}\n`;
    },
    createWriteStream(join(folder, 'points.jsonl')),
  );
  if (labels.length > 0)
    await writeFile(join(folder, 'labels.jsonl'), labels.map((label) => `${labelLine(label)}\n`).join(''));
}

function hubEntry({ hub, id, tags, region, sku, units, quotaPerDay, grainMs, maintenance }: RecordedHub): unknown {
  return {
    hub,
    ...(id === undefined ? {} : { id }),
    ...(tags === undefined ? {} : { tags }),
    region,
    sku,
    units,
    ...(quotaPerDay === undefined ? {} : { quotaPerDay }),
    grainSeconds: grainMs / 1_000,
    maintenance: maintenance.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
  };
}

function pointLine({ hub, metric, at, value, readableAt }: RecordedPoint): string {
  return JSON.stringify({ hub, metric, at: iso(at), value, readableAt: iso(readableAt) });
}

function labelLine({ hub, metric, kind, from, to, expect, visibleAt }: Label): string {
  const seen = visibleAt === undefined || visibleAt === from ? {} : { visibleAt: iso(visibleAt) };
  return JSON.stringify({ hub, metric, kind, from: iso(from), to: iso(to), expect, ...seen });
}
