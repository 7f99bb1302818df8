import * as z from 'zod';
import { namedLanguage } from '../bot/named-language.ts';
import { codesOf, understand } from '../catalog/understand/understand.ts';
import type { Io } from './io.ts';

const usage = 'Usage: npm run --silent hubwatch -- answer --jsonl < questions.jsonl\n';
/** A line beyond this is not read to its end. */
const maxLine = 4 * 1024 * 1024;

const question = z.object({ id: z.union([z.string(), z.number()]), text: z.string(), lang: z.string().nullish() });

/**
 * Answers questions line by line: `{"id","text","lang"}` becomes `{"id","codes":[…]}`, in the same order. A line that is
 * no question gets an `error` and stops nothing.
 */
export async function answer(args: readonly string[], io: Io): Promise<number> {
  if (args.length !== 1 || args[0] !== '--jsonl') {
    io.stderr.write(usage);
    return 2;
  }
  for await (const line of linesOf(io.stdin))
    if (line.trim() !== '') io.stdout.write(`${JSON.stringify(answered(line))}\n`);
  return 0;
}

function answered(line: string): { id: string | number | null; codes: readonly string[]; error?: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, codes: [], error: 'not JSON' };
  }
  const parsed = question.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const error = issue ? `${issue.path.join('.') || 'line'}: ${issue.message}` : 'no question';
    return { id: idOf(value), codes: [], error };
  }
  const { id, text } = parsed.data;
  return { id, codes: codesFor(text) };
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
