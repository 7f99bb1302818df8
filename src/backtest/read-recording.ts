import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { labelSchema, type Label } from './labels.ts';
import { hubsFileSchema, parsePoint, type RecordedHub, type RecordedPoint } from './recording.ts';

/** What is wrong with a recording, in words for the person who made it. */
export class RecordingFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RecordingFault';
  }
}

/** The hubs of a recording. @throws {RecordingFault} if `hubs.json` is not there or not what it should be */
export async function readHubs(folder: string): Promise<readonly RecordedHub[]> {
  const path = join(folder, 'hubs.json');
  const parsed = hubsFileSchema.safeParse(await jsonOf(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RecordingFault(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a list of hubs'}`);
}

async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RecordingFault(`${path} is not JSON: ${error.message}`);
    if (isMissing(error)) throw new RecordingFault(`${path} does not exist`);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The lines of `points.jsonl`, one at a time, however long the file is; `onDamage` is told of lines that are none. */
export async function* readPoints(
  folder: string,
  onDamage: (line: number) => void,
): AsyncGenerator<RecordedPoint, void, undefined> {
  yield* linesOf(join(folder, 'points.jsonl'), parsePoint, onDamage);
}

export async function readLabels(path: string, onDamage: (line: number) => void): Promise<readonly Label[]> {
  const labels: Label[] = [];
  const parse = (line: string): Label | undefined => {
    try {
      const parsed = labelSchema.safeParse(JSON.parse(line));
      return parsed.success ? parsed.data : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  for await (const label of linesOf(path, parse, onDamage)) labels.push(label);
  return labels;
}

async function* linesOf<Item>(
  path: string,
  parse: (line: string) => Item | undefined,
  onDamage: (line: number) => void,
): AsyncGenerator<Item, void, undefined> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      const item = parse(line);
      if (item === undefined) onDamage(number);
      else yield item;
    }
  } catch (error) {
    if (isMissing(error)) throw new RecordingFault(`${path} does not exist`);
    throw error;
  }
}
