import { findTopic } from '../catalog.ts';
import type { Subject } from '../subject.ts';
import known from './aspects.json' with { type: 'json' };

let cues: readonly (readonly [topic: string, patterns: readonly RegExp[]])[] | undefined;

/** The page that answers what is asked about HTTP 500: causes, repair, diagnosis, prevention … `undefined`: no side of it. */
export function aspectOf500(text: string): Subject | undefined {
  cues ??= Object.entries(known.aspects).map(([topic, list]) => [topic, list.split(', ').map(patternOf)] as const);
  const plain = text.slice(0, 1_500).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let best: string | undefined;
  let most = 0;
  for (const [topic, patterns] of cues) {
    const count = patterns.filter((pattern) => pattern.test(plain)).length;
    if (count > most) {
      most = count;
      best = topic;
    }
  }
  const topic = best === undefined ? undefined : findTopic(best);
  return topic && { kind: 'topic', topic };
}

/** A star stands for a few words. */
function patternOf(cue: string): RegExp {
  return new RegExp(String.raw`(?<![a-z])${cue.replace(' * ', String.raw` [^.?!\n]{0,30}`)}`);
}
