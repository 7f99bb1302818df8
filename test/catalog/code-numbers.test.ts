import { expect, it } from 'vitest';
import { codesOf, understand } from '../../src/catalog/understand/understand.ts';

// Numbers that are codes, and numbers that only look like them, where the words around them pull the other way.

it.each([
  ['dip in connected devices: 404104 x 2210, 500001 x 340', ['404104', '500001']],
  ['on relève 403002 (dès 16 h) et 429003 toute la matinée', ['403002', '429003']],
  ['alert_rule_403006_prod just fired, explain please', ['403006']],
  ['le technicien m’a épelé « 4 0 3 0 0 2 » au téléphone', ['403002']],
  ['error 4-0-4-1-0-4', ['404104']],
  ['what does iot hub quota exceded mean', ['403002']],
])('%s: codes', (text, codes) => {
  expect(codesOf(understand(text)).slice(0, codes.length)).toEqual(codes);
});

it.each([
  'orders 404104 and 429001 shipped',
  'invoices 429001 et 404104 payées',
  'lottery numbers 4 0 3 0 0 2',
  'You can reach me at +1 (404) 104-2233 after lunch',
])('%s: none', (text) => {
  expect(codesOf(understand(text))).toEqual([]);
});
