import { describe, expect, it } from 'vitest';
import { entries, families } from '../../src/catalog/catalog.ts';
import { codesOf, understand } from '../../src/catalog/understand/understand.ts';
import { decoys, dresses, settings, spellings } from './dresses.ts';
import documented from './fixtures/error-codes.json' with { type: 'json' };

const codes = documented.codes as [code: string, name: string, family: string][];
/** 404102 of the table and 404103 of logs and SDKs are one error, DeviceNotOnline. */
const same = (a: string | undefined, b: string): boolean =>
  a === b || (a !== undefined && /^40410[23]$/.test(a) && /^40410[23]$/.test(b));
const answer = (text: string): readonly string[] => codesOf(understand(text));

describe('every documented code', () => {
  it('is in the catalogue, by number, name and family', () => {
    expect(codes).toHaveLength(161);
    for (const [code, name, family] of codes) {
      const entry = entries.find((one) => one.code === code);
      expect(entry, code).toMatchObject({ name });
      if (family.length === 6 && family.endsWith('xx') && !family.endsWith('xxx'))
        expect(entry?.subfamily, code).toBe(family.slice(0, 4));
    }
    expect(families.map(({ family }) => family)).toEqual(expect.arrayContaining(documented.families));
  });

  it.each(Object.entries(dresses))('is found %s', (_, dress) => {
    const missed = codes.flatMap(([code, name]) =>
      settings
        .map((setting) => setting(dress(code, name)))
        .filter(
          (text) => !same(answer(text)[0], code) || answer(text).some((one) => one.length === 6 && !same(one, code)),
        )
        .map((text) => `${text} → ${answer(text).join(', ')}`),
    );
    expect(missed).toEqual([]);
  });

  it.each(Object.entries(spellings))('is found by its name %s', (_, spell) => {
    const missed = codes
      .map(([code, name]) => ({ code, text: spell(name) }))
      .filter(({ code, text }) => !same(answer(text)[0], code))
      .map(({ code, text }) => `${text} → ${answer(text).join(', ')}, not ${code}`);
    expect(missed).toEqual([]);
  });

  it.each(documented.families)('has its family %s', (family) => {
    for (const text of [family, `what is ${family} about`, `${family.toUpperCase()} errors`, `la famille ${family}`])
      expect(answer(text)[0], text).toBe(family);
  });
});

describe('a number that is no code', () => {
  it.each(Object.entries(decoys))('%s', (_, decoy) => {
    const wrong = codes
      .map(([code]) => decoy(code))
      .filter((text) => answer(text).some((one) => one.length === 6))
      .map((text) => `${text} → ${answer(text).join(', ')}`);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['429777', '429xxx'],
    ['what does 404888 mean', '404xxx'],
    ['error 400999 from iot hub', '400xxx'],
    ['c’est quoi le code 503777 ?', '503xxx'],
  ])('%s: only the family is offered', (text, family) => {
    expect(answer(text)).toEqual([family]);
    expect(understand(text).unknown).toHaveLength(1);
  });

  it.each(['777123', '418000', '600001', '123456', '999999 errors'])('%s: nothing is offered', (text) => {
    expect(answer(text)).toEqual([]);
  });
});
