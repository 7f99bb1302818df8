import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { key } from '../../src/state/tables.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 700 }));

describe('a key', () => {
  test.prop([anyText])('holds nothing that Azure refuses, decodes again or takes for the end of a literal', (text) => {
    expect(key(text)).toMatch(/^[\w.!~*()-]{0,500}$/);
  });

  test.prop([anyText, anyText])('tells texts apart', (a, b) => {
    expect(key(a) === key(b)).toBe(a.toWellFormed() === b.toWellFormed());
  });

  it('tells long texts with the same beginning apart', () => {
    expect(key(`${'é'.repeat(2_000)}a`)).not.toBe(key(`${'é'.repeat(2_000)}b`));
  });

  it.each([
    ['/subscriptions/s|quota', '~2Fsubscriptions~2Fs~7Cquota'],
    ['%2F', '~252F'],
    ['~2F', '~7E2F'],
    ["it's", 'it~27s'],
    ['', ''],
  ])('of %j is %j', (text, expected) => {
    expect(key(text)).toBe(expected);
  });
});
