import { expect, it } from 'vitest';
import { codesOf, understand } from '../../src/catalog/understand/understand.ts';

// Numbers that are codes, and numbers that only look like them, where the words around them pull the other way.

it.each([
  ['dip in connected devices: 404104 x 2210, 500001 x 340', ['404104', '500001']],
  ['on relève 403002 (dès 16 h) et 429003 toute la matinée', ['403002', '429003']],
  ['alert_rule_403006_prod just fired, explain please', ['403006']],
  ['le technicien m’a épelé « 4 0 3 0 0 2 » au téléphone', ['403002']],
  ['error 4-0-4-1-0-4', ['404104']],
  ['4 0 4 1 0 4 on the little display', ['404104']],
  ['5 0 0 x x x since noon', ['500xxx']],
  ['noted as 404 1 04 during the call', ['404104']],
  ['it shows Error (404 104) and a red lamp', ['404104']],
  ['error_404104_at_site_3', ['404104']],
  ['404104pls', ['404104']],
  ['/wiki/iothub/404104.md is empty', ['404104']],
  ['row 7 : 404104, row 8 : 429001', ['404104', '429001']],
  ['sticker says IH-404104', ['404104']],
  ['IotHubQuotaExceded on every send', ['403002']],
  ['ThrotlingBacklogTime out everywhere', ['429003']],
  ['what does iot hub quota exceded mean', ['403002']],
])('%s: codes', (text, codes) => {
  expect(codesOf(understand(text)).slice(0, codes.length)).toEqual(codes);
});

it.each([
  'orders 404104 and 429001 shipped',
  'invoices 429001 et 404104 payées',
  'lottery numbers 4 0 3 0 0 2',
  'You can reach me at +1 (404) 104-2233 after lunch',
  'votes 4 0 4 1 0 4, then 2 3 9',
  'call (404) 104 after six',
  'mon poste est le 404 104',
  'our office is in Pune 412002, come by',
  'the header should be in the colour #404104',
  'iot hub error 765432, what is that',
  'received 400 000 letters of 400 000',
  'a bulk letter to 500 customers was printed',
  'we sold 404 104 lanterns this year',
  'holiday photos are in 404104.zip',
  '{"errorCode": 888888, "message": "unknown"} came back from our gateway, does it mean anything',
  'Azure Service Bus: the lock on my queue message is gone when I complete it',
])('%s: none', (text) => {
  expect(codesOf(understand(text))).toEqual([]);
});

it.each([
  ['the hub gives us 404 on every twin read', '404xxx'],
  ['HTTP 503 from plant-7.azure-devices.net', '503xxx'],
  ['du hub : HTTP 412', '412xxx'],
  ['PUT https://plant-7.azure-devices.net/devices/d4 -> 409', '409xxx'],
  ['403 when I read /twins/d4 on the hub', '403xxx'],
  ['our event hub returns 503', '503'],
  ['nginx in front of our shop returns 503', '503'],
  ['server error on our own shop, nothing to do with the hub', '500'],
])('%s: whose status it is', (text, label) => {
  expect(codesOf(understand(text))[0]).toBe(label);
});

it.each([
  [
    'amqp:resource-limit-exceeded when our back end sends a command to a device that has been offline for days',
    '403004',
  ],
  ['amqp:resource-limit-exceeded, devices can send nothing more today', '403002'],
])('%s: the story chooses among the codes of a condition', (text, label) => {
  expect(codesOf(understand(text))[0]).toBe(label);
});
