import { findSubject, type Subject } from '../subject.ts';
import known from './situations.json' with { type: 'json' };
import { rarity, type SymptomWords } from './symptom-words.ts';

/** A known situation of which a description has everything. */
export interface SituationHit {
  /** What it is, best first. */
  readonly subjects: readonly Subject[];
  /** The rarer and the more its concepts, the higher. */
  readonly weight: number;
}

interface Situation {
  readonly keys: readonly string[];
  readonly needs: readonly (readonly string[])[];
  readonly helps: readonly (readonly string[])[];
  readonly without: readonly string[];
}

let parsed: readonly Situation[] | undefined;

/** The situations as they are written: all their concepts, by the name of the lexicon. */
export function situations(): readonly Situation[] {
  parsed ??= known.situations.flatMap(({ keys, when }) =>
    when.map((line): Situation => {
      const needs: string[][] = [];
      const helps: string[][] = [];
      const without: string[] = [];
      for (const group of line.split(' '))
        if (group.startsWith('?')) helps.push(group.slice(1).split('|'));
        else if (group.startsWith('!')) without.push(...group.slice(1).split('|'));
        else needs.push(group.split('|'));
      return { keys: keys.split(' '), needs, helps, without };
    }),
  );
  return parsed;
}

/** The situations that the concepts of a description complete, weightiest first. */
export function situationsIn(said: ReadonlySet<string>, model: SymptomWords): readonly SituationHit[] {
  const hits: SituationHit[] = [];
  const rarities = new Map(Array.from(said, (concept) => [concept, rarity(concept, model)]));
  const rarityOf = (concept: string): number => rarities.get(concept) ?? 0;
  for (const { keys, needs, helps, without } of situations()) {
    if (without.some((concept) => said.has(concept))) continue;
    const used = new Set<string>();
    let weight = 0;
    const take = (concepts: readonly string[], share: number): boolean => {
      let best: string | undefined;
      for (const concept of concepts)
        if (said.has(concept) && !used.has(concept) && (best === undefined || rarityOf(concept) > rarityOf(best)))
          best = concept;
      if (best === undefined) return false;
      used.add(best);
      weight += share * rarityOf(best);
      return true;
    };
    if (!needs.every((need) => take(need, 1))) continue;
    for (const help of helps) take(help, 0.5);
    const subjects = keys.map(findSubject).filter((subject) => subject !== undefined);
    if (subjects.length > 0) hits.push({ subjects, weight });
  }
  return hits.sort((a, b) => b.weight - a.weight);
}
