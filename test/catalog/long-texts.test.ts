import { describe, expect, it } from 'vitest';
import { editDistance } from '../../src/catalog/understand/edit-distance.ts';
import { findNames, maxComparisons } from '../../src/catalog/understand/names.ts';
import { plainCharacters } from '../../src/catalog/understand/plain-characters.ts';
import { maxLength, readable } from '../../src/catalog/understand/readable.ts';
import { surveyOf } from '../../src/catalog/understand/survey.ts';
import { codesOf, understand } from '../../src/catalog/understand/understand.ts';
import { hostile, misspelt } from './hostile.ts';

/** Comparisons letter by letter that a text takes. */
function comparisonsOf(text: string): number {
  const counted = { left: 1e9 };
  findNames(text, surveyOf(text), counted);
  return 1e9 - counted.left;
}

const misspeltNames = (count: number): string => Array.from({ length: count }, (_, i) => misspelt(i)).join(' ');

describe('a text of 100 kB', () => {
  // Characters that stand for many take the place of those at the end.
  it.each(Object.entries(hostile).filter(([kind]) => !kind.includes('eighteen')))(
    'of %s is answered with what stands at its end, too',
    (_, text) => {
      const end = '\nerror code 413001';
      expect(codesOf(understand(text().slice(0, maxLength - end.length) + end))).toContain('413001');
    },
  );

  it('of thousands of different misspelt names still tells the code and the name at its end', () => {
    const names = misspeltNames(5_000).slice(0, maxLength - 60);
    expect(new Set(names.split(' ')).size).toBeGreaterThan(3_500);
    expect(codesOf(understand(`${names} error 413001`))).toContain('413001');
    expect(codesOf(understand(`${misspeltNames(1_500)} DeviceDisabledException`))).toContain('403012');
  });

  it('takes no more comparisons the more misspelt names it has', () => {
    expect(comparisonsOf(misspeltNames(5_000))).toBe(comparisonsOf(misspeltNames(200)));
  });

  it('takes no more comparisons than there are', () => {
    const text = misspeltNames(60);
    const comparisons = { left: 5 };
    findNames(text, surveyOf(text), comparisons);
    expect(comparisons.left).toBe(0);
    for (const make of Object.values(hostile)) {
      const left = { left: maxComparisons };
      const plain = readable(make());
      findNames(plain, surveyOf(plain), left);
      expect(left.left).toBeGreaterThanOrEqual(0);
    }
  });

  it('does not become longer by characters that stand for many', () => {
    expect(readable('\ufdfa'.repeat(maxLength))).toHaveLength(maxLength);
    expect(plainCharacters('\ufdfa', 5)).toHaveLength(5);
  });
});

describe('a survey', () => {
  it('tells where rows of digits stand that begin with a 4 or a 5', () => {
    const { digits } = surveyOf('4 41 404 5001 40410 404104 4041040 304 x500y429001');
    expect(digits).toEqual({ 1: [0], 3: [5, 40], 4: [9], 6: [20, 44] });
  });

  it('tells the same identifiers as a pattern', () => {
    const text = 'a abc--defghijkl x_yyyyyyy- 9DeviceNotFound link-creation-conflict_ Iot_Hub__Throttled é42éabcdefgh';
    const pattern = /[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*/g;
    const matches = Array.from(text.matchAll(pattern), ({ 0: { length }, index }) => ({
      at: index,
      end: index + length,
    }));
    expect(surveyOf(text).identifiers).toEqual(matches.filter(({ at, end }) => end - at >= 8));
  });

  it('is of one text and no other', () => {
    const first = surveyOf('ConnectionClosed 404104');
    surveyOf('x');
    expect(first.digits[6]).toEqual([17]);
    expect(surveyOf('y 4').digits).toEqual({ 1: [2], 3: [], 4: [], 6: [] });
  });
});

it.each([
  ['device', 'device', 1, 0],
  ['deviec', 'device', 1, 1],
  ['devce', 'device', 2, 1],
  ['throtlling', 'throttling', 2, 1],
  ['abcdef', 'abc', 2, 3],
  ['abcdefgh', 'hgfedcba', 3, 4],
  ['', 'ab', 2, 2],
])('from %s to %s, at most %i: %i', (a, b, limit, distance) => {
  expect(editDistance(a, b, limit)).toBe(distance);
});
