import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { commandOf, parseText } from '../../src/bot/command.ts';
import { button, parseCardAction } from '../../src/cards/card-action.ts';

describe('a typed message', () => {
  it.each([
    ['help', { kind: 'help' }],
    ['Aide !', { kind: 'help' }],
    ['', { kind: 'help' }],
    ['STATUS', { kind: 'status' }],
    ['incidents', { kind: 'incidents' }],
    ['ack k7q2m4d', { kind: 'acknowledge', incident: 'K7Q2M4D' }],
    ['Ack #K7Q2M4D please', { kind: 'acknowledge', incident: 'K7Q2M4D' }],
    ['ack k7', { kind: 'acknowledge', incident: 'K7' }],
    ['snooze K7Q2M4D', { kind: 'silence', incident: 'K7Q2M4D' }],
    ['close K7Q2M4D', { kind: 'resolve', incident: 'K7Q2M4D' }],
    ['show K7Q2M4D', { kind: 'show', incident: 'K7Q2M4D' }],
    ['subscribe', { kind: 'subscribe' }],
    ['unsubscribe', { kind: 'unsubscribe' }],
    ['language fr', { kind: 'language', language: 'fr' }],
    ['langue français', { kind: 'language', language: 'fr' }],
    ['explain 429001', { kind: 'explain', text: '429001' }],
    ['429001', { kind: 'explain', text: '429001' }],
    ['what is 404104?', { kind: 'explain', text: '404104?' }],
    ['constructor', { kind: 'explain', text: 'constructor' }],
    ['__proto__ K7Q2M4D', { kind: 'explain', text: '__proto__ K7Q2M4D' }],
  ])('%j is %j', (text, command) => {
    expect(parseText(text)).toMatchObject(command);
  });

  test.prop([fc.string({ maxLength: 300 })])('is always some command', (text) => {
    expect(parseText(text).kind).toBeTypeOf('string');
  });
});

describe('a pressed button', () => {
  it.each([
    [
      { verb: 'acknowledge', incident: 'K7Q2M4D' },
      { kind: 'acknowledge', incident: 'K7Q2M4D' },
    ],
    [
      { verb: 'explain', code: '429001', lang: 'fr' },
      { kind: 'explain', text: '429001', language: 'fr' },
    ],
    [
      { verb: 'list', what: 'status', page: 3 },
      { kind: 'status', page: 3 },
    ],
  ] as const)('%j means %j', (action, command) => {
    const { verb, data } = button('x', action);
    const parsed = parseCardAction(verb, data);
    expect(parsed && commandOf(parsed)).toStrictEqual(command);
  });

  it.each([
    [undefined, undefined],
    ['acknowledge', null],
    ['acknowledge', { incident: 5 }],
    ['drop', { incident: 'K7Q2M4D' }],
    ['explain', { code: 'x'.repeat(1_000) }],
    [{ verb: 'acknowledge' }, 'text'],
  ])('with the payload %j %j means nothing', (verb, data) => {
    expect(parseCardAction(verb, data)).toBeUndefined();
  });

  it('with a forged incident names an incident that cannot exist', () => {
    const action = parseCardAction('acknowledge', { incident: "' or 1 eq 1" });
    expect(action && commandOf(action)).toStrictEqual({ kind: 'acknowledge', incident: '' });
  });
});
