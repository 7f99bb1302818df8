import { describe, expect, it } from 'vitest';
import { combinations } from '../../src/catalog/combinations.ts';
import { codesOf, understand } from '../../src/catalog/understand/understand.ts';

const together = (text: string): readonly string[] =>
  understand(text).together.map(({ combination }) => combination.id);
const meanings = (text: string): readonly string[] => understand(text).together.map(({ meaning }) => meaning.en);

describe('several codes of one text', () => {
  it('are all found, in order, each once', () => {
    const log = [
      '2026-03-02T07:00:01Z device=press-7 DeviceTelemetry 429001 throttled',
      '2026-03-02T07:00:02Z device=press-7 DeviceTelemetry 429001 throttled',
      '2026-03-02T07:00:09Z device=press-9 ErrorCode:IotHubQuotaExceeded;quota',
      '2026-03-02T07:00:10Z device=press-7 404104',
    ].join('\n');
    expect(codesOf(understand(log))).toEqual(['429001', '403002', '404104']);
  });

  it.each(combinations.map(({ id, codes, ordered }) => ({ id, codes, ordered })))(
    '$codes mean $id',
    ({ id, codes, ordered }) => {
      const code = (place: string, not?: string): string => {
        const [one = ''] = place.split('|').filter((alternative) => alternative !== not);
        return one.replace('429xxx', '429005').replace('500xxx', '500301').replace('503xxx', '503101');
      };
      const [first = '', second = ''] = codes;
      const a = code(first);
      const b = code(second, a);
      const swapped = together(`${b}, later ${a}`);
      const straight = together(`${a}, later ${b}`);
      // A cause that stands earlier in the list may take the place of what two codes mean otherwise.
      expect(straight).toHaveLength(1);
      if (ordered) expect(swapped).not.toContain(id);
      else expect(swapped).toEqual(straight);
    },
  );

  it('are a token renewal if the device comes back', () => {
    expect(meanings('401003 then 404104 and then the device is connected again')).toEqual([
      expect.stringMatching(/^401003, then 404104, then a connect: .*nothing has to be repaired/),
    ]);
    expect(meanings('401003 puis 404104 puis reconnexion')).toEqual(meanings('401003 then 404104 then a reconnect'));
    expect(meanings('401003 then 404104 and it never reconnects')).toEqual([
      expect.stringMatching(/^401003 followed by 404104 is mostly /),
    ]);
    expect(together('404104 then 401003')).not.toContain('token-renewal');
  });

  it('are told apart by device', () => {
    const renewal = [
      '07:00:01 {"deviceId":"a","code":401003}',
      '07:00:02 {"deviceId":"b","code":404104}',
      '07:00:03 {"deviceId":"a","code":404104}',
      '07:00:30 {"deviceId":"a","operation":"deviceConnect"}',
    ];
    expect(meanings(renewal.join('\n'))).toEqual([expect.stringContaining('then a connect')]);
    const strangers = ['{"deviceId":"a","code":401003}', '{"deviceId":"b","code":404104}'];
    expect(together(strangers.join('\n'))).toEqual([]);
    expect(codesOf(understand(strangers.join('\n')))).toEqual(['401003', '404104']);
  });

  it('are one story where many devices tell the same', () => {
    const lines = Array.from({ length: 600 }, (_, i) => `press-${String(i % 50)} ${i < 300 ? '401003' : '404104'}`);
    expect(together(lines.join('\n'))).toEqual(['token-renewal']);
    expect(codesOf(understand(lines.join('\n')))).toEqual(['401003', '404104']);
  });

  it('may be several stories in one log', () => {
    const log = ['press-7 401003', 'press-7 404104', 'press-7 deviceConnect', 'press-9 429001', 'press-9 403002'];
    expect(together(log.join('\n'))).toEqual(['token-renewal', 'quota-and-rate']);
  });

  it('across devices mean what concerns the hub', () => {
    expect(together('device=a1 404104\ndevice=a2 500001\ndevice=a3 404104')).toEqual(['hub-side-drop']);
  });

  it('across devices mean nothing where one of them has its own story', () => {
    expect(together('device=a1 401003\ndevice=a1 404104\ndevice=a1 connected\ndevice=a2 429001')).toEqual([
      'token-renewal',
    ]);
  });

  it('of one kind mean nothing together', () => {
    expect(together('404104 on three devices, 404104 again')).toEqual([]);
    expect(together('')).toEqual([]);
  });
});
