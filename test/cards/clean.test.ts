import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/cards/clean.ts';

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('<', '>', '<at', '</at>', 'at>', '{', '{{', '}}', 'DATE(', '\u202e', '\n', ' '),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('text from outside', () => {
  test.prop([hostile, fc.integer({ min: 1, max: 200 })])(
    'holds no tag, macro, line or direction of its own',
    (text, max) => {
      const shown = clean(text, max);
      expect(shown).not.toMatch(/<\/?at\b[^>]*>|\{\{|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/iu);
      expect(Array.from(shown).length).toBeLessThanOrEqual(max);
    },
  );

  it.each([
    ['{{{DATE(2026-03-10T09:00:00Z,SHORT)}}}', '{ { {DATE(2026-03-10T09:00:00Z,SHORT)}}}'],
    ['<<at>at>Olivia<</at>/at>', 'Olivia'],
    ['hub-ä (weu) #1 *x* _y_ [z](https://e.example)', 'hub-ä (weu) #1 *x* _y_ [z](https://e.example)'],
  ])('%s is shown as %s', (text, shown) => {
    expect(clean(text)).toBe(shown);
  });
});
