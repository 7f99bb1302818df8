import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkVocabulary, vocabulary } from '../../build/check-vocabulary.ts';
import { checkCatalog } from '../../src/catalog/check.ts';

const folder = join(import.meta.dirname, '../../src/catalog');
type Item = Record<string, unknown>;

/** The catalogue as it ships, in a copy that a test may break. */
function shipped(): Map<string, Item[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.json') && !name.startsWith('understand'),
  );
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Item[]]));
}

/** The faults after one item of a file has been changed. */
function faultsAfter(file: string, name: string, change: (item: Item, list: Item[]) => void): readonly string[] {
  const files = shipped();
  const list = files.get(file) ?? [];
  const item = list.find((one) => [one['code'], one['family'], one['id']].includes(name));
  if (!item) throw new Error(`${file} has no ${name}`);
  change(item, list);
  return checkCatalog(files);
}

describe('the check of the catalogue', () => {
  it('finds nothing wrong with what ships', () => {
    expect(checkCatalog(shipped())).toEqual([]);
    expect(checkVocabulary(vocabulary)).toEqual([]);
  });

  it.each([
    {
      when: 'a translation is missing',
      at: ['entries/429.json', '429001'] as const,
      change: (item: Item) => delete (item['meaning'] as Item)['fr'],
      fault: /^entries\/429\.json: 429001: meaning\.fr: /,
    },
    {
      when: 'a related code is dead',
      at: ['entries/429.json', '429001'] as const,
      change: (item: Item) => (item['related'] as string[]).push('429009'),
      fault: /^entries\/429\.json: 429001: related: 429009 is not in the catalogue$/,
    },
    {
      when: 'a code stands there twice',
      at: ['entries/404.json', '404104'] as const,
      change: (item: Item, list: Item[]) => list.push(structuredClone(item)),
      fault: /^entries\/404\.json: 404104: stands already in entries\/404\.json$/,
    },
    {
      when: 'a code stands in the file of another family',
      at: ['entries/404.json', '404104'] as const,
      change: (item: Item) => (item['code'] = '429009'),
      fault: /^entries\/404\.json: 429009: belongs in entries\/429\.json$/,
    },
    {
      when: 'an entry names itself as related',
      at: ['entries/404.json', '404104'] as const,
      change: (item: Item) => (item['related'] = ['404104']),
      fault: /^entries\/404\.json: 404104: related: names itself$/,
    },
    {
      when: 'a field is not in the schema',
      at: ['families.json', '429xxx'] as const,
      change: (item: Item) => (item['severty'] = 'error'),
      fault: /^families\.json: 429xxx: .*severty/,
    },
    {
      when: 'a family stands there twice',
      at: ['families.json', '429xxx'] as const,
      change: (item: Item, list: Item[]) => list.push(structuredClone(item)),
      fault: /^families\.json: 429xxx: stands there twice$/,
    },
    {
      when: 'a topic is about a code that is not there',
      at: ['topics/timeouts.json', 'timeout-playbook'] as const,
      change: (item: Item) => (item['about'] = ['504999']),
      fault: /^topics\/timeouts\.json: timeout-playbook: about: 504999 is not in the catalogue$/,
    },
    {
      when: 'a combination leads to a topic that is not there',
      at: ['combinations.json', 'token-renewal'] as const,
      change: (item: Item) => (item['topic'] = 'sas-renewal'),
      fault: /^combinations\.json: token-renewal: topic: sas-renewal is not in the catalogue$/,
    },
  ])('names file and entry when $when', ({ at: [file, name], change, fault }) => {
    expect(faultsAfter(file, name, change)).toContainEqual(expect.stringMatching(fault));
  });

  it('names a file that is no list, or that it does not know', () => {
    const faults = checkCatalog(
      new Map<string, unknown>([...shipped(), ['entries/429.json', 'not JSON'], ['codes.json', []]]),
    );
    expect(faults).toContain('entries/429.json: must hold a list');
    expect(faults).toContain('codes.json: not a file of the catalogue');
  });
});

describe('the check of the vocabulary', () => {
  it.each([
    {
      when: 'a situation uses an unknown concept',
      broken: { situations: { situations: [{ keys: '404104', when: ['disconect periodic'] }] } },
      fault: 'situations.json: 404104: disconect is no concept',
    },
    {
      when: 'a situation leads to an unknown code',
      broken: { situations: { situations: [{ keys: '404999', when: ['disconnect'] }] } },
      fault: 'situations.json: 404999 is not in the catalogue',
    },
    {
      when: 'a telling belongs to an unknown code',
      broken: { told: { tellings: { '429001 429999': ['the hub is full'] } } },
      fault: 'tellings.json: 429999 is not in the catalogue',
    },
    {
      when: 'a sentence of the service belongs to an unknown code',
      broken: { messages: { messages: { 'http-599': [] } } },
      fault: 'messages.json: http-599 is not in the catalogue',
    },
    {
      when: 'an exception stands for an unknown code',
      broken: { sdk: { ...vocabulary.sdk, names: { SomeException: '123456' } } },
      fault: 'sdk-names.json: 123456 is not in the catalogue',
    },
    {
      when: 'a return code of MQTT stands for an unknown code',
      broken: { mqtt: { ...vocabulary.mqtt, connack: { '1': '400999' } } },
      fault: 'mqtt-codes.json: 400999 is not in the catalogue',
    },
  ])('names file and entry when $when', ({ broken, fault }) => {
    expect(checkVocabulary({ ...vocabulary, ...broken })).toEqual([fault]);
  });
});
