import { findSubject } from '../src/catalog/subject.ts';
import lexicon from '../src/catalog/understand/lexicon.json' with { type: 'json' };
import messages from '../src/catalog/understand/messages.json' with { type: 'json' };
import mqtt from '../src/catalog/understand/mqtt-codes.json' with { type: 'json' };
import sdk from '../src/catalog/understand/sdk-names.json' with { type: 'json' };
import situations from '../src/catalog/understand/situations.json' with { type: 'json' };
import told from '../src/catalog/understand/tellings.json' with { type: 'json' };

/** Every name in the vocabulary that leads nowhere: `situations.json: 404104: disconect is no concept`. */
export function checkVocabulary(): readonly string[] {
  const faults: string[] = [];
  const concepts: Readonly<Record<string, string>> = lexicon.concepts;
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
  for (const list of Object.keys(messages.messages)) keys('messages.json', list);
  for (const list of Object.keys(told.tellings)) keys('tellings.json', list);
  for (const list of [...Object.values(sdk.names), ...Object.values(sdk.constants), ...Object.values(sdk.conditions)])
    keys('sdk-names.json', list);
  for (const list of [mqtt.connack, mqtt.reason, mqtt.words])
    for (const key of Object.values(list)) keys('mqtt-codes.json', key);
  return faults;
}
