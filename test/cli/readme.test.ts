import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const examples = [
  ...(/```console\n([^]*?)```/.exec(readme)?.[1] ?? '').matchAll(
    /^\$ npm run --silent hubwatch -- explain "([^"]*)"\n([^]*?)(?=^\$ |$(?![^]))/gm,
  ),
].map(([, question = '', answer = '']) => ({ question, answer: answer.trimEnd() }));

it('has three questions', () => {
  expect(examples).toHaveLength(3);
});

it.each(examples)('answers $question as the README shows', async ({ question, answer }) => {
  let out = '';
  await main(['explain', question], {
    stdout: { write: (text) => (out += text) },
    stderr: { write: () => true },
    stdin: (async function* () {})(),
  });
  // Three dots stand for lines that are left out.
  let from = 0;
  for (const part of answer.split(/^…$/m).map((one) => one.trim())) {
    const at = out.indexOf(part, from);
    expect(at, part).toBeGreaterThanOrEqual(0);
    from = at + part.length;
  }
});
