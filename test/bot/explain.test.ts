import { describe, expect, it } from 'vitest';
import { explain, type Explanation } from '../../src/bot/explain.ts';
import { namedLanguage } from '../../src/bot/named-language.ts';
import { families, topics } from '../../src/catalog/catalog.ts';
import { keyOf } from '../../src/catalog/subject.ts';

const keysOf = (found: Explanation): readonly string[] =>
  found.kind === 'one' ? [keyOf(found.subject)] : found.kind === 'several' ? found.subjects.map(keyOf) : [];

describe('a question', () => {
  it.each([...families.map(({ family }) => family), ...topics.map(({ id }) => id), '404104'])(
    'of a button for %s is answered with exactly that',
    (key) => {
      expect(explain(key)).toMatchObject({ kind: 'one', confidence: 'certain', others: [], unknown: undefined });
      // A status is the page about it.
      expect(keysOf(explain(key))).toEqual([key]);
    },
  );

  it.each([
    ['devices drop every hour and come right back', 'sas-token-renewal'],
    ['le portail ne charge plus la liste des appareils', 'portal-device-list-empty'],
    ['IotHubThrottledException', '429001'],
    ['amqp:link:stolen', '409002'],
    ['500 vs 502', 'http-500-vs-502'],
    ['502 ou 500 ?', 'http-500-vs-502'],
    ['429 or 503 when overloaded', 'http-429-vs-503'],
    ['how do I verify the fix for http 500', 'http-500-verify'],
    ['comment éviter les erreurs 500 à l’avenir', 'http-500-prevent'],
    ['what causes an http 500', 'http-500-causes'],
    ['comment corriger une erreur 500', 'http-500-fix'],
    ['où chercher en premier quand l’API répond 500 ? par où commencer', 'http-500-diagnosis'],
    ['is a 500 a domain, dependency or infrastructure error', 'http-500-taxonomy'],
    ['erreur 500 : ma faute ou celle du serveur ?', 'http-500-whose-fault'],
    ['should users see the stack trace of a 500', 'http-500-show-details'],
    ['502 vs 504', 'http-502-vs-504'],
    ['c’est quoi une erreur http 500', 'http-500'],
    ['grpc DEADLINE_EXCEEDED', 'timeout-playbook'],
  ])('“%s” is answered by %s', (text, key) => {
    expect(keysOf(explain(text))).toEqual([key]);
  });

  it('about an invented code gets the family, and is told so', () => {
    expect(explain('what is 429777')).toMatchObject({
      kind: 'one',
      subject: { kind: 'family', family: { family: '429xxx' } },
      unknown: { code: '429777' },
    });
    expect(explain('what is 777123')).toEqual({ kind: 'unknown', language: undefined });
  });

  it('that is ambiguous gets the best answer and at most three others', () => {
    const asked = [
      'devices drop every hour and come right back',
      'our devices disconnect',
      'the upload of a file fails',
    ];
    for (const text of [...asked, 'an update of the twin is refused', 'le hub bride les envois des appareils']) {
      const found = explain(text);
      if (found.kind !== 'one') throw new Error(`${text}: ${found.kind}`);
      expect(found.others.length, text).toBeLessThanOrEqual(3);
      expect(found.others, text).not.toContainEqual(found.subject);
    }
    expect(explain('devices drop every hour and come right back')).toMatchObject({ others: [expect.anything()] });
  });

  it('that names its language is understood without those words', () => {
    expect(explain('404104 in French please')).toMatchObject({ kind: 'one', language: 'fr' });
    expect(explain('réponds en anglais : 401003 puis 404104')).toMatchObject({ kind: 'several', language: 'en' });
    expect(explain('404104').language).toBeUndefined();
  });
});

describe('the language of a question', () => {
  it.each([
    ['404104 in French', 'fr', '404104'],
    ['answer in english: 404104', 'en', ': 404104'],
    ['explique-moi en français 404104', 'fr', '404104'],
    ['404104 en francais svp', 'fr', '404104'],
    ['404104 en anglais', 'en', '404104'],
    ['404104 auf Englisch bitte', 'en', '404104'],
  ])('“%s”: %s', (text, language, rest) => {
    expect(namedLanguage(text)).toEqual({ language, rest });
  });

  it.each(['404104', 'Frenchpress-7 is offline', 'in Frenchtown the devices drop', 'French devices drop'])(
    '“%s” names none',
    (text) => {
      expect(namedLanguage(text)).toEqual({ language: undefined, rest: text });
    },
  );
});
