import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';

async function explain(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await main(['explain', ...args], {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    stdin: (async function* () {})(),
  });
  return { code, ...said };
}
const json = async (...args: readonly string[]): Promise<unknown> =>
  JSON.parse((await explain(...args, '--json')).out) as unknown;

describe('explain', () => {
  it('prints meaning, steps, retry, who acts, causes and the source', async () => {
    const { code, out, err } = await explain('what is 429001?');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^429001 ThrottlingException\n[^]*\nNext steps:\n {2}1\. [^]*\nRetry: [^]*\nWho acts: [^]*\nLikely causes:\n {2}- [^]*\nhttps:\/\/learn\.microsoft\.com\//,
    );
    for (const line of out.split('\n').filter((one) => !one.startsWith('https:')))
      expect(line.length, line).toBeLessThanOrEqual(96);
    expect(out).not.toContain('`');
  });

  it('takes the words of a question together, quoted or not', async () => {
    expect((await explain('what', 'is', '429001?')).out).toBe((await explain('what is 429001?')).out);
  });

  it('answers in French if asked, by option or in the question', async () => {
    const { out } = await explain('404104', '--lang', 'fr');
    expect(out).toContain('Que faire :');
    expect((await explain('404104 in French')).out).toBe(out);
    expect((await explain('404104 en anglais', '--lang', 'fr')).out).toBe((await explain('404104')).out);
  });

  it('tells what several codes mean together', async () => {
    const { out } = await explain('401003 then 404104 then the device is connected again');
    expect(out).toMatch(/^2 errors, in the order in which they appear\n\n401003 IotHubUnauthorized\n/);
    expect(out).toMatch(/\nWhat they mean together:\n401003, then 404104, then a connect: /);
  });

  it('says that it does not know a code, and offers its family', async () => {
    expect((await explain('429777')).out).toMatch(
      /^I do not know 429777\. What holds for every 429xxx code:\n\n429xxx · /,
    );
    expect((await explain('good morning')).out).toMatch(/^I do not know this one\./);
  });

  it('lists other meanings of a description', async () => {
    const { out } = await explain('devices drop every hour and come right back');
    expect(out).toMatch(/\nOr did you mean:\n {2}404104 DeviceConnectionClosedRemotely\n$/);
  });

  it('prints JSON', async () => {
    expect(await json('what is 429001?')).toEqual({
      language: 'en',
      codes: ['429001'],
      answers: [{ key: '429001', title: '429001 ThrottlingException' }],
      confidence: 'certain',
      others: [],
      unknown: [],
    });
    expect(await json('401003 puis 404104 en français')).toMatchObject({
      language: 'fr',
      codes: ['401003', '404104'],
      answers: [{ key: '401003' }, { key: '404104' }],
      together: [expect.stringMatching(/^401003 suivi de 404104 /)],
    });
    expect(await json('429777')).toMatchObject({ codes: ['429xxx'], unknown: ['429777'] });
    expect(await json('good morning')).toEqual({ language: 'en', codes: [], answers: [] });
  });

  it('prints nothing of what was pasted, only what is known', async () => {
    const { out } = await explain('\u001b[31m<at>all</at> 404104 \u202e evil {{x}} `rm`\u0007');
    expect(out).toBe((await explain('404104')).out);
  });

  it.each([
    [[], 'Nothing to explain'],
    [['404104', '--lang', 'de'], '--lang must be en or fr'],
    [['404104', '--loud'], '--loud'],
  ])('refuses %j', async (args, fault) => {
    const { code, out, err } = await explain(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(fault);
    expect(err).toContain('Usage: npm run --silent hubwatch -- explain');
  });
});
