import { sensitivitySchema, type Sensitivity } from './rules.ts';

/** What the tags of a hub say about its rules: for its owner, who may have no access to the rules file. */
export interface TagRules {
  readonly sensitivity: Sensitivity | undefined;
  /** Ids of the rules that are switched off, as they are written: there may be no rule of that name. */
  readonly off: 'all' | ReadonlySet<string>;
}

/** What a tag says that cannot be followed. */
export interface TagFault {
  readonly tag: string;
  readonly says: string;
  readonly allowed: readonly string[];
}

/**
 * `hubwatch-sensitivity`: low, medium or high. `hubwatch-off`: rules that are switched off, separated by spaces or commas,
 * or `all`. Other tags are somebody else's, and what cannot be understood is left out (see {@link tagFaults}).
 */
export function rulesFromTags(tags: Readonly<Record<string, string>>): TagRules {
  const off = namesOff(tags);
  return { sensitivity: sensitivityOf(tags).data, off: off.includes('all') ? 'all' : new Set(off) };
}

/** Whether the tags of a hub switch a rule, or a signal of its logs, off. */
export function isSwitchedOff(tags: Readonly<Record<string, string>>, id: string): boolean {
  const off = namesOff(tags);
  return off.includes('all') || off.includes(id);
}

/**
 * What the tags say that cannot be followed; the rest still is.
 * @param known what may be switched off by its name
 */
export function tagFaults(tags: Readonly<Record<string, string>>, known: readonly string[]): readonly TagFault[] {
  const given = tags['hubwatch-sensitivity'] ?? '';
  const unknown = namesOff(tags).filter((name) => name !== 'all' && !known.includes(name));
  const quiet = given === '' || sensitivityOf(tags).success;
  const allowed = ['all', ...known];
  return [
    ...(quiet ? [] : [{ tag: 'hubwatch-sensitivity', says: given.slice(0, 40), allowed: sensitivitySchema.options }]),
    ...unknown.map((name) => ({ tag: 'hubwatch-off', says: name.slice(0, 40), allowed })),
  ];
}

function sensitivityOf(tags: Readonly<Record<string, string>>) {
  return sensitivitySchema.safeParse(tags['hubwatch-sensitivity']?.trim().toLowerCase());
}

function namesOff(tags: Readonly<Record<string, string>>): readonly string[] {
  return (tags['hubwatch-off'] ?? '')
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((name) => name !== '');
}
