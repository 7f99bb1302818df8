import { describe, expect, it } from 'vitest';
import { familiesOf, search } from '../../src/bot/search.ts';
import { findSubject, keyOf } from '../../src/catalog/subject.ts';
import { searchSubjects } from '../../src/catalog/search.ts';

const page = { skip: 0, count: 10 };
const keys = (typed: string): readonly string[] => searchSubjects(typed).map(keyOf);

describe('what is typed into the search box', () => {
  it.each([
    ['404104', '404104'],
    ['40410', '404104'],
    ['429 001', '429001'],
    ['Thrott', '429001'],
    ['throtling', '429xxx'],
    ['quota', '403002'],
    ['jeton', 'sas-token-renewal'],
    ['500 vs 502', 'http-500-vs-502'],
    ['devices drop every hour', 'sas-token-renewal'],
  ])('“%s” finds %s among the first', (typed, key) => {
    expect(keys(typed).slice(0, 5)).toContain(key);
  });

  it('is answered by the usual ones while it is empty', () => {
    for (const typed of ['', '   ', '\u200b']) expect(keys(typed)).toHaveLength(17);
  });

  it('finds nothing where nothing fits', () => {
    expect(search('zzzzqqqq', page, 'en')).toEqual([]);
  });

  it('never finds the same twice', () => {
    for (const typed of ['404', 'device', 'appareil', '']) expect(new Set(keys(typed)).size).toBe(keys(typed).length);
  });

  it('comes page by page, in the language of the one who types', () => {
    const all = search('throttling', { skip: 0, count: 25 }, 'en');
    expect(search('throttling', { skip: 2, count: 3 }, 'en')).toEqual(all.slice(2, 5));
    expect(search('throttling', { skip: 1_000, count: 10 }, 'en')).toEqual([]);
    const [french] = search('404104', page, 'fr');
    expect(french?.title).toBe('404104 DeviceConnectionClosedRemotely');
    expect(french?.text).toContain('appareil');
  });

  it('gives cards that only show: no button sends anything', () => {
    for (const { card } of search('', { skip: 0, count: 25 }, 'en'))
      expect(JSON.stringify(card)).not.toMatch(/Action\.(?:Execute|Submit)/);
  });
});

describe('the families of a subject', () => {
  it.each([
    ['429001', ['429xxx']],
    ['400103', ['400xxx']],
    ['4001xx', ['400xxx']],
    ['500xxx', ['500xxx']],
    ['http-500-vs-502', ['500xxx', '502xxx']],
    ['http-500-show-details', []],
  ])('%s: %j', (key, expected) => {
    const subject = findSubject(key);
    expect(subject && familiesOf(subject)).toEqual(expected);
  });
});
