import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { answer } from '../../src/cli/answer.ts';

/** Runs the command over parts of input, as a pipe delivers them. */
async function answers(...parts: readonly (string | Uint8Array)[]): Promise<{ lines: unknown[]; err: string }> {
  let out = '';
  let err = '';
  const code = await answer(['--jsonl'], {
    stdout: { write: (written) => (out += written) },
    stderr: { write: (written) => (err += written) },
    stdin: (async function* () {
      for (const part of parts) yield await Promise.resolve(part);
    })(),
  });
  expect(code).toBe(0);
  return {
    lines:
      out === ''
        ? []
        : out
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown),
    err,
  };
}
const question = (id: string | number, asked: string, lang: unknown = 'en'): string =>
  `${JSON.stringify({ id, text: asked, lang })}\n`;

describe('answer --jsonl', () => {
  it('answers line by line, in order', async () => {
    const { lines, err } = await answers(
      question('a', 'what is 429 001'),
      question('b', 'C’est quoi 404-104 ?', 'fr'),
      question('c', '401003 then 404104'),
      question('d', '429777'),
      question('e', 'my api answers HTTP 500'),
      question('f', 'hello'),
      question(7, 'IotHubThrottledException', null),
    );
    expect(lines).toEqual([
      { id: 'a', codes: ['429001'] },
      { id: 'b', codes: ['404104'] },
      { id: 'c', codes: ['401003', '404104'] },
      { id: 'd', codes: ['429xxx'] },
      { id: 'e', codes: ['500'] },
      { id: 'f', codes: [] },
      { id: 7, codes: ['429001'] },
    ]);
    expect(err).toBe('');
  });

  it('keeps its line for what is no question, and says why', async () => {
    const { lines, err } = await answers(
      'not json\n',
      '[1]\n',
      '{"id":"x"}\n',
      '{"id":null,"text":"429001"}\n',
      'null\n',
      '\n',
      question('z', '429001', 12),
    );
    expect(lines).toEqual([
      { id: null, codes: [] },
      { id: null, codes: [] },
      { id: 'x', codes: [] },
      { id: null, codes: [] },
      { id: null, codes: [] },
      { id: 'z', codes: ['429001'] },
    ]);
    expect(err.split('\n').map((line) => line.replace(/:.*/, ''))).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
      'line 5',
      '',
    ]);
    expect(err).toContain('line 1: not JSON');
    expect(err).toMatch(/line 3: text: /);
  });

  it('answers about what every object of JavaScript has, and goes on', async () => {
    const { lines, err } = await answers(
      question('a', 'class constructor cannot be invoked, error 404104'),
      question('b', 'constructor __proto__ toString'),
      question('c', '429001'),
    );
    expect(lines).toEqual([
      { id: 'a', codes: ['404104'] },
      { id: 'b', codes: [] },
      { id: 'c', codes: ['429001'] },
    ]);
    expect(err).toBe('');
  });

  it('reads lines however they are cut, with and without their end', async () => {
    const bytes = Buffer.from(
      `\ufeff${question('é', 'qu’est-ce que 404104').replace('\n', '\r\n')}${question('b', '429001').trim()}`,
    );
    const { lines } = await answers(...[...bytes].map((byte) => Uint8Array.of(byte)));
    expect(lines).toEqual([
      { id: 'é', codes: ['404104'] },
      { id: 'b', codes: ['429001'] },
    ]);
    expect((await answers('')).lines).toEqual([]);
  });

  it('takes a hundred kilobytes in a line', async () => {
    const log = 'INFO device-7 telemetry sent, took 31 ms\\n'.repeat(2_300);
    const { lines } = await answers(question('long', `${log} 403002`), question('x', '4'.repeat(100_000)));
    expect(lines).toEqual([
      { id: 'long', codes: ['403002'] },
      { id: 'x', codes: [] },
    ]);
  });

  it('refuses other arguments', async () => {
    let err = '';
    const io = {
      stdout: { write: () => true },
      stderr: { write: (written: string) => (err += written) },
      stdin: (async function* () {})(),
    };
    expect(await answer([], io)).toBe(2);
    expect(err).toMatch(/^Usage: npm run --silent hubwatch -- answer --jsonl/);
  });

  it('answers thousands of lines as a program of its own', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), 'answer', '--jsonl']);
    child.stdin.end(
      Array.from({ length: 3_000 }, (_, i) => question(i, `error ${i % 2 ? '404104' : '429001'}`)).join(''),
    );
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const lines = out.trimEnd().split('\n');
    expect(child.exitCode).toBe(0);
    expect(lines).toHaveLength(3_000);
    expect(lines.at(-1)).toBe('{"id":2999,"codes":["404104"]}');
  });
});
