import type { DetectorState } from '../detection/evaluate-rule.ts';
import { readState, storedPicture, storedState, type StoredState } from '../detection/stored/stored-state.ts';
import type { PictureCache, Written } from './picture-cache.ts';

/** The states of a hub's rules, ready for an evaluation; `damaged` names those that have to be rebuilt from history. */
export interface ReadStates {
  readonly states: ReadonlyMap<string, DetectorState>;
  readonly damaged: readonly string[];
}

/** Puts the stored states of a hub together with their seasonal pictures. */
export async function readStates(
  pictures: PictureCache,
  group: string,
  hub: string,
  stored: Readonly<Record<string, StoredState>>,
): Promise<ReadStates> {
  const found = await pictures.of(group, hub, stored);
  const states = new Map<string, DetectorState>();
  const damaged: string[] = [];
  for (const [rule, state] of Object.entries(stored)) {
    const read = readState(state, found.get(rule));
    if (read) states.set(rule, read);
    else damaged.push(rule);
  }
  return { states, damaged };
}

/**
 * The states as they are stored. Pictures of a new day are written first: a state without its picture would be rebuilt
 * from history, a picture without its state is merely not used.
 */
export async function writeStates(
  pictures: PictureCache,
  group: string,
  hub: string,
  states: ReadonlyMap<string, DetectorState>,
  before: Readonly<Record<string, StoredState>>,
): Promise<Readonly<Record<string, StoredState>>> {
  const stored: Record<string, StoredState> = {};
  const changed = new Map<string, Written>();
  for (const [rule, known] of states) {
    const state = storedState(known);
    stored[rule] = state;
    if (state.pictureDay === undefined || state.pictureDay === before[rule]?.pictureDay) continue;
    const text = storedPicture(known);
    if (text !== undefined) changed.set(rule, { state, text });
  }
  await pictures.put(group, hub, changed);
  return stored;
}
