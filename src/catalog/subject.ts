import { findEntry, findFamily, findStatus, findTopic } from './catalog.ts';
import type { Entry, Family, Topic } from './schema.ts';

/** Something that the catalogue can explain. An HTTP status is the topic about it. */
export type Subject =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'topic'; readonly topic: Topic };

/** What a subject is asked for by: `429001`, `4001xx`, or the id of a topic. Unique; `findSubject` leads back. */
export function keyOf(subject: Subject): string {
  switch (subject.kind) {
    case 'entry':
      return subject.entry.code;
    case 'family':
      return subject.family.family;
    case 'topic':
      return subject.topic.id;
  }
}

/** The subject of a code, a family, an HTTP status (`500`) or a topic's id. */
export function findSubject(key: string): Subject | undefined {
  const entry = findEntry(key);
  if (entry) return { kind: 'entry', entry };
  const family = findFamily(key);
  if (family) return { kind: 'family', family };
  const topic = findStatus(key) ?? findTopic(key);
  return topic ? { kind: 'topic', topic } : undefined;
}

/** The code, family or status that a subject goes by in a list of codes. A topic without any goes by none. */
export function labelOf(subject: Subject): string | undefined {
  return subject.kind === 'topic' ? subject.topic.about[0] : keyOf(subject);
}
