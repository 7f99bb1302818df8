/**
 * Texts that the detectors of a hub need seldom: a seasonal picture per rule, written once a day, and the states of rules
 * that are evaluated less often. A cache, as hub records are; texts have at most some 20,000 characters.
 */
export interface PictureStore {
  /** The texts of one hub by name; what is missing or damaged is left out. */
  read(group: string, hub: string, names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Adds or replaces. */
  write(group: string, hub: string, texts: ReadonlyMap<string, string>): Promise<void>;
  /** Everything of a hub that is gone. */
  remove(group: string, hub: string): Promise<void>;
}
