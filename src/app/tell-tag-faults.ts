import { tagFaults, type TagFault } from '../detection/hub-tags.ts';
import { ruleNames } from '../detection/resolve-rules.ts';
import { logSignals } from '../diagnosis/log-watch.ts';
import type { Hub } from '../hubs/hub.ts';
import type { Deps } from './deps.ts';

/** Tells in the log what a hub's tags say that cannot be followed: once, and again when they say something else. */
export function tellTagFaults(deps: Pick<Deps, 'policies' | 'log'>, hub: Hub, before: Hub | undefined): void {
  const faults = tagFaultsOf(deps, hub).map(inWords);
  if (faults.length === 0 || (before && faults.join() === tagFaultsOf(deps, before).map(inWords).join())) return;
  deps.log('tags.not-followed', { hub: hub.name, faults });
}

/** What the tags of a hub say that cannot be followed by the rules in force. */
export function tagFaultsOf({ policies }: Pick<Deps, 'policies'>, { tags }: Pick<Hub, 'tags'>): readonly TagFault[] {
  return tagFaults(tags, [...ruleNames(policies.rules), ...logSignals]);
}

function inWords({ tag, says, allowed }: TagFault): string {
  return `tag ${tag}: "${says}" is none of ${allowed.join(', ')}`;
}
