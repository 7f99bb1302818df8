import { findSubject } from '../src/catalog/subject.ts';
import shippedAspects from '../src/catalog/understand/aspects.json' with { type: 'json' };
import shippedLexicon from '../src/catalog/understand/lexicon.json' with { type: 'json' };
import shippedMessages from '../src/catalog/understand/messages.json' with { type: 'json' };
import shippedMqtt from '../src/catalog/understand/mqtt-codes.json' with { type: 'json' };
import shippedSdk from '../src/catalog/understand/sdk-names.json' with { type: 'json' };
import shippedSituations from '../src/catalog/understand/situations.json' with { type: 'json' };
import shippedTold from '../src/catalog/understand/tellings.json' with { type: 'json' };

/** The files by which questions are understood. */
export interface Vocabulary {
  readonly lexicon: {
    readonly concepts: Readonly<Record<string, string>>;
    readonly domain: Readonly<Record<string, number>>;
    readonly trouble: string;
    readonly near: readonly (readonly string[])[];
  };
  readonly situations: { readonly situations: readonly { readonly keys: string; readonly when: readonly string[] }[] };
  readonly aspects: { readonly aspects: Readonly<Record<string, unknown>> };
  readonly messages: { readonly messages: Readonly<Record<string, unknown>> };
  readonly told: { readonly tellings: Readonly<Record<string, unknown>> };
  readonly sdk: Readonly<Record<'names' | 'constants' | 'conditions', Readonly<Record<string, string>>>>;
  readonly mqtt: Readonly<Record<'connack' | 'reason' | 'words', Readonly<Record<string, string>>>>;
}

/** The vocabulary that ships. */
export const vocabulary: Vocabulary = {
  lexicon: shippedLexicon,
  situations: shippedSituations,
  aspects: shippedAspects,
  messages: shippedMessages,
  told: shippedTold,
  sdk: shippedSdk,
  mqtt: shippedMqtt,
};

/** Every name in a vocabulary that leads nowhere: `situations.json: 404104: disconect is no concept`. */
export function checkVocabulary({
  lexicon,
  situations,
  aspects,
  messages,
  told,
  sdk,
  mqtt,
}: Vocabulary): readonly string[] {
  const faults: string[] = [];
  const { concepts } = lexicon;
  const keys = (file: string, list: string): void => {
    for (const key of list.split(' '))
      if (key !== '' && !findSubject(key)) faults.push(`${file}: ${key} is not in the catalogue`);
  };
  const concept = (file: string, where: string, name: string): void => {
    if (!Object.hasOwn(concepts, name)) faults.push(`${file}: ${where}: ${name} is no concept`);
  };
  for (const { keys: list, when } of situations.situations) {
    keys('situations.json', list);
    for (const line of when)
      for (const group of line.split(' '))
        for (const name of group.replace(/^[?!]/, '').split('|')) concept('situations.json', list, name);
  }
  for (const name of Object.keys(lexicon.domain)) concept('lexicon.json', 'domain', name);
  for (const name of lexicon.trouble.split(' ')) concept('lexicon.json', 'trouble', name);
  for (const [name = ''] of lexicon.near) concept('lexicon.json', 'near', name);
  for (const topic of Object.keys(aspects.aspects)) keys('aspects.json', topic);
  for (const list of Object.keys(messages.messages)) keys('messages.json', list);
  for (const list of Object.keys(told.tellings)) keys('tellings.json', list);
  for (const list of [...Object.values(sdk.names), ...Object.values(sdk.constants), ...Object.values(sdk.conditions)])
    keys('sdk-names.json', list);
  for (const list of [mqtt.connack, mqtt.reason, mqtt.words])
    for (const key of Object.values(list)) keys('mqtt-codes.json', key);
  return faults;
}
