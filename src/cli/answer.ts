import * as z from 'zod';
import { namedLanguage } from '../bot/named-language.ts';
import { codesOf, understand } from '../catalog/understand/understand.ts';
import type { Io } from './io.ts';

const usage = 'Usage: npm run --silent hubwatch -- answer --jsonl < questions.jsonl\n';
/** A line beyond this is not read to its end. */
const maxLine = 4 * 1024 * 1024;

const question = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

/**
 * Answers questions line by line: `{"id","text","lang"}` becomes `{"id","codes":[…]}`, in the same order; `id` is `null`
 * where the line has none. A line that is no question has no codes, is named on standard error and stops nothing.
 * Exit code 0; 2 for bad arguments.
 */
export async function answer(args: readonly string[], io: Io): Promise<number> {
  if (args.length !== 1 || args[0] !== '--jsonl') {
    io.stderr.write(usage);
    return 2;
  }
  let number = 0;
  for await (const line of linesOf(io.stdin)) {
    number++;
    if (line.trim() === '') continue;
    const { id, codes, fault } = answered(line);
    if (fault !== undefined) io.stderr.write(`line ${String(number)}: ${fault}\n`);
    io.stdout.write(`${JSON.stringify({ id, codes })}\n`);
  }
  return 0;
}

interface Answered {
  readonly id: string | number | null;
  readonly codes: readonly string[];
  readonly fault?: string;
}

function answered(line: string): Answered {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, codes: [], fault: 'not JSON' };
  }
  const parsed = question.safeParse(value);
  if (parsed.success) {
    const { id, text } = parsed.data;
    try {
      return { id, codes: codesFor(text) };
    } catch (error) {
      // A fault of ours, found by this one line; the others still have their answers.
      return { id, codes: [], fault: `cannot be answered (${error instanceof Error ? error.message : String(error)})` };
    }
  }
  const [issue] = parsed.error.issues;
  const fault = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : 'no question';
  return { id: idOf(value), codes: [], fault };
}

function idOf(value: unknown): string | number | null {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function codesFor(text: string): readonly string[] {
  return codesOf(understand(namedLanguage(text).rest));
}

/** The lines of a stream of text or UTF-8 bytes, without their ends; a byte-order mark is dropped. */
async function* linesOf(input: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of input) {
    rest += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLine) rest = rest.slice(0, maxLine);
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
