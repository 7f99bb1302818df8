import type { PictureStore } from '../detection/picture-store.ts';
import { readPicture, type ReadPicture, type StoredState } from '../detection/stored/stored-state.ts';

/** Some 16 kB each: what this process keeps of the hubs that it evaluates. */
const maxPictures = 12_000;

/** Seasonal pictures are written once a day and used every minute, so each process keeps those that it has read. */
export interface PictureCache {
  /**
   * The pictures that belong to the states of a hub, by rule id. A picture that another process has written since is read
   * again; one that is missing is left out.
   */
  of(
    group: string,
    hub: string,
    states: Readonly<Record<string, StoredState>>,
  ): Promise<ReadonlyMap<string, ReadPicture>>;
  /** Stores pictures (texts by rule id, as the detector wrote them), and keeps them. */
  put(group: string, hub: string, pictures: ReadonlyMap<string, Written>): Promise<void>;
  /** Forgets everything about a hub that is gone. */
  forget(group: string, hub: string): Promise<void>;
}

export interface Written {
  readonly state: StoredState;
  readonly text: string;
}

export function createPictureCache(store: PictureStore): PictureCache {
  const kept = new Map<string, { readonly day: number | undefined; readonly picture: ReadPicture }>();
  const keyOf = (group: string, hub: string, rule: string): string => `${group}/${hub.toLowerCase()}/${rule}`;

  function keep(key: string, { detector, pictureDay }: StoredState, text: string): ReadPicture | undefined {
    const picture = readPicture(detector, text);
    if (!picture) return undefined;
    kept.delete(key);
    kept.set(key, { day: pictureDay, picture });
    if (kept.size > maxPictures) kept.delete(kept.keys().next().value ?? '');
    return picture;
  }

  return {
    of: async (group, hub, states) => {
      const found = new Map<string, ReadPicture>();
      const missing: [string, StoredState][] = [];
      for (const [rule, state] of Object.entries(states)) {
        if (state.pictureDay === undefined) continue;
        const known = kept.get(keyOf(group, hub, rule));
        if (known?.day === state.pictureDay) found.set(rule, known.picture);
        else missing.push([rule, state]);
      }
      if (missing.length === 0) return found;
      const texts = await store.read(
        group,
        hub,
        missing.map(([rule]) => rule),
      );
      for (const [rule, state] of missing) {
        const text = texts.get(rule);
        const picture = text === undefined ? undefined : keep(keyOf(group, hub, rule), state, text);
        if (picture) found.set(rule, picture);
      }
      return found;
    },
    put: async (group, hub, pictures) => {
      if (pictures.size === 0) return;
      await store.write(group, hub, new Map([...pictures].map(([rule, { text }]) => [rule, text])));
      for (const [rule, { state, text }] of pictures) keep(keyOf(group, hub, rule), state, text);
    },
    forget: (group, hub) => store.remove(group, hub),
  };
}
