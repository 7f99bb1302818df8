import { sensitivitySchema, type RuleSet, type Sensitivity } from './rules.ts';

/** What the tags of a hub say about its rules: for its owner, who may have no access to the rules file. */
export interface TagRules {
  readonly sensitivity: Sensitivity | undefined;
  readonly rules: RuleSet;
  /** What a tag says that cannot be followed; the rest still is. */
  readonly faults: readonly string[];
}

const signals = ['connected-devices', 'throttling', 'quota', 'telemetry', 'no-data'] as const;

/**
 * `hubwatch-sensitivity`: low, medium or high. `hubwatch-off`: signals that are not watched, separated by spaces or commas,
 * or `all`. Other tags are somebody else's.
 */
export function rulesFromTags(tags: Readonly<Record<string, string>>): TagRules {
  const faults: string[] = [];
  const given = tags['hubwatch-sensitivity'];
  const sensitivity = sensitivitySchema.safeParse(given?.trim().toLowerCase());
  if (given !== undefined && !sensitivity.success)
    faults.push(`tag hubwatch-sensitivity: "${given.slice(0, 40)}" is not low, medium or high`);
  const rules: Record<string, { enabled: false }> = {};
  for (const name of (tags['hubwatch-off'] ?? '').toLowerCase().split(/[\s,;]+/)) {
    if (name === '') continue;
    const off = name === 'all' ? signals : signals.filter((signal) => signal === name);
    if (off.length === 0) faults.push(`tag hubwatch-off: "${name.slice(0, 40)}" is none of ${signals.join(', ')}, all`);
    for (const signal of off) rules[signal] = { enabled: false };
  }
  return { sensitivity: sensitivity.success ? sensitivity.data : undefined, rules, faults };
}
